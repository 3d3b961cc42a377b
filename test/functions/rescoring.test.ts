import { describe, expect, it } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { currentPointer } from '../../functions/adapters/definitions.ts';
import { loadLead, readLog } from '../../functions/adapters/leads.ts';
import { previewRescoring, type Rescoring, rescore } from '../../functions/adapters/rescoring.ts';
import { stageSet } from '../../functions/lead/by-hand.ts';
import { AT, exampleDefinition, otherDefinition, publishNext } from '../adapters/example-definition.ts';
import { address, guidePost, happening } from '../adapters/happenings.ts';
import { leadOf, useWorld } from './world.ts';

useWorld();

const hand = { id: 'any', who: 'test' };
const later = (minutes: number): string => new Date(Date.parse(AT) + minutes * 60_000).toISOString();
const A = exampleDefinition;
const B = otherDefinition;

async function newLead(name: string): Promise<string> {
  const email = `${name}@rescoring.example`;
  await act({ email: address(email) }, guidePost(`form:${name}`, { fields: { name, companySize: '50-249' } }), {
    at: AT,
  });
  return (await leadOf(email)).id;
}

const preview = async (id: string, at: string): Promise<Rescoring> => {
  const seen = await previewRescoring(id, hand, at);
  if (!seen) throw new Error('There is no such lead.');
  return seen;
};

/** As the command does it. */
async function rescoreAt(id: string, at: string): Promise<Rescoring> {
  const seen = await preview(id, at);
  if (seen.act) await rescore(id, seen.act, at);
  return seen;
}

const rescorings = async (id: string) => (await readLog(id)).filter(({ type }) => type === 'lead.rescored');
const inForce = async () => (await currentPointer())?.hash;

describe('rescoring', () => {
  it('leaves a lead alone that is under the definition in force already', async () => {
    await publishNext(A);
    const id = await newLead('alone');
    const seen = await rescoreAt(id, later(1));
    expect(seen.act).toBeUndefined();
    expect(seen.before).toEqual(seen.after);
    expect(await rescorings(id)).toEqual([]);
  });

  it('shows what it would change, from what is shown now, and does it once however often it is asked for', async () => {
    await publishNext(A);
    const id = await newLead('once');
    await publishNext(B);
    const seen = await preview(id, later(1));
    expect(seen).toMatchObject({
      name: 'once',
      before: { fit: 40, engagement: 20 },
      after: { fit: 39, engagement: 39 },
    });
    if (!seen.act) throw new Error('There is something to do.');
    await rescore(id, seen.act, later(1));
    await rescore(id, seen.act, later(1));
    expect((await preview(id, later(2))).act).toBeUndefined();
    expect(await loadLead(id)).toMatchObject({ definition: await inForce(), values: { guide: { value: 40 } } });
    expect(await rescorings(id)).toHaveLength(1);
  });

  it('keeps the stage that was set by hand and the handoff that was made', async () => {
    await publishNext(A);
    const id = await newLead('kept');
    await act({ leadId: id }, [stageSet('mql', hand, later(1))], { at: later(1) });
    await publishNext(B);
    expect(await rescoreAt(id, later(2))).toMatchObject({ handsOver: false });
    expect(await loadLead(id)).toMatchObject({ stage: 'mql', handoff: { status: 'pending' } });
  });

  it('stands behind all that has happened, however late the clock of whoever asks for it is', async () => {
    await publishNext(A);
    const id = await newLead('late');
    await publishNext(B);
    await rescoreAt(id, later(-60));
    expect(await loadLead(id)).toMatchObject({ values: { guide: { value: 40 } } });
    expect((await preview(id, later(1))).act).toBeUndefined();
  });

  it('is not kept from being done by an earlier one that was dated before the events', async () => {
    await publishNext(A);
    const id = await newLead('early');
    await publishNext(B);
    const early = {
      key: `rescore:${B.hash}`,
      type: 'lead.rescored',
      at: later(-60),
      actor: 'hand' as const,
      data: { definition: B.hash },
    };
    await act({ leadId: id }, [early], { at: later(1) });
    expect(await loadLead(id)).toMatchObject({ values: { guide: { value: 20 } } });
    await rescoreAt(id, later(2));
    expect(await loadLead(id)).toMatchObject({ values: { guide: { value: 40 } } });
  });

  it('goes back and forth between definitions as often as they are put in force', async () => {
    await publishNext(A);
    const id = await newLead('back');
    for (const [minute, definition, value] of [
      [1, B, 40],
      [2, A, 20],
      [3, B, 40],
    ] as const) {
      await publishNext(definition);
      await rescoreAt(id, later(minute));
      expect(await loadLead(id)).toMatchObject({ definition: definition.hash, values: { guide: { value } } });
    }
    expect(await rescorings(id)).toHaveLength(3);
  });

  it('takes up what happened under another definition since', async () => {
    await publishNext(A);
    const id = await newLead('since');
    await publishNext(B);
    await rescoreAt(id, later(1));
    await publishNext(A);
    await act({ leadId: id }, [happening('p', { at: later(2) })], { at: later(2) });
    await publishNext(B);
    expect((await preview(id, later(3))).act).toBeDefined();
    await rescoreAt(id, later(3));
    expect((await preview(id, later(4))).act).toBeUndefined();
  });

  it('asked for twice at once is one', async () => {
    await publishNext(A);
    const id = await newLead('twice');
    await publishNext(B);
    await Promise.all([rescoreAt(id, later(1)), rescoreAt(id, later(2))]);
    expect(await rescorings(id)).toHaveLength(1);
  });
});
