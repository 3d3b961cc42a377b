/** What one more piece of evidence changes: verdicts that were told already, and how a mail counts in the rates. */
import type { Happening, Instant, Verdict } from './event.ts';
import { type Evidence, judgeActs, type MailAct, sameVerdict } from './traffic.ts';

/** What is known of a mail at one moment. */
export interface Standing {
  evidence: Evidence;
  /** Ids of the acts that have been judged and told. */
  told: ReadonlySet<string>;
  /** Ids of clicks that are a person's if they are doubted: the lead proved it by an act that is not on the mail. */
  proven: ReadonlySet<string>;
}

/** Begins the key of a visit to a page of ours. */
export const VISIT = 'page:';

/** Evidence without one act, or without its being part of a crowd: what was known before. */
export const without = (evidence: Evidence, what: { act?: string; crowd?: string; delivery?: true }): Evidence => {
  const { deliveredAt, ...rest } = evidence;
  return {
    ...rest,
    ...(deliveredAt !== undefined && !what.delivery && { deliveredAt }),
    acts: evidence.acts.filter(({ id }) => id !== what.act),
    crowd: new Set([...evidence.crowd].filter((id) => id !== what.act && id !== what.crowd)),
  };
};

/** A change of what is known. */
export interface Change {
  before: Evidence;
  after: Evidence;
}

/**
 * The acts among those told (by id) on which the verdict changed: by the key of the event, the verdict that holds now.
 * @param changes the last of them ends with all that is known; those of other processes may stand between them.
 */
export const judgedAnew = (
  changes: readonly Change[],
  told: ReadonlySet<string>,
): Record<string, Verdict> | undefined => {
  const last = changes.at(-1)?.after;
  if (!last) return undefined;
  const changed = new Set(changes.flatMap(changedIn));
  const holds = judgeActs(last);
  const anew = last.acts.flatMap(({ id, key }) => {
    const verdict = holds.get(id);
    // A visit to a page of ours is evidence about clicks, and no event itself.
    return verdict && changed.has(id) && told.has(id) && !key.startsWith(VISIT) ? [[key, verdict] as const] : [];
  });
  return anew.length > 0 ? Object.fromEntries(anew) : undefined;
};

const changedIn = ({ before, after }: Change): string[] => {
  const [was, is] = [judgeActs(before), judgeActs(after)];
  return [...was.keys()].filter((id) => !sameVerdict(was.get(id), is.get(id)));
};

/**
 * The event that tells of verdicts that changed. It stands behind all acts that it judges, and each step of evidence (`n`
 * counts them) behind the one before, so that the last word is the one of the most evidence, whenever it is committed.
 */
export const judgedEvent = (
  labels: Record<string, Verdict>,
  { acts, deliveredAt }: Evidence,
  mail: { messageId: string; email?: string; n: number },
): Happening => {
  const times = [...acts.map(({ at }) => at), ...(deliveredAt === undefined ? [] : [deliveredAt])];
  const latest = times.reduce((a, b) => (a > b ? a : b));
  const at: Instant = new Date(Date.parse(latest) + mail.n).toISOString();
  return {
    key: `judged:${mail.messageId}:${mail.n}`,
    type: 'traffic.judged',
    at,
    actor: 'clock',
    data: { ...(mail.email !== undefined && { email: mail.email }), events: Object.keys(labels).length },
    labels,
  };
};

/** Of one delivered mail: whether anybody, and whether a person, opened it and clicked in it. Links to pages of ours aside. */
export interface Shares {
  opened: boolean;
  openedByPeople: boolean;
  clicked: boolean;
  clickedByPeople: boolean;
}

export const sharesOf = ({ evidence, told, proven }: Standing): Shares => {
  const verdicts = judgeActs(evidence);
  const acts = evidence.acts.filter(({ id, own }) => told.has(id) && !own);
  const isPerson = ({ id }: MailAct): boolean => {
    const actor = verdicts.get(id)?.actor;
    return actor === 'human' || (actor === 'suspect' && proven.has(id));
  };
  const any = (type: 'click' | 'open', people: boolean): boolean =>
    acts.some((act) => act.type === type && (!people || isPerson(act)));
  return {
    opened: any('open', false),
    openedByPeople: any('open', true),
    clicked: any('click', false),
    clickedByPeople: any('click', true),
  };
};
