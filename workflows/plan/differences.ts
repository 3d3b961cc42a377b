/** What differs between two plain values, leaf by leaf. */

export interface Difference {
  /** Keys joined by dots: `engagement.rules.webinar.points`. */
  path: string;
  /** Absent: it was not there before. */
  before?: unknown;
  /** Absent: it is there no more. */
  after?: unknown;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The leaves that differ, in the order of the keys; a list counts as one leaf, a mapping on one side alone too. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (!isMapping(before) || !isMapping(after)) {
    if (JSON.stringify(before) === JSON.stringify(after)) return [];
    return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => differences(before[key], after[key], path === '' ? key : `${path}.${key}`));
}
