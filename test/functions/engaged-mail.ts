/** A lead that was sent a mail, what SES tells of it, and what comes of that. */
import { act } from '../../functions/adapters/act.ts';
import { readLog } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { handler as fold } from '../../functions/fold.ts';
import { handler as record } from '../../functions/record.ts';
import { AT } from '../adapters/example-definition.ts';
import { address, guidePost, happening } from '../adapters/happenings.ts';
import { CHROME } from '../lead/traffic/trace.ts';
import { leadOf, setTime } from './world.ts';

export const SENT = later(AT, 86_400_000);
/** So many seconds after the mail was sent; it arrives two seconds after that. */
export const since = (seconds: number): string => later(SENT, seconds * 1000);

let nth = 0;

export type Mailed = Awaited<ReturnType<typeof mailed>>;

/** A lead that asked for the guide and was sent a mail, and the events that SES tells of it. @param mail the email's name. */
export async function mailed(name = `reader-${nth}`, mail = 'three-leaks') {
  const email = `${name}-${nth++}@engaged.example`;
  await act({ email: address(email) }, guidePost('form:1'), { at: AT });
  const { id: leadId } = await leadOf(email);
  const messageId = `message-${leadId}`;
  const tags = { lead_id: [leadId], send_id: [`snd_${nth}`], email: [mail], links: ['3'] };
  const event = (eventType: string, content: object) => ({
    time: SENT,
    detail: { eventType, mail: { timestamp: SENT, messageId, tags }, [eventType.toLowerCase()]: content },
  });
  const ip = `192.0.2.${nth % 250}`;
  return {
    leadId,
    messageId,
    email,
    lead: () => leadOf(email),
    log: () => readLog(leadId),
    clickActors: async () =>
      (await readLog(leadId)).filter(({ type }) => type === 'email.clicked').map(({ actor }) => actor),
    points: async () => (await leadOf(email)).values['email-click']?.value,
    delivered: (seconds = 2) => record(event('Delivery', { timestamp: since(seconds) })),
    opens: (seconds: number, userAgent: string) =>
      record(event('Open', { timestamp: since(seconds), userAgent, ipAddress: ip })),
    clicks: (seconds: number, link: string, more: { userAgent?: string; ipAddress?: string } = {}) => {
      if (new Date().toISOString() < since(seconds)) setTime(since(seconds));
      const link_ = `https://www.example.com/${link}`;
      return record(
        event('Click', { timestamp: since(seconds), link: link_, userAgent: CHROME, ipAddress: ip, ...more }),
      );
    },
    /** Of another event than the one that made the lead. */
    sendsForm: (seconds: number) => {
      if (new Date().toISOString() < since(seconds)) setTime(since(seconds));
      const sent = happening(`form:at-${seconds}`, { type: 'form.submitted', at: since(seconds) });
      return act({ leadId }, [sent], { at: new Date().toISOString() });
    },
    /** The time goes on to it, where it is not past. */
    judged: (seconds: number) => {
      if (new Date().toISOString() < since(seconds)) setTime(since(seconds));
      return fold({ 'detail-type': 'lead.fold', detail: { leadId } });
    },
  };
}
