/**
 * What an expression refers to, read from its parsed form, so that a definition can be refused when it is created, as
 * AWS does, and not when a lead reaches the state.
 */
import type { ExprNode } from 'jsonata';
import { isRecord } from '../json.ts';

/** A part of `$states` that only some fields have. */
export type Restricted = 'result' | 'errorOutput';

/** Words the fault of an expression in a field that has only the `allowed` parts of `$states`; undefined if there is none. */
export function faultOfReferences(ast: ExprNode, allowed: readonly Restricted[]): string | undefined {
  const faults: string[] = [];
  visit(ast, true, (node, top) => {
    const fault = faultOfVariable(node) ?? faultOfPath(node, top, allowed);
    if (fault) faults.push(fault);
  });
  return faults[0];
}

function faultOfVariable(node: Record<string, unknown>): string | undefined {
  if (node.type === 'variable' && node.value === '$') return "Reference to '$$' is not supported.";
  const procedure = node.type === 'function' && isRecord(node.procedure) ? node.procedure : undefined;
  if (procedure?.type === 'variable' && procedure.value === 'eval')
    return "Function 'eval' is not supported, use '$parse'.";
  return undefined;
}

function faultOfPath(node: Record<string, unknown>, top: boolean, allowed: readonly Restricted[]): string | undefined {
  if (top && node.type === 'variable' && node.value === '')
    return "Reference to '$' at the top level is not supported.";
  if (node.type !== 'path' || !Array.isArray(node.steps)) return undefined;
  const [first, second] = node.steps.filter(isRecord);
  if (top && first?.type === 'name') return `Reference to '${String(first.value)}' at the top level is not supported.`;
  if (first?.type !== 'variable' || first.value !== 'states' || second?.type !== 'name') return undefined;
  const part = second.value;
  if ((part === 'result' || part === 'errorOutput') && !allowed.includes(part)) {
    return `Reference to '$states.${part}' is not supported in this field.`;
  }
  return undefined;
}

/**
 * Walks the tree. `top` is true where the context item is that of the whole expression, which Step Functions does not
 * have: later steps of a path, predicates, sort terms and groupings have an item of their own.
 */
function visit(node: unknown, top: boolean, see: (node: Record<string, unknown>, top: boolean) => void): void {
  if (Array.isArray(node)) {
    for (const item of node) visit(item, top, see);
    return;
  }
  if (!isRecord(node)) return;
  see(node, top);
  if (node.type === 'path' && Array.isArray(node.steps)) {
    node.steps.forEach((step, index) => {
      // The first step of a path is named by the path itself; only what hangs below it is looked at here.
      if (index === 0 && isRecord(step) && step.type === 'name') visitInner(step, see);
      else visit(step, top && index === 0, see);
    });
    visit(node.group, false, see);
    return;
  }
  for (const [key, part] of Object.entries(node)) {
    if (key !== 'value' && key !== 'type') visit(part, top && !INNER.has(key), see);
  }
}

const INNER = new Set(['predicate', 'stages', 'group', 'terms', 'pattern', 'update', 'delete']);

function visitInner(node: Record<string, unknown>, see: (node: Record<string, unknown>, top: boolean) => void): void {
  for (const key of INNER) visit(node[key], false, see);
}
