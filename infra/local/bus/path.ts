/** The small part of JSON path that EventBridge reads: dots, dashes, `['name']`, indices and `*`. */

/**
 * Compiles a path such as `$.detail.items[0].id`.
 * @returns a reader that gives the value, or undefined where the event has none; with a `*`, an array of values.
 * @throws Error when the path has another syntax.
 */
export function compilePath(path: string): (event: unknown) => unknown {
  const steps = parseSteps(path);
  const many = steps.includes('*');
  return (event) => {
    const found = steps.reduce<unknown[]>((values, step) => values.flatMap((value) => take(value, step)), [event]);
    return many ? found : found[0];
  };
}

function parseSteps(path: string): (string | number)[] {
  const steps: (string | number)[] = [];
  const token = /\.([\w/-]+|\*)|\[(\d+)\]|\[(\*)\]|\['([^']+)'\]/gy;
  token.lastIndex = 1;
  if (!path.startsWith('$')) throw new Error(`"${path}" is not a JSON path`);
  while (token.lastIndex < path.length) {
    const match = token.exec(path);
    if (!match) throw new Error(`"${path}" is not a JSON path that EventBridge reads`);
    steps.push(match[2] === undefined ? (match[1] ?? match[3] ?? match[4] ?? '') : Number(match[2]));
  }
  return steps;
}

function take(value: unknown, step: string | number): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step === '*') return Object.values(value);
  const next: unknown = new Map(Object.entries(value)).get(String(step));
  return next === undefined ? [] : [next];
}
