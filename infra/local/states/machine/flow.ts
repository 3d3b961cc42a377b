/** Checks how the states of a scope lead to one another, as AWS does when a machine is created. */

import { note, type Part } from './field.ts';
import { isRecovering, type Scope, type State } from './machine.ts';

/** Every transition goes somewhere, every state is reached, and the scope can end. */
export function checkFlow(part: Part, scope: Scope): void {
  if (!scope.states.has(scope.startAt)) {
    note(part, `Missing 'StartAt' target: ${scope.startAt}`, 'StartAt', 'MISSING_TRANSITION_TARGET');
  }
  const reached = new Set([scope.startAt]);
  for (const state of scope.states.values()) {
    for (const { target, field } of transitions(state)) {
      if (target !== state.name) reached.add(target);
      if (scope.states.has(target)) continue;
      note(part, `Missing 'Next' target: ${target}`, `States/${state.name}/${field}`, 'MISSING_TRANSITION_TARGET');
    }
  }
  for (const name of scope.states.keys()) {
    if (!reached.has(name))
      note(part, `State "${name}" is not reachable.`, `States/${name}`, 'MISSING_TRANSITION_TARGET');
  }
  if (![...scope.states.values()].some(isTerminal)) {
    note(
      part,
      'No terminal state found: a state needs "End": true, or be of type Succeed or Fail',
      'States',
      'MISSING_END_STATE',
    );
  }
}

function isTerminal(state: State): boolean {
  return state.type === 'Fail' || (state.type !== 'Choice' && state.next === null);
}

function transitions(state: State): { target: string; field: string }[] {
  const found = [...ownTransitions(state), ...caughtTransitions(state)];
  return found.flatMap(({ target, field }) => (typeof target === 'string' ? [{ target, field }] : []));
}

function ownTransitions(state: State): { target: string | null | undefined; field: string }[] {
  if (state.type === 'Fail') return [];
  if (state.type !== 'Choice') return [{ target: state.next, field: 'Next' }];
  const rules = state.rules.map(({ next }, index) => ({ target: next, field: `Choices[${index}]/Next` }));
  return [...rules, { target: state.otherwise, field: 'Default' }];
}

function caughtTransitions(state: State) {
  if (!isRecovering(state)) return [];
  return state.catch.map(({ next }, index) => ({ target: next, field: `Catch[${index}]/Next` }));
}
