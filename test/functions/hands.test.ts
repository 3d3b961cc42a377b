import { describe, expect, it } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { currentRules } from '../../functions/adapters/definitions.ts';
import { enrolmentsOf, loadHandoff, loadLead, readLog } from '../../functions/adapters/leads.ts';
import { listLeads } from '../../functions/adapters/lists.ts';
import { handler } from '../../functions/hands.ts';
import { scoreOf } from '../../functions/lead/score.ts';
import { handler as merge } from '../../functions/merge.ts';
import { AT } from '../adapters/example-definition.ts';
import { address, guidePost } from '../adapters/happenings.ts';
import { answerOf, requestEvent } from './requests.ts';
import { leadOf, setTime, useWorld } from './world.ts';

const world = useWorld();

const call = async (method: string, path: string, id: string, value: unknown, headers = {}) =>
  answerOf(
    await handler(
      requestEvent({
        method,
        path,
        params: { id },
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(value),
      }),
    ),
  );
const patch = (id: string, value: unknown, headers = {}) => call('PATCH', `/api/leads/${id}`, id, value, headers);
const post = (id: string, what: 'stop' | 'merge', value: unknown) =>
  call('POST', `/api/leads/${id}/${what}`, id, value);

const LATER = new Date(Date.parse(AT) + 60_000).toISOString();

/** Of no grade, so that no score hands it over. */
const newLead = async (name: string): Promise<string> => {
  const posted = guidePost(`form:${name}`, { fields: {} });
  const outcome = await act({ email: address(`${name}@hands.example`) }, posted, { at: AT });
  if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  return outcome.lead.id;
};

describe('correcting a lead', () => {
  it('sets and clears fields, with who and why on record, and gains no points', async () => {
    const id = await newLead('fields');
    const before = await loadLead(id);
    expect((await patch(id, { fields: { jobTitle: 'Director' }, why: 'told us by phone' })).statusCode).toBe(200);
    expect((await loadLead(id))?.fields.jobTitle).toBe('Director');
    setTime(LATER);
    await patch(id, { fields: { jobTitle: null } });
    const after = await loadLead(id);
    expect(after?.fields.jobTitle).toBeUndefined();
    expect(after?.values).toEqual(before?.values);
    const noted = (await readLog(id)).filter(({ type }) => type === 'lead.corrected');
    expect(noted.map(({ by }) => by)).toContainEqual({ who: 'api', why: 'told us by phone' });
  });

  it.each([
    ['a field that is none', { fields: { jobTitel: 'x' } }, 422, 'do you mean jobTitle?'],
    ['the address', { fields: { email: 'x@y.example' } }, 422, 'There is no field email'],
    ['a value of another type', { fields: { jobTitle: { a: 1 } } }, 422, 'must be a text'],
    ['a choice that is none', { fields: { companySize: 'many' } }, 422, 'companySize'],
    ['a name of two lines', { fields: { name: 'a\r\nBcc: all@evil.example' } }, 422, 'one line'],
    ['a name with markup', { fields: { name: '<b>An' } }, 422, 'must not hold'],
    ['half a character', { fields: { jobTitle: '\ud800' } }, 400, 'half of a character'],
    ['half a character as its reason', { stage: 'iql', why: 'x\ud800' }, 400, 'a character'],
    ['a stage that is none', { stage: 'hot' }, 400, 'one of lead, iql'],
    ['nothing at all', {}, 400, 'Send {'],
    ['no field', { fields: {}, why: 'x' }, 400, 'a field or a stage'],
  ])('refuses %s and changes nothing', async (_, value, status, says) => {
    const id = await newLead(`bad-${says.replaceAll(/\W/g, '')}`);
    const before = await loadLead(id);
    const answer = await patch(id, value);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toContain(says);
    expect(await loadLead(id)).toEqual(before);
  });

  it('sets a stage alone where no field comes with it', async () => {
    const id = await newLead('stage-alone');
    expect((await patch(id, { fields: {}, stage: 'iql' })).statusCode).toBe(200);
    expect((await readLog(id)).map(({ type }) => type)).not.toContain('lead.corrected');
  });

  it('is one act however often the same key comes', async () => {
    const id = await newLead('twice');
    const headers = { 'idempotency-key': 'k1' };
    await patch(id, { fields: { jobTitle: 'Director' } }, headers);
    await patch(id, { fields: { jobTitle: 'Director' } }, headers);
    expect((await readLog(id)).filter(({ type }) => type === 'lead.corrected')).toHaveLength(1);
  });
});

describe('a stage set by hand', () => {
  it('is entered with all that follows: sales gets the lead', async () => {
    const id = await newLead('forward');
    world.quiet();
    await patch(id, { stage: 'mql', why: 'met at the fair' });
    expect(await loadLead(id)).toMatchObject({ stage: 'mql', handoff: { status: 'pending' } });
    expect(world.published()).toContain('handoff.opened');
  });

  it('ends the nurture of one who is disqualified', async () => {
    const id = await newLead('out');
    await patch(id, { stage: 'disqualified' });
    expect(await enrolmentsOf(id)).toMatchObject([{ status: 'ended', reason: 'stage disqualified' }]);
  });

  it('is fallen back to without handing anything over', async () => {
    const id = await newLead('back');
    await patch(id, { stage: 'mql' });
    world.quiet();
    await patch(id, { stage: 'iql' });
    expect((await loadLead(id))?.stage).toBe('iql');
    expect(world.published()).not.toContain('handoff.opened');
  });
});

describe('a stage set by hand while sales is asked', () => {
  const asked = async (name: string) => {
    const id = await newLead(name);
    await patch(id, { stage: 'mql' });
    const { handoff } = (await loadLead(id)) ?? {};
    world.quiet();
    return { id, handoff: handoff?.id ?? '' };
  };

  it.each([
    ['sql', 'accepted', 'accepted'],
    ['customer', 'won', 'won'],
    ['recycled', 'not-ready', 'rejected'],
  ] as const)('%s is the answer that leads there: %s', async (stage, answer, status) => {
    const { id, handoff } = await asked(`settled-${stage}`);
    await patch(id, { stage, why: 'spoke to her' });
    expect(await loadHandoff(id, handoff)).toMatchObject({
      status,
      answer: { answer, by: 'api', note: 'spoke to her' },
    });
    const lead = await loadLead(id);
    expect(lead?.stage).toBe(stage);
    expect(lead?.handoff).toEqual(status === 'accepted' ? { id: handoff, status, handRaise: false } : undefined);
    expect(lead?.restUntil !== undefined).toBe(answer === 'not-ready');
    // Who corrects a lead need not be of sales: no later handoff goes to them.
    expect(lead).not.toHaveProperty('lastAssignee');
    expect(world.published()).toContain('handoff.changed');
  });

  it.each(['lead', 'iql', 'disqualified'])(
    '%s is no answer of this definition: sales is still asked',
    async (stage) => {
      const { id, handoff } = await asked(`still-${stage}`);
      await patch(id, { stage });
      expect(await loadHandoff(id, handoff)).toMatchObject({ status: 'pending' });
      expect(await loadLead(id)).toMatchObject({ stage, handoff: { status: 'pending' } });
    },
  );
});

describe('an enrolment stopped by hand', () => {
  it('ends with who and why, and a second stop is told that it is over', async () => {
    const id = await newLead('stop');
    expect((await post(id, 'stop', { workflow: 'guide-to-demo', why: 'wrong person' })).statusCode).toBe(200);
    expect(await enrolmentsOf(id)).toMatchObject([{ status: 'ended', reason: 'stopped by hand: wrong person' }]);
    expect((await post(id, 'stop', { workflow: 'guide-to-demo' })).statusCode).toBe(409);
    expect((await post(id, 'stop', { workflow: 'constructor' })).statusCode).toBe(409);
  });
});

describe('two leads that are one person', () => {
  const viewed = (key: string, at: string) =>
    ({ key, type: 'page.viewed', at, actor: 'human', data: { category: 'pricing' } }) as const;

  it('become the one that is kept, with the history of both, counted once', async () => {
    const [from, into] = [await newLead('old'), await newLead('kept')];
    await act({ leadId: from }, [viewed('visit:1', AT)], { at: AT });
    await act({ leadId: from }, [viewed('visit:2', AT)], { at: AT });
    await act({ leadId: into }, [viewed('visit:2', AT)], { at: AT });
    const count = new Set([...(await readLog(from)), ...(await readLog(into))].map(({ key }) => key)).size;
    expect((await post(from, 'merge', { into, why: 'same person' })).statusCode).toBe(202);
    await merge({ detail: { leadId: from } });
    const lead = await leadOf('old@hands.example');
    expect(lead.id).toBe(into);
    expect((await loadLead(from))?.id).toBe(into);
    const log = await readLog(into);
    // The two leads' own notes of the merge stand beside what happened.
    expect(log.filter(({ actor }) => actor !== 'hand')).toHaveLength(count);
    const rules = await currentRules(AT);
    const score = scoreOf(lead, rules, AT, log);
    const sum = score.engagement.contributions.reduce((total, { points }) => total + points, 0);
    expect(sum).toBe(score.engagement.value);
    expect(lead.conversions).toBe(2);
    const { items } = await listLeads({ limit: 100, keep: () => true });
    expect(items.map(({ id }) => id)).not.toContain(from);
    expect((await enrolmentsOf(into)).filter(({ status }) => status === 'active')).toHaveLength(1);
  });

  it('goes on where a merge was stopped, and what comes for the old one goes to the new', async () => {
    const [from, into] = [await newLead('stopped'), await newLead('goes-on')];
    await post(from, 'merge', { into });
    await act({ leadId: from }, [viewed('visit:late', AT)], { at: AT });
    expect((await readLog(into)).map(({ key }) => key)).toContain('visit:late');
    await merge({ detail: { leadId: from } });
    await merge({ detail: { leadId: from } });
    expect((await readLog(into)).filter(({ type }) => type === 'lead.merged')).toHaveLength(1);
    expect((await post(from, 'merge', { into })).statusCode).toBe(200);
  });

  it('refuses a merge of a lead into itself, into none, or of one whom sales has', async () => {
    const [from, into] = [await newLead('sales-has'), await newLead('other')];
    expect((await post(into, 'merge', { into })).body).toContain('into itself');
    for (const none of ['lead_none', '', 'x'.repeat(3000)])
      expect((await post(from, 'merge', { into: none })).statusCode).toBe(404);
    expect((await patch('x'.repeat(3000), { stage: 'iql' })).statusCode).toBe(404);
    await patch(from, { stage: 'mql' });
    const refused = await post(from, 'merge', { into });
    expect([refused.statusCode, refused.body]).toEqual([409, expect.stringContaining('merge the other one into it')]);
    expect((await loadLead(from))?.mergedInto).toBeUndefined();
  });

  it('become one of the two when each is merged into the other at once, never a circle', async () => {
    const [a, b] = [await newLead('crossed-a'), await newLead('crossed-b')];
    const answers = await Promise.all([post(a, 'merge', { into: b }), post(b, 'merge', { into: a })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
    const kept = (await loadLead(a))?.id;
    expect([a, b]).toContain(kept);
    expect((await loadLead(b))?.id).toBe(kept);
  });

  it('are merged once when one is given up into two others at once: none of those is given up', async () => {
    const [from, b, c] = [await newLead('torn'), await newLead('torn-b'), await newLead('torn-c')];
    const answers = await Promise.all([post(from, 'merge', { into: b }), post(from, 'merge', { into: c })]);
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([202, 409]);
    expect([(await loadLead(b))?.id, (await loadLead(c))?.id]).toEqual([b, c]);
  });

  it('lose nothing when the one that is kept is given up itself before all has gone over', async () => {
    const [a, b, c] = [await newLead('chain-a'), await newLead('chain-b'), await newLead('chain-c')];
    await act({ leadId: a }, [viewed('visit:chain', AT)], { at: AT });
    await post(a, 'merge', { into: b });
    await post(b, 'merge', { into: c });
    await merge({ detail: { leadId: b } });
    await merge({ detail: { leadId: a } });
    expect((await readLog(c)).map(({ key }) => key)).toContain('visit:chain');
    expect(await readLog(b)).toEqual([]);
    expect(await loadLead(a)).toMatchObject({ id: c, conversions: 3 });
  });

  it('keeps how far the one that is given up had come', async () => {
    const [from, into] = [await newLead('customer'), await newLead('fresh')];
    await patch(from, { stage: 'customer' });
    await post(from, 'merge', { into });
    await merge({ detail: { leadId: from } });
    expect((await loadLead(into))?.stage).toBe('customer');
  });
});
