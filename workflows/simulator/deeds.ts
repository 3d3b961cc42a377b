/** What people do, as happenings of the kinds that the running system records. */
import { CONVERSIONS, type Form } from '../../functions/definition/form.ts';
import type { Happening, Instant } from '../../functions/lead/event.ts';
import { answerHappening } from '../../functions/lead/handoff.ts';
import type { Handoff } from '../../functions/lead/lead.ts';
import type { Arrived, Deed } from './live.ts';

export const after = (at: Instant, ms: number): Instant => new Date(Date.parse(at) + ms).toISOString();

const byHuman = (key: string, type: string, at: Instant, data: Happening['data'] = {}): Happening => ({
  key,
  type,
  at,
  actor: 'human',
  data,
});

/** A click is judged, and counts, once it was held for a while. */
export const clickOn = (mail: Arrived, at: Instant, holdMs: number): Deed => ({
  at: after(at, holdMs),
  happenings: [byHuman(`ses:${mail.id}:click`, 'email.clicked', at, { email: mail.email })],
});

export const openOf = (mail: Arrived, at: Instant): Deed => ({
  at,
  happenings: [byHuman(`ses:${mail.id}:open`, 'email.opened', at, { email: mail.email })],
});

export const replyTo = (mail: Arrived, at: Instant): Deed => ({
  at,
  happenings: [byHuman(`reply:${mail.id}`, 'email.replied', at, { email: mail.email })],
});

export const viewOf = (category: string | undefined, at: Instant, nth: number): Deed => ({
  at,
  happenings: [
    byHuman(`visit:${at}:${nth}`, 'page.viewed', at, category === undefined ? {} : { category, seconds: 30 }),
  ],
});

/** Any other event, as a product or a page would post it. */
export const eventOf = (type: string, at: Instant, data: Happening['data'] = {}): Deed => ({
  at,
  happenings: [byHuman(`api:${type}:${at}`, type, at, data)],
});

export const unsubscribes = (at: Instant): Deed => ({
  at,
  happenings: [
    {
      ...byHuman(`unsubscribe:${at}`, 'email.unsubscribed', at),
      consent: [{ purpose: 'marketing', action: 'withdrawn', method: 'one-click' }],
    },
  ],
});

export const confirms = (purpose: string, asked: Instant, at: Instant): Deed => ({
  at,
  happenings: [
    {
      ...byHuman(`confirm:${purpose}:${at}`, 'consent.confirmed', at, { purpose }),
      consent: [{ purpose, action: 'confirmed', method: 'confirm-link', asked }],
    },
  ],
});

const byMachine = (key: string, type: string, at: Instant, data: Happening['data']): Happening => ({
  key,
  type,
  at,
  actor: 'machine',
  data,
});

export const bounceOf = (mail: Arrived, at: Instant): Deed => ({
  at,
  happenings: [byMachine(`ses:${mail.id}:bounce`, 'email.bounced', at, { email: mail.email, bounce: 'hard' })],
});

export const complaintOn = (mail: Arrived, at: Instant): Deed => ({
  at,
  happenings: [
    {
      ...byMachine(`ses:${mail.id}:complaint`, 'email.complained', at, { email: mail.email }),
      consent: [{ purpose: 'marketing', action: 'withdrawn', method: 'complaint' }],
    },
  ],
});

export const answerOf = (handoff: Handoff, answer: string, at: Instant): Deed => ({
  at,
  happenings: [answerHappening(handoff.id, { answer, by: handoff.assignee ?? 'sales' }, at)],
});

/** The events by which a lead asks for sales, and the words for them. */
export const ASKS: Record<string, string> = {
  demo: CONVERSIONS.demo,
  quote: CONVERSIONS.quote,
  meeting: CONVERSIONS.meeting,
  call: CONVERSIONS.contact,
  contact: CONVERSIONS.contact,
};

/** The form of a conversion, where the definition has one. */
export const formOfEvent = (forms: Record<string, Form>, type: string): Form | undefined =>
  Object.values(forms).find(({ conversion }) => CONVERSIONS[conversion] === type);
