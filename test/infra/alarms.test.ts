/** What the metric filters look for is what the functions log: a filter that finds nothing is an alarm that never rings. */
import { SendEmailCommand, SendingPausedException, TooManyRequestsException } from '@aws-sdk/client-sesv2';
import type { IFilterPattern } from 'aws-cdk-lib/aws-logs';
import { describe, expect, it, vi } from 'vitest';
import { handler as ask } from '../../functions/ask.ts';
import { handler as deliver } from '../../functions/deliver.ts';
import { log } from '../../functions/http/log.ts';
import { ALARMING } from '../../functions/http/log-lines.ts';
import { handler as send } from '../../functions/send.ts';
import { PATTERNS } from '../../infra/alarms.ts';
import {
  enrolledLead,
  enrolmentOf,
  messages,
  ses,
  setNow,
  taskOf,
  thrown,
  useWorld,
} from '../functions/nurture-world.ts';
import { newAddress, postGuide } from '../functions/recipients-world.ts';

useWorld();

/** The lines that a pattern of quoted terms finds: all of them, or one where each is marked by `?` (CloudWatch Logs user guide). */
function found({ logPatternString }: IFilterPattern): string[] {
  const terms = [...logPatternString.matchAll(/(\??)("(?:[^"\\]|\\.)*")/g)].map(([, any, term = '']) => ({
    any: any === '?',
    text: String(JSON.parse(term)),
  }));
  const lines = [console.error, console.warn, console.info].flatMap((out) => vi.mocked(out).mock.calls.map(String));
  return lines.filter((line) =>
    terms.every(({ any }) => any)
      ? terms.some(({ text }) => line.includes(text))
      : terms.every(({ text }) => line.includes(text)),
  );
}

/** Each function that sends mail to leads, called where one is to go out. */
const SENDERS: Record<string, () => Promise<unknown>> = {
  async send() {
    const enrolled = await enrolledLead();
    const { step, dueAt } = await enrolmentOf(enrolled);
    setNow(dueAt);
    return thrown(send(await taskOf(enrolled, step ?? '')));
  },
  async deliver() {
    const { leadId } = await enrolledLead();
    await deliver({ detail: messages('deliver.requested').find((one) => one.leadId === leadId) });
  },
  async ask() {
    const { id } = await postGuide(newAddress(), { data: { form: 'newsletter' } });
    const detail = messages('consent.asked').find(({ leadId }) => leadId === id);
    await ask({ 'detail-type': 'consent.asked', detail });
  },
};

const REFUSALS = {
  'sending is paused': new SendingPausedException({ $metadata: {}, message: 'paused' }),
  'the daily quota is used up': new TooManyRequestsException({
    $metadata: {},
    message: 'Daily message quota exceeded',
  }),
};
const PASSING = new TooManyRequestsException({ $metadata: {}, message: 'Maximum sending rate exceeded.' });

describe.each(Object.entries(SENDERS))('the alarm on parked sending reads %s', (_, sends) => {
  it.each(Object.entries(REFUSALS))('where %s', async (__, error) => {
    ses.on(SendEmailCommand).rejects(error);
    await sends();
    expect(found(PATTERNS.parked)).toHaveLength(1);
  });

  it('not where SES takes the mail, or will in a moment', async () => {
    await sends();
    ses.on(SendEmailCommand).rejects(PASSING);
    await sends();
    expect(found(PATTERNS.parked)).toEqual([]);
  });
});

describe('the alarm', () => {
  it('on the brake reads the line of the brake, as an error', () => {
    log.info(ALARMING.brakeIsOn);
    log.error('another thing', {});
    expect(found(PATTERNS.braked)).toEqual([]);
    log.error(ALARMING.brakeIsOn);
    expect(found(PATTERNS.braked)).toHaveLength(1);
  });

  it('on a task reads any error, and nothing less', () => {
    log.warn('a thing');
    log.info('a thing');
    expect(found(PATTERNS.failed)).toEqual([]);
    log.error('a thing');
    expect(found(PATTERNS.failed)).toHaveLength(1);
  });
});
