/** The links of ours in a mail to a lead. Who holds one acts for the person. */
import { env } from '../env.ts';
import { CONFIRM_MS } from '../lead/asking.ts';
import { confirmSubject } from '../lead/confirm-link.ts';
import type { Asked } from '../lead/consent.ts';
import type { Instant } from '../lead/event.ts';
import { later } from './table.ts';
import { sign } from './tokens.ts';

const link = async (page: string, token: Promise<string>): Promise<string> =>
  `${env('publicUrl')}/${page}/${await token}`;

/** Works for ever. */
export const unsubscribeLink = (leadId: string, now: Instant): Promise<string> =>
  link('unsubscribe', sign({ purpose: 'unsubscribe', subject: leadId }, now));

/** Works for ever. */
export const preferencesLink = (leadId: string, now: Instant): Promise<string> =>
  link('preferences', sign({ purpose: 'preferences', subject: leadId }, now));

/** Works for 7 days, and for these consents as they were asked for, no others. */
export const confirmLink = (leadId: string, asked: readonly Asked[], now: Instant): Promise<string> => {
  const subject = confirmSubject(leadId, asked);
  return link('confirm', sign({ purpose: 'confirm', subject, expires: later(now, CONFIRM_MS) }, now));
};
