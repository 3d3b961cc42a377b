/** A post that comes again: by its key, by its values, from a page that was kept. */
import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/submit.ts';
import { answerOf, postJson } from './requests.ts';
import { leadOf, setTime, useWorld } from './world.ts';

useWorld();

const GUIDE = 'cash-flow-guide';
const post = async (values: object, headers = {}, form = GUIDE) =>
  answerOf(await handler(postJson(`/forms/${form}`, { form }, values, headers)));

describe('the same post', () => {
  it('within five minutes is one submission, later another', async () => {
    const values = { email: 'same@one.example', name: 'S' };
    const first = await post(values);
    setTime('2027-03-01T02:04:59.000Z');
    expect((await post(values)).json).toEqual(first.json);
    setTime('2027-03-01T02:05:01.000Z');
    expect((await post(values)).json).not.toEqual(first.json);
    expect((await leadOf('same@one.example')).conversions).toBe(2);
  });

  it('with other values is another submission', async () => {
    const first = await post({ email: 'other@one.example', name: 'S' });
    expect((await post({ email: 'other@one.example', name: 'T' })).json).not.toEqual(first.json);
  });

  it('of the same values by another key is one submission, too, within five minutes', async () => {
    const values = { email: 'reloaded@one.example', name: 'A' };
    const first = await post(values, { 'idempotency-key': 'load-1' });
    setTime('2027-03-01T02:04:59.000Z');
    expect((await post(values, { 'idempotency-key': 'load-2' })).json).toEqual(first.json);
    expect((await post(values)).json).toEqual(first.json);
    expect((await leadOf('reloaded@one.example')).conversions).toBe(1);
    setTime('2027-03-01T02:05:01.000Z');
    await post(values, { 'idempotency-key': 'load-3' });
    expect((await leadOf('reloaded@one.example')).conversions).toBe(2);
  });

  it('by a key that others may know is answered the same, whether and whenever it was sent before', async () => {
    const key = { 'idempotency-key': 'page-cached' };
    const [known, again] = [
      await post({ email: 'v@cached.example' }, key),
      await post({ email: 'v@cached.example' }, key),
    ];
    expect(again.json).toEqual(known.json);
    const submissionOf = ({ json }: { json: unknown }) => (json as { submissionId: string }).submissionId;
    const time = (answer: { json: unknown }) => submissionOf(answer).slice(0, 'sub_'.length + 10);
    setTime('2027-03-03T02:00:00.000Z');
    expect(time(await post({ email: 'stranger@cached.example' }, key))).toBe(time(known));
  });

  it.each([
    ['header', (key: string) => [{}, { 'idempotency-key': key }] as const],
    ['field', (key: string) => [{ idempotency_key: key }, {}] as const],
  ])('by the key in its %s is one submission, whatever its values', async (where, given) => {
    const email = `${where}@key.example`;
    const [field, header] = given('k-1');
    const first = await post({ email, name: 'A', ...field }, header);
    expect((await post({ email, name: 'B', ...field }, header)).json).toEqual(first.json);
    expect((await leadOf(email)).conversions).toBe(1);
  });

  it('from a cached page, with one key for all visitors, is a submission of each address', async () => {
    const key = { 'idempotency-key': 'cached' };
    const [first, second] = [
      await post({ email: 'x@cached.example' }, key),
      await post({ email: 'y@cached.example' }, key),
    ];
    expect(first.json).not.toEqual(second.json);
    expect((await leadOf('y@cached.example')).conversions).toBe(1);
  });

  it('sent twice at once by a double click makes one lead with one submission, and one answer', async () => {
    const values = { email: 'double@one.example', name: 'D' };
    const answers = await Promise.all([post(values), post(values), post(values)]);
    expect(new Set(answers.map(({ json }) => JSON.stringify(json))).size).toBe(1);
    expect((await leadOf('double@one.example')).conversions).toBe(1);
  });
});
