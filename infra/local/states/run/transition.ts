/** From one state to the next, within a transaction. */
import type { JsonObject } from '../json.ts';
import type { Machine, State } from '../machine/machine.ts';
import { FRESH, type Thread, type Threads } from '../storage/threads.ts';
import { inputDetails } from './event.ts';
import type { Page } from './page.ts';

/** Records that the thread enters a state, and gives what changes in its row. */
export function entering(page: Page, state: State, input: string, previous: number): Omit<Thread, Kept> {
  const details: JsonObject = { name: state.name, ...inputDetails(input) };
  const event = page.chapter.add({ type: `${state.type}StateEntered`, details }, previous);
  return {
    ...FRESH,
    phase: 'ready',
    state: state.name,
    input,
    entered: page.at,
    entered_event: event,
    last_event: event,
  };
}
type Kept = 'id' | 'execution' | 'parent' | 'slot' | 'version' | 'scope' | 'variables';

/** The state of that name; the definition was checked, so it is there. */
export function stateOf(machine: Machine, scope: string, name: string): State {
  const state = machine.scopes.get(scope)?.states.get(name);
  if (!state) throw new Error(`the definition has no state ${name} in ${scope || 'its root'}`);
  return state;
}

/** Stores a change of a thread that was just checked to be the current one. */
export function change(threads: Threads, thread: Thread, changes: Partial<Thread>): Thread {
  const changed = threads.update(thread, changes);
  if (!changed) throw new Error(`thread ${thread.id} was changed within its own transaction`);
  return changed;
}
