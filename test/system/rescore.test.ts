/** A changed scoring as a marketer and sales meet it: what is shown stays until somebody folds the leads anew. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const run = promisify(execFile);
const ripen = (...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, '..', '..', 'infra', 'ripen.ts'), ...args], {
    env: { ...process.env, PORT: new URL(system.url).port },
  });
const json = async <T>(...args: string[]): Promise<T> => JSON.parse((await ripen(...args, '--json')).stdout);

const folder = definitionCopy({});
const scoring = join(folder, 'scoring.yaml');
const first = readFileSync(scoring, 'utf8');
const system = new System({ workflows: folder });
beforeAll(() => system.start());
afterAll(() => system.remove());

const inForce = async (): Promise<string | undefined> =>
  (await json<{ hash: string; inForce: boolean }[]>('versions')).find((version) => version.inForce)?.hash;

/** Saves the scoring, and returns once it is in force. */
async function save(text: string): Promise<string> {
  const before = await inForce();
  writeFileSync(scoring, text);
  for (let tries = 0; tries < 100; tries++) {
    const now = await inForce();
    if (now && now !== before) return now;
    await pause(100);
  }
  throw new Error('What was saved is not in force.');
}

interface Score {
  version: string;
  fit: { value: number };
  engagement: { value: number };
}
const scoreOf = (id: string): Promise<Score> => system.json(`/api/leads/${id}/score`);

describe('a changed scoring', () => {
  let id: string;
  let changed: string;

  it('is not folded into a lead by being saved', async () => {
    await system.advanceToMonday();
    const fields = { email: 'an@rescore.test', name: 'An', jobTitle: 'Director', companySize: '50-249', country: 'VN' };
    await system.postForm('cash-flow-guide', { ...fields, agree: 'yes' });
    await system.confirm('an@rescore.test');
    await system.settle();
    ({ id } = await system.lead('an@rescore.test'));
    const before = await scoreOf(id);
    changed = await save(
      first
        .replace(/^( +guide:.*)$/m, (line) => line.replace(/points: \d+/, 'points: 40').replace(/cap: \d+/, 'cap: 60'))
        .replace('50-249: 40', '50-249: 39'),
    );
    expect(changed).not.toBe(before.version);
    expect(await scoreOf(id)).toMatchObject({
      version: before.version,
      fit: { value: before.fit.value },
      engagement: { value: before.engagement.value },
    });
  });

  it('is shown first: who would change stage and go to sales', async () => {
    const { changes } = await json<{ changes: object[] }>('rescore');
    expect(changes).toEqual([{ id, from: 'iql', to: 'mql', handsOver: true }]);
    const { stdout } = await ripen('rescore');
    expect(stdout).toMatch(new RegExp(`^${id} +iql → mql +to sales +An$`, 'm'));
    expect(await system.lead('an@rescore.test')).toMatchObject({ stage: 'iql' });
  });

  it('is folded into all leads by a rescoring, at the time of the run, not of the computer', async () => {
    await ripen('rescore', '--yes', '--why', 'the guide is worth more');
    const { items } = await system.json<{ items: { text: string; at: string }[] }>(`/api/leads/${id}/timeline`);
    const { now } = await system.json<{ now: string }>('/_local/clock');
    const [at = ''] = items.flatMap((item) => (item.text.startsWith('Folded anew') ? [item.at] : []));
    expect(Date.parse(now) - Date.parse(at)).toBeLessThan(60_000);
    expect(items.findLastIndex((item) => item.text.startsWith('Sent the form'))).toBeLessThan(
      items.findIndex((item) => item.text.startsWith('Folded anew')),
    );
    expect(await scoreOf(id)).toMatchObject({ version: changed });
    await system.settle();
    const handoffs = await system.json<{ items: { leadId: string; dueAt: string }[] }>('/api/handoffs?status=pending');
    expect(handoffs.items).toMatchObject([{ leadId: id }]);
    expect((handoffs.items[0]?.dueAt ?? '') > now).toBe(true);
  });
});
