/** What one more piece of evidence changes: verdicts that were told already, and how a mail counts in the rates. */
import type { Happening, Instant, Verdict } from './event.ts';
import { type Evidence, judgeActs, sameVerdict } from './traffic.ts';

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

/** The acts among those told (by id) on which the verdict changes: by the key of the event, the verdict that holds now. */
export const judgedAnew = (
  before: Evidence,
  after: Evidence,
  told: ReadonlySet<string>,
): Record<string, Verdict> | undefined => {
  const [was, is] = [judgeActs(before), judgeActs(after)];
  const changed = after.acts.flatMap(({ id, key }) => {
    const verdict = is.get(id);
    // A visit to a page of ours is evidence about clicks, and no event itself.
    return told.has(id) && !key.startsWith(VISIT) && was.has(id) && verdict && !sameVerdict(was.get(id), verdict)
      ? [[key, verdict] as const]
      : [];
  });
  return changed.length > 0 ? Object.fromEntries(changed) : undefined;
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

/** @param told ids of the acts that have been judged. */
export const sharesOf = (evidence: Evidence, told: ReadonlySet<string>): Shares => {
  const verdicts = judgeActs(evidence);
  const acts = evidence.acts.filter(({ id, own }) => told.has(id) && !own);
  const any = (type: 'click' | 'open', people: boolean): boolean =>
    acts.some((act) => act.type === type && (!people || verdicts.get(act.id)?.actor === 'human'));
  return {
    opened: any('open', false),
    openedByPeople: any('open', true),
    clicked: any('click', false),
    clickedByPeople: any('click', true),
  };
};
