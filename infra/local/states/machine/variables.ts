/** Checks the rule of AWS that no inner scope assigns a variable that an outer one assigns. */
import { isRecord } from '../json.ts';
import { note, type Part } from './field.ts';

/** `scope` is the raw object with `States`; `outer` the names that the scopes around it assign. */
export function checkVariables(scope: Part, outer: ReadonlySet<string> = new Set()): void {
  const states = scope.fields.States;
  if (!isRecord(states)) return;
  const own = new Set<string>();
  for (const [name, state] of Object.entries(states)) {
    for (const { names, field } of assignments(state)) {
      for (const variable of names) {
        own.add(variable);
        if (outer.has(variable)) {
          note(
            scope,
            `Variable '${variable}' is already assigned in an outer scope`,
            `States/${name}/${field}/${variable}`,
          );
        }
      }
    }
  }
  const visible = outer.union(own);
  for (const [name, state] of Object.entries(states)) {
    for (const { value, field } of innerScopes(state)) {
      const location = `${scope.location}/States/${name}/${field}`;
      checkVariables({ fields: value, location, diagnostics: scope.diagnostics }, visible);
    }
  }
}

function assignments(state: unknown): { names: string[]; field: string }[] {
  if (!isRecord(state)) return [];
  const found = [{ value: state.Assign, field: 'Assign' }];
  for (const list of ['Choices', 'Catch']) {
    const rules = Array.isArray(state[list]) ? state[list] : [];
    rules.forEach((rule: unknown, index) => {
      if (isRecord(rule)) found.push({ value: rule.Assign, field: `${list}[${index}]/Assign` });
    });
  }
  return found.flatMap(({ value, field }) => (isRecord(value) ? [{ names: Object.keys(value), field }] : []));
}

function innerScopes(state: unknown): { value: Record<string, unknown>; field: string }[] {
  if (!isRecord(state)) return [];
  const branches = Array.isArray(state.Branches) ? state.Branches : [];
  const scopes = branches.map((value: unknown, index) => ({ value, field: `Branches[${index}]` }));
  scopes.push({ value: state.ItemProcessor, field: 'ItemProcessor' });
  return scopes.flatMap(({ value, field }) => (isRecord(value) ? [{ value, field }] : []));
}
