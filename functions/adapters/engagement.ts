/**
 * Taking clicks and opens: noted as evidence, judged with all that is known, a click after its hold; and judging anew what
 * the new evidence shows in another light, on this mail and on those of other leads.
 */
import type { Happening, Instant, Verdict } from '../lead/event.ts';
import { judgeActs, type MailAct, type MailRef, sameVerdict } from '../lead/traffic.ts';
import { isPublic, type Seen } from '../lead/traffic-crowd.ts';
import { judgedAnew, judgedEvent, sharesOf, without } from '../lead/traffic-step.ts';
import { act } from './act.ts';
import type { Outcome } from './apply.ts';
import { seenWith } from './crowd.ts';
import { published, rules } from './definitions.ts';
import { deleteItem } from './dynamo.ts';
import { loadLead, readLog } from './leads.ts';
import { notePages } from './own-pages.ts';
import { holdClick } from './pending.ts';
import { countDelivered, countShares } from './rates.ts';
import { later } from './table.ts';
import { type Known, noteAct, noteCrowd, noteDelivery, noteTold } from './traffic.ts';
import { trafficKey } from './traffic-items.ts';

/** A click or an open as SES tells it. */
export interface Engaged {
  mail: MailRef;
  act: MailAct;
  happening: Happening;
}

/** Takes one act on a mail. @returns `pending` for a click that is held. */
export async function engage(engaged: Engaged, now: Instant): Promise<Outcome> {
  const until = await heldUntil(engaged.act, now);
  return until > now ? hold(engaged, until, now) : judge(engaged, now);
}

async function hold({ mail, act: done, happening }: Engaged, until: Instant, now: Instant): Promise<Outcome> {
  const [noted, lead] = await Promise.all([noteAct(mail, done, false), loadLead(mail.leadId)]);
  if (!lead) return forgotten(mail);
  if (lead.id !== mail.leadId) return withSurvivor(lead.id, { mail, act: done, happening }, now);
  const known = (await inCrowd(mail, done, now)) ?? noted;
  // Told already: it comes again, and was judged before its time.
  if (!known.told.has(done.id)) await holdClick(lead.id, happening, { mail: known.mail, act: done.id, until }, now);
  await tell(known, changedBy(done, known), without(known.evidence, { act: done.id }), now);
  return { kind: 'pending', leadId: lead.id };
}

async function judge({ mail, act: done, happening }: Engaged, now: Instant): Promise<Outcome> {
  const noting = noteAct(mail, done, true);
  const [noted, amongOthers] = await Promise.all([noting, inCrowd(mail, done, now, noting)]);
  const known = amongOthers ?? noted;
  const happenings = [...changedBy(done, known), withVerdict(happening, known, done.id)];
  const outcome = await act({ leadId: mail.leadId }, happenings, { at: now });
  if (outcome.kind === 'unknown') return forgotten(mail);
  if (outcome.kind === 'applied' && outcome.lead.id !== mail.leadId) await noteElsewhere(outcome.lead.id, mail, done);
  if (outcome.kind !== 'duplicate') await countChange(known, without(known.evidence, { act: done.id }), done.id);
  return outcome;
}

/** What the act changes about others that were told. */
function changedBy({ id }: MailAct, { evidence, told, mail, n }: Known): Happening[] {
  const others = new Set([...told].filter((one) => one !== id));
  const anew = judgedAnew(without(evidence, { act: id }), evidence, others);
  return anew ? [judgedEvent(anew, evidence, { ...mail, n })] : [];
}

/** There is no such lead, or it asked to be forgotten: nothing of it stays. */
async function forgotten({ leadId, messageId }: MailRef): Promise<Outcome> {
  await deleteItem(trafficKey(leadId, messageId));
  return { kind: 'unknown' };
}

/** The lead was merged: what is known of its mails went over, and what comes goes there. */
async function withSurvivor(leadId: string, engaged: Engaged, now: Instant): Promise<Outcome> {
  await forgotten(engaged.mail);
  return engage({ ...engaged, mail: { ...engaged.mail, leadId } }, now);
}

async function noteElsewhere(leadId: string, mail: MailRef, done: MailAct): Promise<void> {
  await noteAct({ ...mail, leadId }, done, true);
  await forgotten(mail);
}

/** When a click is judged. One that may raise a hand is not held, since somebody waits for it. */
async function heldUntil({ type, at }: MailAct, now: Instant): Promise<Instant> {
  if (type !== 'click') return now;
  const { scoring, settings } = await rules((await published(now)).hash);
  return scoring.handRaise.on.includes('email.clicked') ? now : later(at, settings.clickHold);
}

const withVerdict = (happening: Happening, { evidence }: Known, id: string): Happening => {
  const { actor, reasons } = judgeActs(evidence).get(id) ?? { actor: happening.actor, reasons: [] };
  const { reasons: _, ...rest } = happening;
  return { ...rest, actor, ...(reasons.length > 0 && { reasons }) };
};

/** A click that was held, and where the evidence about it stands. */
export interface Held {
  mail: MailRef;
  act: string;
  happening: Happening;
}

/** The verdicts on clicks that were held. */
export interface JudgedHeld {
  /** By their keys. */
  happenings: Map<string, Happening>;
  /** Counts those that came into the log by this. */
  count(keys: ReadonlySet<string>): Promise<void>;
}

/** Judges a lead's clicks that were held by all that is known by now. From here on it is told what changes about them. */
export async function judgeHeld(held: Held[], at: Instant): Promise<JudgedHeld> {
  const mails = [...Map.groupBy(held, ({ mail }) => mail.messageId).values()];
  const judged = await Promise.all(
    mails.map(async (clicks) => {
      const [first] = clicks;
      if (first)
        await notePages(
          first.mail,
          clicks.map(({ happening }) => happening.at),
        );
      const known =
        first &&
        (await noteTold(
          first.mail,
          clicks.map(({ act: id }) => id),
          at,
        ));
      return known
        ? clicks.map((click) => ({ ...click, known, happening: withVerdict(click.happening, known, click.act) }))
        : [];
    }),
  );
  const all = judged.flat();
  return {
    happenings: new Map(all.map(({ happening }) => [happening.key, happening])),
    count: async (keys) => {
      const news = Map.groupBy(
        all.filter(({ happening }) => keys.has(happening.key)),
        ({ known }) => known,
      );
      await Promise.all(
        [...news].map(([known, clicks]) =>
          countTold(
            known,
            clicks.map(({ act: id }) => id),
          ),
        ),
      );
    },
  };
}

/** A mail arrived: acts that came before may show in another light. @param first whether nobody knew. */
export async function delivered(mail: MailRef, at: Instant, first: boolean, now: Instant): Promise<void> {
  const [known] = await Promise.all([noteDelivery(mail, at), first ? countDelivered(mail) : undefined]);
  if (known && known.evidence.acts.length > 0) await retell(known, without(known.evidence, { delivery: true }), now);
}

/**
 * What is known once the act is seen beside all others of its address and agent; undefined where that adds nothing.
 * @param noted when the act stands beside its mail.
 */
async function inCrowd(
  mail: MailRef,
  done: MailAct,
  now: Instant,
  noted?: Promise<unknown>,
): Promise<Known | undefined> {
  const { ip, agent, type, id, at } = done;
  if (type !== 'click' || !ip || !agent || !isPublic(ip)) return undefined;
  const crowd = await seenWith(ip, agent, { leadId: mail.leadId, messageId: mail.messageId, actId: id, at }, noted);
  await Promise.all(crowd.tell.map((other) => tellCrowd(other, now)));
  return crowd.own ? noteCrowd(mail, id, at) : undefined;
}

/** One that came before it was a crowd. */
async function tellCrowd({ leadId, messageId, actId, at }: Seen, now: Instant): Promise<void> {
  const known = await noteCrowd({ leadId, messageId, sentAt: at }, actId, at);
  if (known) await retell(known, without(known.evidence, { crowd: actId }), now);
}

async function retell(known: Known, before: Known['evidence'], now: Instant): Promise<void> {
  const anew = judgedAnew(before, known.evidence, known.told);
  if (!anew) return;
  await tell(known, [judgedEvent(anew, known.evidence, { ...known.mail, n: known.n })], before, now);
}

async function tell(known: Known, judged: Happening[], before: Known['evidence'], now: Instant): Promise<void> {
  const [event] = judged;
  if (!event?.labels || !(await isNews(known.mail.leadId, event.labels))) return;
  await act({ leadId: known.mail.leadId }, judged, { at: now });
  await countShares(known.mail, sharesOf(before, known.told), sharesOf(known.evidence, known.told));
}

/** Whether the log tells otherwise of some of these events, or nothing yet: what comes again is none. */
async function isNews(leadId: string, labels: Record<string, Verdict>): Promise<boolean> {
  const log = new Map((await readLog(leadId)).map((event) => [event.key, event]));
  return Object.entries(labels).some(([key, verdict]) => !sameVerdict(log.get(key), verdict));
}

const countTold = ({ mail, evidence, told }: Known, ids: string[]): Promise<void> => {
  const before = new Set([...told].filter((id) => !ids.includes(id)));
  return countShares(mail, sharesOf(evidence, before), sharesOf(evidence, told));
};

const countChange = ({ mail, evidence, told }: Known, before: Known['evidence'], id: string): Promise<void> =>
  countShares(mail, sharesOf(before, new Set([...told].filter((one) => one !== id))), sharesOf(evidence, told));
