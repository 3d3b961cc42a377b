/**
 * A short cut for the expressions that most machines consist of: paths from a variable (`$states.input.x`, `$due`),
 * literals, and comparisons of them. The `jsonata` package takes some ten microtask turns for each of these.
 * Where JSONata would map over an array or compare structures, the short cut gives up (SLOW) and the package answers.
 */
import type { ExprNode } from 'jsonata';
import { isRecord } from '../json.ts';

export type Bindings = Record<string, unknown>;
export const SLOW = Symbol('evaluate with the jsonata package');
export type Quick = (bindings: Bindings) => unknown;

/** The short cut for a parsed expression, or undefined where there is none. */
export function quickPath(node: ExprNode): Quick | undefined {
  // The package's own type forgets the kind `path`.
  switch (String(node.type)) {
    case 'string':
    case 'number':
    case 'value':
      return isPlain(node, 'value') ? () => node.value : undefined;
    case 'variable':
      return isPlain(node, 'value') && isName(node.value) && node.value !== 'states' ? variable(node.value) : undefined;
    case 'path':
      return isPlain(node, 'steps') ? path(node.steps ?? []) : undefined;
    case 'binary':
      return isPlain(node, 'value', 'lhs', 'rhs') ? comparison(node) : undefined;
    default:
      return undefined;
  }
}

/** Nothing but the named parts: a predicate, a grouping or a `[]` is for the package. */
function isPlain(node: ExprNode, ...parts: string[]): boolean {
  return Object.keys(node).every((key) => key === 'type' || key === 'position' || parts.includes(key));
}

function isName(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value !== '$';
}

function variable(name: string): Quick {
  // A name that is not bound may be one of JSONata's own functions.
  return (bindings) => (Object.hasOwn(bindings, name) ? bindings[name] : SLOW);
}

function path(steps: readonly ExprNode[]): Quick | undefined {
  const [first, ...rest] = steps;
  if (first?.type !== 'variable' || !isPlain(first, 'value') || !isName(first.value)) return undefined;
  if (!rest.every((step) => step.type === 'name' && isPlain(step, 'value'))) return undefined;
  const root = variable(first.value);
  const names = rest.map((step) => String(step.value));
  if (first.value === 'states' && names[0] === 'context') return (bindings) => scalar(descend(root(bindings), names));
  return (bindings) => descend(root(bindings), names);
}

/** The context object is made lazily and is not plain JSON, so whole parts of it are copied by the long way. */
function scalar(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? SLOW : value;
}

function descend(root: unknown, names: readonly string[]): unknown {
  let value = root;
  for (const name of names) {
    if (value === SLOW || Array.isArray(value) || typeof value === 'function') return SLOW;
    if (!isRecord(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value;
}

function comparison(node: ExprNode): Quick | undefined {
  const left = isNode(node.lhs) ? quickPath(node.lhs) : undefined;
  const right = node.rhs ? quickPath(node.rhs) : undefined;
  if (!left || !right) return undefined;
  if (node.value === '=' || node.value === '!=') return equality(left, right, node.value === '=');
  if (node.value === 'and' || node.value === 'or') return logic(left, right, node.value);
  return undefined;
}

function isNode(part: ExprNode['lhs']): part is ExprNode {
  return part !== undefined && !Array.isArray(part);
}

function equality(left: Quick, right: Quick, equal: boolean): Quick {
  return (bindings) => {
    const a = left(bindings);
    const b = right(bindings);
    if (isStructured(a) || isStructured(b)) return SLOW;
    // JSONata: a comparison with nothing is false, whichever way it asks.
    return a === undefined || b === undefined ? false : (a === b) === equal;
  };
}

function isStructured(value: unknown): boolean {
  return value === SLOW || typeof value === 'function' || (typeof value === 'object' && value !== null);
}

function logic(left: Quick, right: Quick, operator: 'and' | 'or'): Quick {
  return (bindings) => {
    const a = left(bindings);
    if (typeof a !== 'boolean') return SLOW;
    if (a === (operator === 'or')) return a;
    const b = right(bindings);
    return typeof b === 'boolean' ? b : SLOW;
  };
}
