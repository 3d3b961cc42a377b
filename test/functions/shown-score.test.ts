import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { forgetDefinitions } from '../../functions/adapters/definitions.ts';
import { dynamo } from '../../functions/adapters/dynamo.ts';
import { previewRescoring, rescore } from '../../functions/adapters/rescoring.ts';
import { handler as hands } from '../../functions/hands.ts';
import { clockStruck } from '../../functions/lead/decide.ts';
import { app } from '../../functions/leads.ts';
import { AT, exampleDefinition, otherDefinition, publishNext } from '../adapters/example-definition.ts';
import { address, guidePost, happening } from '../adapters/happenings.ts';
import { answerOf, postJson } from './requests.ts';
import { leadOf, setTime, useWorld } from './world.ts';

useWorld();

const A = exampleDefinition;
const B = otherDefinition;
const dayAfter = '2027-03-02T02:00:00.000Z';

async function newLead(name: string): Promise<string> {
  const email = `${name}@shown.example`;
  await act({ email: address(email) }, guidePost(`form:${name}`, { fields: { companySize: '50-249' } }), { at: AT });
  return (await leadOf(email)).id;
}

type Shown = Record<string, unknown> & { version: string };
const get = async <T = Shown>(path: string): Promise<T> =>
  (await (await app.request(`http://localhost${path}`)).json()) as T;

/** The lead as the list, its profile and its score show it. */
async function shown(id: string) {
  const { items } = await get<{ items: Shown[] }>('/api/leads?limit=100');
  const score = await get<Shown & { fit: { value: number }; engagement: { value: number } }>(`/api/leads/${id}/score`);
  const { version, fit, engagement } = await get(`/api/leads/${id}`);
  const inList = items.find((lead) => lead.id === id);
  expect({ version: inList?.version, fit: inList?.fit, engagement: inList?.engagement }).toEqual({
    version,
    fit,
    engagement,
  });
  expect({ version: score.version, fit: score.fit.value, engagement: score.engagement.value }).toEqual({
    version,
    fit,
    engagement,
  });
  return { version, fit, engagement };
}

describe('what is shown of a lead', () => {
  it('is its score under the definition that scored it last, until it is folded anew', async () => {
    await publishNext(A);
    const id = await newLead('anew');
    setTime(dayAfter);
    const before = await shown(id);
    expect(before).toEqual({ version: A.hash, fit: 40, engagement: 19 });
    await publishNext(B);
    expect(await shown(id)).toEqual(before);
    const { act: happens } = (await previewRescoring(id, { id: 'x', who: 'test' }, dayAfter)) ?? {};
    if (happens) await rescore(id, happens, dayAfter);
    expect(await shown(id)).toEqual({ version: B.hash, fit: 39, engagement: 36 });
  });

  it('is under the one in force once the person does something', async () => {
    await publishNext(A);
    const id = await newLead('acts');
    await publishNext(B);
    await act({ leadId: id }, [happening('p', { at: dayAfter })], { at: dayAfter });
    setTime(dayAfter);
    expect(await shown(id)).toEqual({ version: B.hash, fit: 39, engagement: 18 });
  });

  it('stays as it is while only mail goes out and the clock looks', async () => {
    await publishNext(A);
    const id = await newLead('quiet');
    await publishNext(B);
    const quiet = { at: dayAfter, actor: 'machine' } as const;
    await act({ leadId: id }, [happening('s', { ...quiet, type: 'email.sent' })], { at: dayAfter });
    await act({ leadId: id }, [clockStruck(dayAfter, dayAfter)], { at: dayAfter });
    setTime(dayAfter);
    expect(await shown(id)).toEqual({ version: A.hash, fit: 40, engagement: 19 });
  });

  it('is what a correction by hand that comes again is answered with', async () => {
    await publishNext(A);
    const id = await newLead('corrected');
    const correct = async () => {
      const fields = { jobTitle: 'Accountant' };
      const request = postJson(`/api/leads/${id}`, { id }, { fields }, { 'idempotency-key': 'once' });
      return answerOf(await hands(request)).json as Shown;
    };
    expect(await correct()).toMatchObject({ version: A.hash, jobTitle: 'Accountant' });
    await publishNext(B);
    const { version, fit } = await correct();
    expect({ version, fit }).toMatchObject({ version: A.hash, fit: (await shown(id)).fit });
  });

  it('tells what is missing for the next stage under the same definition', async () => {
    await publishNext(A);
    const id = await newLead('next');
    const before = await get(`/api/leads/${id}/score`);
    await publishNext({ ...B, hash: 'c'.repeat(64), scoring: { ...B.scoring, stages: [], gates: {} } });
    expect(await get(`/api/leads/${id}/score`)).toEqual(before);
  });

  it('is found by the grade that it shows', async () => {
    await publishNext(A);
    const id = await newLead('graded');
    const grades = { A: 3, B: 2, C: 1 };
    await publishNext({
      ...B,
      hash: 'd'.repeat(64),
      scoring: { ...B.scoring, fit: { ...B.scoring.fit, grades } },
    });
    const { grade } = await get(`/api/leads/${id}`);
    const of = async (asked: string) =>
      (await get<{ items: Shown[] }>(`/api/leads?limit=100&grade=${asked}`)).items.some((lead) => lead.id === id);
    expect(grade).not.toBe('A');
    expect(await of(String(grade))).toBe(true);
    expect(await of('A')).toBe(false);
  });

  it('reads each definition once for a list, however many leads are under it', async () => {
    forgetDefinitions();
    const send = vi.spyOn(dynamo, 'send');
    await get('/api/leads?limit=100');
    const parts = send.mock.calls.flatMap(([command]) =>
      command instanceof GetItemCommand ? [JSON.stringify(command.input.Key)] : [],
    );
    expect(parts.length).toBeGreaterThan(0);
    expect(new Set(parts).size).toBe(parts.length);
  });
});
