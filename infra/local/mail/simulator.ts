/**
 * What becomes of a mail: by SES's mailbox simulator, the suppression list and the virus scan; and, on this machine alone, by
 * addresses under `ses.test` (a name that RFC 6761 keeps for tests) for what SES's own simulator does not show.
 */

/** By the domain before `.ses.test`: what becomes of each mail to an address there. The first three as the simulator does it. */
const LOCAL_DOMAINS = {
  'no-user': 'unknown-user',
  complains: 'complaint',
  success: 'delivery',
  'mailbox-full': 'mailbox-full',
  'no-answer': 'no-answer',
  expired: 'expired',
  'too-large': 'too-large',
  'content-rejected': 'content-rejected',
  'attachment-rejected': 'attachment-rejected',
  undetermined: 'undetermined',
  away: 'auto-reply',
} as const;
type LocalOutcome = (typeof LOCAL_DOMAINS)[keyof typeof LOCAL_DOMAINS];

export const BOUNCE_CAUSES = [
  'unknown-user',
  'simulated-suppression',
  'suppressed',
  'mailbox-full',
  'no-answer',
  'expired',
  'too-large',
  'content-rejected',
  'attachment-rejected',
  'undetermined',
  'auto-reply',
] as const;
export type BounceCause = (typeof BOUNCE_CAUSES)[number];

/** What happens to some recipients of one mail, in the words of SES's events. */
export type Outcome =
  | { type: 'Send' }
  | { type: 'Reject' }
  | { type: 'Delivery'; recipients: string[] }
  | { type: 'Bounce'; recipients: string[]; cause: BounceCause }
  | { type: 'Complaint'; recipients: string[]; cause: 'reported' | 'suppressed' };

export type SuppressionReason = 'BOUNCE' | 'COMPLAINT';

const ADDRESS = /^(success|bounce|complaint|ooto|suppressionlist)(?:\+[^@]*)?@simulator\.amazonses\.com$/i;

const LOCAL = /@([a-z-]+)\.ses\.test$/i;

const isLocal = (domain: string): domain is keyof typeof LOCAL_DOMAINS => Object.hasOwn(LOCAL_DOMAINS, domain);

const localOutcome = (address: string): LocalOutcome | undefined => {
  const domain = LOCAL.exec(address)?.[1]?.toLowerCase() ?? '';
  return isLocal(domain) ? LOCAL_DOMAINS[domain] : undefined;
};

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
  const locally = (outcome: LocalOutcome) => open.filter((each) => localOutcome(each) === outcome);
  const bounced: Record<BounceCause, string[]> = {
    'unknown-user': [...simulated('bounce'), ...locally('unknown-user')],
    'simulated-suppression': simulated('suppressionlist'),
    suppressed: blocked('BOUNCE'),
    'mailbox-full': locally('mailbox-full'),
    'no-answer': locally('no-answer'),
    expired: locally('expired'),
    'too-large': locally('too-large'),
    'content-rejected': locally('content-rejected'),
    'attachment-rejected': locally('attachment-rejected'),
    undetermined: locally('undetermined'),
    'auto-reply': locally('auto-reply'),
  };
  const bouncing = BOUNCE_CAUSES.filter((cause) => cause !== 'auto-reply').flatMap((cause) => bounced[cause]);
  const all: Outcome[] = [
    { type: 'Send' },
    { type: 'Delivery', recipients: open.filter((each) => !bouncing.includes(each)) },
    ...BOUNCE_CAUSES.map((cause): Outcome => ({ type: 'Bounce', recipients: bounced[cause], cause })),
    { type: 'Complaint', recipients: [...simulated('complaint'), ...locally('complaint')], cause: 'reported' },
    { type: 'Complaint', recipients: blocked('COMPLAINT'), cause: 'suppressed' },
  ];
  return all.filter((each) => !('recipients' in each) || each.recipients.length > 0);
}
