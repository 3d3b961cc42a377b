/** How acts of consent fold into the state of each purpose. */
import type { Actor, ConsentAct, Instant } from './event.ts';
import type { ConsentState } from './lead.ts';

type Frequency = NonNullable<ConsentState['frequency']>;

const smaller = (a: number | undefined, b: number | undefined): number | undefined =>
  a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);

/** The strictest of two promises: every promise made binds while the consent lives. */
const strictest = (a: Frequency | undefined, b: Frequency | undefined): Frequency | undefined => {
  const perDay = smaller(a?.perDay, b?.perDay);
  const perWeek = smaller(a?.perWeek, b?.perWeek);
  if (perDay === undefined && perWeek === undefined) return undefined;
  return { ...(perDay !== undefined && { perDay }), ...(perWeek !== undefined && { perWeek }) };
};

const stateAfter = (before: ConsentState['state'] | undefined, act: ConsentAct): ConsentState['state'] => {
  if (act.action === 'withdrawn') return 'withdrawn';
  if (act.action === 'confirmed' || before === 'granted') return 'granted';
  // A tick after a withdrawal may be anybody's: it waits for the mailbox's owner, whatever the form asks for.
  return before === 'withdrawn' || before === 'pending' || act.doubleOptIn ? 'pending' : 'granted';
};

/** Whether an actor may give consent. Withdrawing is free to all: a mailbox provider's one-click is a machine's post. */
const mayGrant = (actor: Actor): boolean => actor === 'human' || actor === 'sales';

const mayAct = ({ action }: ConsentAct, actor: Actor): boolean =>
  action === 'withdrawn' || (action === 'lapsed' ? actor === 'clock' : mayGrant(actor));

/** An old link, or a late clock, is about a consent that was asked for in another round: that one is over. */
const isAboutAnother = (before: ConsentState | undefined, { action, asked }: ConsentAct): boolean =>
  (asked !== undefined || action === 'lapsed') && (before?.state !== 'pending' || before.at !== asked);

/** What was before the tick that nobody confirmed. */
const lapsed = ({ withdrawnAt }: ConsentState): ConsentState | undefined =>
  withdrawnAt === undefined ? undefined : { state: 'withdrawn', at: withdrawnAt };

const afterAct = (before: ConsentState | undefined, act: ConsentAct, at: Instant): ConsentState | undefined => {
  if (isAboutAnother(before, act)) return before;
  if (act.action === 'lapsed') return before && lapsed(before);
  const state = stateAfter(before?.state, act);
  const promised = before?.state === 'withdrawn' ? undefined : before?.frequency;
  const frequency = state === 'withdrawn' ? undefined : strictest(promised, act.frequency);
  const withdrawnAt = before?.state === 'withdrawn' ? before.at : before?.withdrawnAt;
  return {
    state,
    at: before?.state === state ? before.at : at,
    ...(state === 'pending' && withdrawnAt !== undefined && { withdrawnAt }),
    ...(frequency && { frequency }),
  };
};

/** The consents after one event's acts, in their order. `at` of a state is when it was entered. */
export const consentsAfter = (
  consents: Record<string, ConsentState>,
  event: { at: Instant; actor: Actor; consent?: ConsentAct[] },
): Record<string, ConsentState> => {
  const acts = (event.consent ?? []).filter((act) => mayAct(act, event.actor));
  if (acts.length === 0) return consents;
  const after = { ...consents };
  for (const act of acts) {
    const state = afterAct(after[act.purpose], act, event.at);
    if (state) after[act.purpose] = state;
    else delete after[act.purpose];
  }
  return after;
};

/** A consent that waits for its confirmation: its purpose, and since when. */
export interface Asked {
  purpose: string;
  at: Instant;
}

/** The consents that wait for the mailbox's owner. */
export const askedOf = (consents: Record<string, ConsentState>): Asked[] =>
  Object.entries(consents).flatMap(([purpose, { state, at }]) => (state === 'pending' ? [{ purpose, at }] : []));

/** The one that was asked for at that very moment still waits. */
export const stillWaits = (consents: Record<string, ConsentState>, { purpose, at }: Asked): boolean =>
  Object.hasOwn(consents, purpose) && consents[purpose]?.state === 'pending' && consents[purpose].at === at;
