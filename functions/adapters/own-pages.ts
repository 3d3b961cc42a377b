/**
 * Visits to the pages behind the ways out of a mail (unsubscribe, preferences) as evidence: SES does not count these links,
 * and whoever follows them along with the links of content is a program. The page itself asks nobody who he is.
 */
import { log } from '../http/log.ts';
import type { Instant } from '../lead/event.ts';
import type { MailAct, MailRef } from '../lead/traffic.ts';
import { VISIT } from '../lead/traffic-step.ts';
import { type Known, knownAbout, noteAct } from './traffic.ts';
import { actIdOf } from './traffic-items.ts';

/** The links name a lead and no mail: what is known of them stands beside its mails, under this name. */
const ownPages = (leadId: string, at: Instant): MailRef => ({ leadId, messageId: 'own', sentAt: at });

/** So close to a click a visit tells something about it. */
const NEAR_MS = 60_000;

export interface Visitor {
  ip?: string;
  userAgent?: string;
}

/** Notes that a page of ours was asked for. Never stands in the way of the page. */
export async function noteOwnPage(
  leadId: string,
  page: string,
  { ip, userAgent }: Visitor,
  at: Instant,
): Promise<void> {
  const key = `${VISIT}${page}:${at}`;
  const act: MailAct = {
    id: actIdOf(key),
    key,
    type: 'click',
    at,
    link: page,
    own: true,
    ...(ip && { ip }),
    ...(userAgent && { agent: userAgent.slice(0, 400) }),
  };
  await noteAct(ownPages(leadId, at), act, true).catch((error: unknown) => {
    log.warn('a visit could not be noted', { leadId, error });
  });
}

/**
 * Notes on a mail which pages of ours were asked for around its clicks, before these are judged.
 * @returns what was known after each.
 */
export async function notePages(mail: MailRef, clicks: Instant[]): Promise<Known[]> {
  const { evidence } = await knownAbout(ownPages(mail.leadId, mail.sentAt));
  const near = evidence.acts.filter(({ at }) =>
    clicks.some((click) => Math.abs(Date.parse(click) - Date.parse(at)) <= NEAR_MS),
  );
  const steps: Known[] = [];
  for (const act of near) steps.push(await noteAct(mail, act, true));
  return steps;
}
