/** What becomes of a mail: by SES's mailbox simulator, the suppression list and the virus scan. */

/** What happens to some recipients of one mail, in the words of SES's events. */
export type Outcome =
  | { type: 'Send' }
  | { type: 'Reject' }
  | { type: 'Delivery'; recipients: string[] }
  | { type: 'Bounce'; recipients: string[]; cause: 'unknown-user' | 'simulated-suppression' | 'suppressed' }
  | { type: 'Complaint'; recipients: string[]; cause: 'reported' | 'suppressed' };

export type SuppressionReason = 'BOUNCE' | 'COMPLAINT';

const ADDRESS = /^(success|bounce|complaint|ooto|suppressionlist)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

export const isSimulated = (address: string): boolean => /@simulator\.amazonses\.com$/i.test(address);

/**
 * What follows from taking a mail, in order. A suppressed recipient is judged by the suppression, even a simulated one.
 * An automatic reply (`ooto@`) is a mail to the sender, not an event. Simulated bounces of one mail come as one event.
 * `suppressionlist@` bounces as an ordinary General bounce whose diagnostic names the suppression (observed on SES in
 * September 2026; the developer guide only says "a hard bounce as if the address is on the global suppression list").
 */
export function outcomesOf(
  recipients: string[],
  suppressed: (address: string) => SuppressionReason | undefined,
  infected: boolean,
): Outcome[] {
  if (infected) return [{ type: 'Send' }, { type: 'Reject' }];
  const blocked = (reason: SuppressionReason) => recipients.filter((each) => suppressed(each) === reason);
  const open = recipients.filter((each) => suppressed(each) === undefined);
  const simulated = (scenario: string) => open.filter((each) => ADDRESS.exec(each)?.[1]?.toLowerCase() === scenario);
  const bouncing = [...simulated('bounce'), ...simulated('suppressionlist')];
  const all: Outcome[] = [
    { type: 'Send' },
    { type: 'Delivery', recipients: open.filter((each) => !bouncing.includes(each)) },
    { type: 'Bounce', recipients: simulated('bounce'), cause: 'unknown-user' },
    { type: 'Bounce', recipients: simulated('suppressionlist'), cause: 'simulated-suppression' },
    { type: 'Bounce', recipients: blocked('BOUNCE'), cause: 'suppressed' },
    { type: 'Complaint', recipients: simulated('complaint'), cause: 'reported' },
    { type: 'Complaint', recipients: blocked('COMPLAINT'), cause: 'suppressed' },
  ];
  return all.filter((each) => !('recipients' in each) || each.recipients.length > 0);
}
