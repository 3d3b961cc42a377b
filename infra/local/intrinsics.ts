/**
 * CloudFormation's intrinsic functions, resolved to plain values.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */

/** What names stand for in the template at hand. Each throws an Error that names what it does not know. */
export interface Scope {
  /** A parameter, a pseudo parameter or a resource. */
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  mapping(map: string, first: string, second: string): unknown;
  condition(name: string): boolean;
}

/** What `AWS::NoValue` stands for: the property or list entry that holds it is left out. */
export const NO_VALUE = Symbol('AWS::NoValue');

type Intrinsic = (argument: unknown, scope: Scope, path: string) => unknown;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The intrinsic that an object stands for: `{Ref: …}` or `{"Fn::…": …}` with that one key. */
function intrinsicOf(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const keys = Object.keys(value);
  const name = keys[0];
  if (keys.length !== 1 || name === undefined) return undefined;
  return name === 'Ref' || name.startsWith('Fn::') ? { name, argument: value[name] } : undefined;
}

/**
 * `value` with every intrinsic in it resolved.
 * @param path where the value stands in the template; errors start with it.
 * @throws Error naming the path and the intrinsic, or the name, that is not known.
 */
export function resolve(value: unknown, scope: Scope, path: string): unknown {
  if (typeof value === 'string') return refuseDynamicReference(value, path);
  if (Array.isArray(value)) {
    return value.map((entry, i) => resolve(entry, scope, `${path}[${i}]`)).filter((entry) => entry !== NO_VALUE);
  }
  if (!isRecord(value)) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return callIntrinsic(intrinsic.name, intrinsic.argument, scope, path);
  const resolved: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const result = resolve(entry, scope, `${path}.${key}`);
    if (result !== NO_VALUE) resolved[key] = result;
  }
  return resolved;
}

/**
 * Whether a condition of the template holds.
 * @throws Error as `resolve` does.
 */
export function holds(value: unknown, scope: Scope, path: string): boolean {
  if (!isRecord(value)) throw new Error(`${path}: expected a condition, found ${JSON.stringify(value)}.`);
  if (typeof value.Condition === 'string') return scope.condition(value.Condition);
  const each = (argument: unknown): boolean[] => listOf(argument, path).map((entry) => holds(entry, scope, path));
  if ('Fn::And' in value) return each(value['Fn::And']).every(Boolean);
  if ('Fn::Or' in value) return each(value['Fn::Or']).some(Boolean);
  if ('Fn::Not' in value) return !each(value['Fn::Not'])[0];
  if ('Fn::Equals' in value) {
    const [left, right] = listOf(value['Fn::Equals'], path).map((entry) => resolve(entry, scope, path));
    return String(left) === String(right);
  }
  throw new Error(`${path}: the local engine does not know the condition function ${Object.keys(value).join(', ')}.`);
}

function callIntrinsic(name: string, argument: unknown, scope: Scope, path: string): unknown {
  const intrinsic = INTRINSICS[name];
  if (!intrinsic) throw new Error(`${path}: the local engine does not know the intrinsic function ${name}.`);
  try {
    return intrinsic(argument, scope, path);
  } catch (error) {
    if (error instanceof Error && !error.message.startsWith(path)) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

const INTRINSICS: Record<string, Intrinsic> = {
  Ref: (argument, scope) => scope.ref(stringOf(argument, 'Ref')),
  'Fn::GetAtt': (argument, scope, path) => {
    const [logicalId, ...names] = Array.isArray(argument) ? argument : stringOf(argument, 'Fn::GetAtt').split('.');
    const attribute = names.map((name) => stringOf(resolve(name, scope, path), 'Fn::GetAtt')).join('.');
    return scope.attribute(stringOf(logicalId, 'Fn::GetAtt'), attribute);
  },
  'Fn::Sub': (argument, scope, path) => substitute(argument, scope, path),
  'Fn::Join': (argument, scope, path) => {
    const [separator, list] = listOf(argument, 'Fn::Join');
    const parts = listOf(resolve(list, scope, path), 'Fn::Join');
    return parts.map((part) => textOf(part, 'Fn::Join')).join(stringOf(separator, 'Fn::Join'));
  },
  'Fn::Select': (argument, scope, path) => {
    const [index, list] = listOf(resolve(argument, scope, path), 'Fn::Select');
    const chosen = listOf(list, 'Fn::Select')[Number(index)];
    if (chosen === undefined) throw new Error(`Fn::Select found nothing at index ${String(index)}.`);
    return chosen;
  },
  'Fn::Split': (argument, scope, path) => {
    const [separator, text] = listOf(resolve(argument, scope, path), 'Fn::Split');
    return stringOf(text, 'Fn::Split').split(stringOf(separator, 'Fn::Split'));
  },
  'Fn::FindInMap': (argument, scope, path) => {
    const [map, first, second] = listOf(resolve(argument, scope, path), 'Fn::FindInMap');
    return scope.mapping(textOf(map, 'Fn::FindInMap'), textOf(first, 'Fn::FindInMap'), textOf(second, 'Fn::FindInMap'));
  },
  'Fn::If': (argument, scope, path) => {
    const [condition, whenTrue, whenFalse] = listOf(argument, 'Fn::If');
    return resolve(scope.condition(stringOf(condition, 'Fn::If')) ? whenTrue : whenFalse, scope, path);
  },
  'Fn::Base64': (argument, scope, path) =>
    Buffer.from(stringOf(resolve(argument, scope, path), 'Fn::Base64')).toString('base64'),
};

/** `${Name}`, `${Name.Attribute}` and, for a literal, `${!text}`. */
function substitute(argument: unknown, scope: Scope, path: string): string {
  const [template, given] = Array.isArray(argument) ? argument : [argument, {}];
  const variables = resolve(given ?? {}, scope, path);
  return stringOf(template, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, inner: string) => {
    const name = inner.trim();
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (isRecord(variables) && name in variables) return textOf(variables[name], 'Fn::Sub');
    const [logicalId = '', ...attribute] = name.split('.');
    const value = attribute.length === 0 ? scope.ref(name) : scope.attribute(logicalId, attribute.join('.'));
    return textOf(value, 'Fn::Sub');
  });
}

function refuseDynamicReference(value: string, path: string): string {
  const reference = /\{\{resolve:[^}]*\}\}/.exec(value);
  if (reference) throw new Error(`${path}: the local engine does not know the dynamic reference ${reference[0]}.`);
  return value;
}

function listOf(value: unknown, where: string): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${where} takes a list, found ${JSON.stringify(value)}.`);
  return value;
}

function stringOf(value: unknown, where: string): string {
  if (typeof value !== 'string') throw new Error(`${where} takes a text, found ${JSON.stringify(value)}.`);
  return value;
}

function textOf(value: unknown, where: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return stringOf(value, where);
}
