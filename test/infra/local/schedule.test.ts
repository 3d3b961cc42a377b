import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../infra/local/resource.ts';
import { compileExpression } from '../../../infra/local/schedule/expression.ts';
import { createSchedules } from '../../../infra/local/schedule.ts';
import { account, arnOf, DAY, fakeParts, HOUR, MINUTE, region } from './fake-parts.ts';

const ruleOf = (expression: string, target: Record<string, unknown> = {}, name = 'minutely'): Resource => ({
  logicalId: name,
  name,
  properties: { ScheduleExpression: expression, Targets: [{ Id: 't', Arn: arnOf(name), ...target }] },
});
const scheduleOf = (properties: Record<string, unknown>): Resource => ({
  logicalId: 'S',
  name: 's',
  properties: { FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: arnOf('f'), RoleArn: 'r' }, ...properties },
});

function setUp(rules: Resource[], schedules: Resource[] = [], fake = fakeParts({ start: '2026-11-16T00:00:30.000Z' })) {
  const sent: { queue: string; attributes: Record<string, string> | undefined }[] = [];
  const warnings: string[] = [];
  const part = createSchedules(
    fake.parts,
    { rules, schedules },
    {
      workDone: () => fake.activity.done,
      sendMessage: (queue, _, attributes) => sent.push({ queue, attributes }),
      warn: (line) => warnings.push(line),
    },
  );
  part.resume();
  const times = () => fake.invoked.map((each) => new Date(each.at).toISOString());
  return { ...fake, times, sent, warnings };
}

describe('a schedule expression', () => {
  const next = (expression: string, after: string, zone = 'UTC') => {
    const at = compileExpression(expression, zone, Date.parse('2026-11-16T00:00:10Z'))(Date.parse(after));
    return at === undefined ? undefined : new Date(at).toISOString();
  };

  it.each([
    ['rate(1 minute)', '2026-11-16T00:00:10Z', '2026-11-16T00:01:10.000Z'],
    ['rate(5 minutes)', '2026-11-16T00:07:00Z', '2026-11-16T00:10:10.000Z'],
    ['rate(2 hours)', '2026-11-16T00:07:00Z', '2026-11-16T02:00:10.000Z'],
    ['rate(1 day)', '2026-11-16T00:07:00Z', '2026-11-17T00:00:10.000Z'],
    ['cron(0 12 * * ? *)', '2026-11-16T12:00:00Z', '2026-11-17T12:00:00.000Z'],
    ['cron(5/15 * * * ? *)', '2026-11-16T12:21:00Z', '2026-11-16T12:35:00.000Z'],
    ['cron(0 8 ? * MON-FRI *)', '2026-11-20T09:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['cron(0 8 ? * 2 *)', '2026-11-17T00:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['cron(0 8 ? * 2-6 *)', '2026-11-20T09:00:00Z', '2026-11-23T08:00:00.000Z'],
    ['cron(0 8 ? * 1,7 *)', '2026-11-16T00:00:00Z', '2026-11-21T08:00:00.000Z'],
    ['cron(0 8 ? * 3#2 *)', '2026-11-16T00:00:00Z', '2026-12-08T08:00:00.000Z'],
    ['cron(0 8 ? * 6L *)', '2026-11-16T00:00:00Z', '2026-11-27T08:00:00.000Z'],
    ['cron(0 8 L * ? *)', '2026-11-16T00:00:00Z', '2026-11-30T08:00:00.000Z'],
    ['cron(0 8 1 1 ? 2028)', '2026-11-16T00:00:00Z', '2028-01-01T08:00:00.000Z'],
    ['cron(0 8 1 1 ? 2025)', '2026-11-16T00:00:00Z', undefined],
    ['at(2026-12-01T08:00:00)', '2026-11-16T00:00:00Z', '2026-12-01T08:00:00.000Z'],
    ['at(2026-12-01T08:00:00)', '2026-12-01T08:00:00Z', undefined],
  ])('%s after %s is due at %s', (expression, after, due) => {
    expect(next(expression, after)).toBe(due);
  });

  it('is read in its time zone, summer time included', () => {
    expect(next('cron(0 8 * * ? *)', '2026-11-16T00:00:00Z', 'Europe/Berlin')).toBe('2026-11-16T07:00:00.000Z');
    expect(next('cron(0 8 * * ? *)', '2026-07-16T00:00:00Z', 'Europe/Berlin')).toBe('2026-07-16T06:00:00.000Z');
    expect(next('at(2026-12-01T08:00:00)', '2026-11-16T00:00:00Z', 'America/New_York')).toBe(
      '2026-12-01T13:00:00.000Z',
    );
  });

  it.each([
    'rate(1 minutes)',
    'rate(2 minute)',
    'rate(0 minutes)',
    'cron(* * * * *)',
    'cron(0 8 * * * *)',
    'cron(0 8 ? * ? *)',
    'at(tomorrow)',
    'every minute',
    'cron(61 * * * ? *)',
  ])('%s is refused', (expression) => {
    expect(() => compileExpression(expression, 'UTC', 0)).toThrow(expression);
  });
});

describe('a scheduled rule', () => {
  it('runs each tick at its own time when the clock is moved', async () => {
    const { advance, times } = setUp([ruleOf('rate(1 minute)')]);
    await advance(3 * MINUTE);
    expect(times()).toEqual(['2026-11-16T00:01:30.000Z', '2026-11-16T00:02:30.000Z', '2026-11-16T00:03:30.000Z']);
  });

  it('gives the event of AWS, or its input', async () => {
    const { advance, invoked } = setUp([
      ruleOf('rate(1 minute)'),
      ruleOf('rate(1 minute)', { Input: '{"a":1}' }, 'other'),
    ]);
    await advance(MINUTE);
    expect(invoked.map((each) => each.payload)).toEqual([
      {
        version: '0',
        id: expect.any(String),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account,
        time: '2026-11-16T00:01:30Z',
        region,
        resources: [`arn:aws:events:${region}:${account}:rule/minutely`],
        detail: {},
      },
      { a: 1 },
    ]);
  });

  it('never overlaps itself: ticks that a long run covers are left out', async () => {
    const fake = setUp([ruleOf('rate(1 minute)')]);
    fake.lambdaState.answer = () => {
      if (fake.invoked.length === 1) fake.pass(2.5 * MINUTE);
      return { ok: true, payload: null };
    };
    await fake.advance(5 * MINUTE);
    expect(fake.times()).toEqual(['2026-11-16T00:01:30.000Z', '2026-11-16T00:04:30.000Z', '2026-11-16T00:05:30.000Z']);
  });

  it('hands a failed run to the asynchronous queue of the function, and ticks on', async () => {
    const fake = setUp([ruleOf('rate(1 minute)')]);
    fake.lambdaState.answer = () => ({ ok: false, error: { errorType: 'Error', errorMessage: 'no' } });
    await fake.advance(2 * MINUTE);
    expect(fake.invoked).toHaveLength(4);
  });

  it('tells the dead-letter queue when the function does not exist', async () => {
    const queue = `arn:aws:sqs:${region}:${account}:dead`;
    const fake = setUp([ruleOf('rate(1 minute)', { DeadLetterConfig: { Arn: queue } })]);
    fake.lambdaState.missing.add(arnOf('minutely'));
    await fake.advance(2 * MINUTE);
    expect(fake.sent).toHaveLength(2);
    expect(fake.sent[0]).toMatchObject({
      queue,
      attributes: { TARGET_ARN: arnOf('minutely'), ERROR_CODE: 'ResourceNotFoundException' },
    });
    expect(fake.warnings).toHaveLength(2);
  });

  it('ticks once for all that was due while nothing ran, and keeps its rhythm', async () => {
    const first = setUp([ruleOf('rate(1 hour)')]);
    await first.advance(HOUR);
    const second = setUp([ruleOf('rate(1 hour)')], [], fakeParts({ db: first.db, start: '2026-11-16T05:10:00.000Z' }));
    await second.advance(HOUR);
    expect(second.times()).toEqual(['2026-11-16T05:10:00.000Z', '2026-11-16T06:00:30.000Z']);
  });
});

describe('a function that has nothing to do before an instant', () => {
  const quietFor = (ms: number) => (call: { at: number }) => ({
    ok: true as const,
    payload: { nothingBefore: new Date(call.at + ms).toISOString() },
  });

  it('is left alone until then', async () => {
    const fake = setUp([ruleOf('rate(1 minute)')]);
    fake.lambdaState.answer = quietFor(HOUR);
    await fake.advance(3 * HOUR);
    expect(fake.times()).toEqual(['2026-11-16T00:01:30.000Z', '2026-11-16T01:01:30.000Z', '2026-11-16T02:01:30.000Z']);
  });

  it('is woken by the next tick after other work', async () => {
    const fake = setUp([ruleOf('rate(1 minute)')]);
    fake.lambdaState.answer = quietFor(DAY);
    fake.clock.at(Date.parse('2026-11-16T00:10:00Z'), () => void fake.activity.track(Promise.resolve()));
    await fake.advance(HOUR);
    expect(fake.times()).toEqual(['2026-11-16T00:01:30.000Z', '2026-11-16T00:10:30.000Z']);
  });

  it('is woken by work that ran beside it', async () => {
    const fake = setUp([ruleOf('rate(1 minute)')]);
    const quiet = quietFor(DAY);
    fake.lambdaState.answer = (call) => {
      if (fake.invoked.length === 1) void fake.activity.track(Promise.resolve());
      return quiet(call);
    };
    await fake.advance(HOUR);
    expect(fake.times()).toEqual(['2026-11-16T00:01:30.000Z', '2026-11-16T00:02:30.000Z']);
  });

  it('is not woken by other schedules that have nothing to do', async () => {
    const fake = setUp([ruleOf('rate(1 minute)'), ruleOf('rate(1 minute)', {}, 'other')]);
    fake.lambdaState.answer = quietFor(HOUR);
    await fake.advance(HOUR);
    expect(fake.invoked).toHaveLength(2);
  });
});

describe('a schedule of EventBridge Scheduler', () => {
  it('runs in its time zone with its input and the context filled in', async () => {
    const Target = {
      Arn: arnOf('f'),
      RoleArn: 'r',
      Input: '{"due":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>"}',
    };
    const zoned = { ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Europe/Berlin', Target };
    const fake = setUp([], [scheduleOf(zoned)]);
    await fake.advance(DAY);
    expect(fake.invoked.map((each) => each.payload)).toEqual([
      { due: '2026-11-16T07:00:00Z', arn: `arn:aws:scheduler:${region}:${account}:schedule/default/s` },
    ]);
  });

  it('stays between its start and its end', async () => {
    const within = { StartDate: '2026-11-17T00:00:00Z', EndDate: '2026-11-19T00:00:00Z' };
    const fake = setUp([], [scheduleOf({ ScheduleExpression: 'cron(0 8 * * ? *)', ...within })]);
    await fake.advance(7 * DAY);
    expect(fake.times()).toEqual(['2026-11-17T08:00:00.000Z', '2026-11-18T08:00:00.000Z']);
  });

  it('with at() runs once', async () => {
    const fake = setUp([], [scheduleOf({ ScheduleExpression: 'at(2026-11-16T00:05:00)' })]);
    await fake.advance(DAY);
    expect(fake.times()).toEqual(['2026-11-16T00:05:00.000Z']);
    expect(fake.invoked[0]?.payload).toMatchObject({
      source: 'aws.scheduler',
      detail: '{}',
      time: '2026-11-16T00:05:00Z',
    });
  });

  it('does not run when it is disabled', async () => {
    const fake = setUp([], [scheduleOf({ ScheduleExpression: 'rate(1 minute)', State: 'DISABLED' })]);
    await fake.advance(HOUR);
    expect(fake.invoked).toEqual([]);
  });

  it.each([
    [
      'the target',
      { ScheduleExpression: 'rate(1 minute)', Target: { Arn: 'arn:aws:sqs:us-east-1:1:q', RoleArn: 'r' } },
      /functions only/,
    ],
    ['the expression', { ScheduleExpression: 'rate(often)' }, /rate\(often\)/],
    ['the zone', { ScheduleExpression: 'cron(0 8 * * ? *)', ScheduleExpressionTimezone: 'Mars/Base' }, /Mars\/Base/],
    ['the property', { ScheduleExpression: 'rate(1 minute)', Sparkle: 1 }, /Sparkle/],
    [
      'the input',
      { ScheduleExpression: 'rate(1 minute)', Target: { Arn: arnOf('f'), RoleArn: 'r', Input: '{' } },
      /not JSON/,
    ],
  ])('is refused, naming %s', (_, properties, message) => {
    expect(() => setUp([], [scheduleOf(properties)])).toThrow(message);
  });
});
