import { describe, expect, it } from 'vitest';
import { type Bounce, bounceVerdict, isOnList, isPraise, stoppingWords } from '../../functions/lead/bounce.ts';

const failed = (status: string, diagnosticCode?: string) => ({
  emailAddress: 'reader@company.example',
  action: 'failed',
  status,
  ...(diagnosticCode && { diagnosticCode }),
});
const bounce = (bounceType: string, bounceSubType: string | null, ...bouncedRecipients: object[]): Bounce => ({
  bounceType,
  bounceSubType,
  bouncedRecipients,
});
const NO_USER = failed('5.1.1', 'smtp; 550 5.1.1 <reader@company.example>: user unknown');
const EXPIRED = failed('4.4.7', 'smtp; 550 4.4.7 Message expired: unable to deliver in 840 minutes');

describe('a bounce', () => {
  it.each<[string, Bounce, string]>([
    ['of an address that is not there', bounce('Permanent', 'General', NO_USER), 'hard'],
    ['of an address that no server has', bounce('Permanent', 'NoEmail', NO_USER), 'hard'],
    ['of SES’s own list', bounce('Permanent', 'Suppressed', NO_USER), 'hard'],
    ['of the account’s list', bounce('Permanent', 'OnAccountSuppressionList', NO_USER), 'hard'],
    ['of a tenant’s list', bounce('Permanent', 'OnTenantSuppressionList', NO_USER), 'hard'],
    ['of SES’s validation', bounce('Permanent', 'EmailValidationSuppressed'), 'hard'],
    ['for good, by a sub-type that is new', bounce('Permanent', 'SomethingNew'), 'hard'],
    ['for good, without a sub-type', bounce('Permanent', null), 'hard'],
    ['of a server that is away', bounce('Transient', 'General', failed('4.4.1', 'smtp; 421 4.4.1 timed out')), 'soft'],
    ['of a full mailbox', bounce('Transient', 'MailboxFull', failed('5.2.2', 'smtp; 552 5.2.2 over quota')), 'soft'],
    ['of a mailbox that stayed full until SES gave up', bounce('Transient', 'MailboxFull', EXPIRED), 'soft'],
    [
      'that expired, since the mailbox was full',
      bounce('Transient', 'General', failed('4.4.7', 'smtp; 452 4.2.2 mailbox full')),
      'soft',
    ],
    ['that expired', bounce('Transient', 'General', EXPIRED), 'hard'],
    [
      'that expired, as its diagnostics alone say',
      bounce('Transient', 'General', failed('4.0.0', 'smtp; 550 4.4.7 Message expired')),
      'hard',
    ],
    ['that expired, by a status that says so alone', bounce('Transient', 'General', failed('4.4.7')), 'hard'],
    ['whose diagnostics hold an address like it', bounce('Transient', 'General', failed('4.3.0', '14.4.7.1')), 'soft'],
    ['of one’s own time limit', bounce('Transient', 'CustomTimeoutExceeded', EXPIRED), 'soft'],
    ['of a mail that is too large', bounce('Transient', 'MessageTooLarge', failed('5.3.4')), 'blocked'],
    ['of a mail’s content', bounce('Transient', 'ContentRejected', failed('5.6.1')), 'blocked'],
    ['of an attachment', bounce('Transient', 'AttachmentRejected', failed('5.7.1')), 'blocked'],
    ['that nobody understands', bounce('Undetermined', 'Undetermined'), 'soft'],
    ['of a type that is new', bounce('Sideways', 'Up', failed('4.4.7')), 'soft'],
    ['that is an out-of-office reply', bounce('Transient', 'General', { emailAddress: 'a@b.example' }), 'auto-reply'],
    ['that names nobody', { bounceType: 'Transient', bounceSubType: 'General' }, 'auto-reply'],
  ])('%s', (_, event, expected) => {
    expect(bounceVerdict(event).bounce).toBe(expected);
  });

  it.each<[string, Bounce, boolean]>([
    ['of an address that is not there', bounce('Permanent', 'General', NO_USER), true],
    ['of SES’s own list', bounce('Permanent', 'Suppressed', NO_USER), true],
    ['of the account’s list', bounce('Permanent', 'OnAccountSuppressionList', NO_USER), false],
    ['of a tenant’s list', bounce('Permanent', 'OnTenantSuppressionList', NO_USER), false],
    ['of SES’s validation', bounce('Permanent', 'EmailValidationSuppressed'), false],
    ['that expired', bounce('Transient', 'General', EXPIRED), false],
    ['of a full mailbox', bounce('Transient', 'MailboxFull'), false],
    ['of a mail’s content', bounce('Transient', 'ContentRejected'), false],
  ])('%s counts as SES counts it: %#', (_, event, expected) => {
    expect(bounceVerdict(event).counts).toBe(expected);
  });

  it('leaves nothing of the diagnostics but the status code', () => {
    const verdict = bounceVerdict(bounce('Permanent', 'General', NO_USER));
    expect(verdict).toEqual({ bounce: 'hard', reason: 'General', status: '5.1.1', counts: true });
  });

  it('takes no address for a sub-type', () => {
    const verdict = bounceVerdict(bounce('Permanent', 'reader@company.example'));
    expect(verdict).toMatchObject({ bounce: 'hard', reason: 'Permanent' });
  });

  it('names no status where the diagnostics hold none', () => {
    const verdict = bounceVerdict(bounce('Transient', 'General', failed('', 'connection to 10.4.4.7 refused')));
    expect(verdict).toEqual({ bounce: 'soft', reason: 'General', counts: false });
  });
});

describe('feedback', () => {
  it.each([
    ['abuse', false],
    ['fraud', false],
    ['virus', false],
    ['auth-failure', false],
    [null, false],
    ['not-spam', true],
  ])('of the type %s is praise: %s', (type, expected) => {
    expect(isPraise(type)).toBe(expected);
  });

  it.each([
    [null, false],
    ['OnAccountSuppressionList', true],
    ['OnTenantSuppressionList', true],
  ])('of the sub-type %s comes from a list: %s', (subType, expected) => {
    expect(isOnList(subType)).toBe(expected);
  });
});

describe('the timeline', () => {
  it.each([
    [
      'email.bounced',
      { email: 'tips', bounce: 'hard', reason: 'General', status: '5.1.1' },
      'The mail tips will never arrive: the address takes no mail (General, 5.1.1)',
    ],
    [
      'email.bounced',
      { email: 'tips', bounce: 'soft', reason: 'MailboxFull' },
      'The mail tips did not arrive this time (MailboxFull)',
    ],
    [
      'email.bounced',
      { email: 'tips', bounce: 'blocked', reason: 'MessageTooLarge' },
      'The mail tips was refused for what it holds, which is not the recipient’s fault (MessageTooLarge)',
    ],
    [
      'email.auto-replied',
      { email: 'tips', bounce: 'auto-reply', reason: 'General' },
      'The mail tips has arrived, and was answered automatically (General)',
    ],
    [
      'email.bounced',
      { email: 'tips', bounce: 'hard', reason: 'OnAccountSuppressionList', suppressed: true },
      'The mail tips was not handed over by SES: it stands on the suppression list of the account, for it has bounced or complained before (OnAccountSuppressionList)',
    ],
    ['email.complained', { email: 'tips', reason: 'abuse' }, 'Complained about the mail tips (abuse)'],
    ['email.complained', {}, 'Complained about the mail'],
    [
      'email.complained',
      { email: 'tips', reason: 'OnAccountSuppressionList', suppressed: true },
      'The mail tips was not handed over by SES: the address has complained before (OnAccountSuppressionList)',
    ],
    ['email.complained', { by: 'import' }, 'Complained, as an imported list says'],
    ['email.bounced', { bounce: 'hard', by: 'import' }, 'Bounced, as an imported list says'],
    // As older events say it.
    ['email.bounced', { email: 'tips' }, 'The mail tips bounced'],
    ['email.opened', { email: 'tips' }, undefined],
  ])('tells %s %j as “%s”', (type, data, expected) => {
    expect(stoppingWords({ type, data })).toBe(expected);
  });
});
