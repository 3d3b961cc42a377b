/** Which acts ask the mailbox's owner to confirm a consent by a mail of its own. */
import { stillWaits } from './consent.ts';
import type { Act, Draft } from './draft.ts';
import type { LeadEvent } from './event.ts';

const DAY_MS = 86_400_000;
/** One reminder, while the link of the first mail still works. */
export const REMIND_AFTER_MS = 3 * DAY_MS;
/** How long a link confirms. */
export const CONFIRM_MS = 7 * DAY_MS;
/** How long a consent waits that nobody confirms: 30 days, and an hour, so that what ends on that day ends first. */
export const UNCONFIRMED_MS = 30 * DAY_MS + 3_600_000;

/** An import or a correction by hand asks nobody: only what a person ticks or presses is answered by a mail. */
const BY_PERSON = new Set(['box', 'preferences']);

const asksFor = ({ consent = [] }: LeadEvent, { lead }: Draft): boolean =>
  consent.some(({ action, method, purpose }) => {
    const at = lead.consents[purpose]?.at;
    return action === 'granted' && BY_PERSON.has(method) && !!at && stillWaits(lead.consents, { purpose, at });
  });

/** The mail that a form delivers carries the button itself; any other consent that waits is asked about by itself. */
export const askToConfirm = (draft: Draft, act: Act): Draft => {
  if (draft.lead.suppressed) return draft;
  const { forms } = act.context.rules;
  const delivers = ({ type, data }: LeadEvent) => type === 'form.submitted' && forms[String(data.form)]?.deliver;
  const asking = act.events.filter((event) => !delivers(event) && asksFor(event, draft));
  const messages = asking.map(({ leadId, id }) => ({ type: 'consent.asked', leadId, eventId: id }) as const);
  return messages.length > 0 ? { ...draft, messages: [...draft.messages, ...messages] } : draft;
};
