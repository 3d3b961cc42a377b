/** Room for new versions of a workflow's machine: Step Functions keeps 1,000. */
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { currentPointer, manifest } from '../../functions/adapters/definitions.ts';
import { putItem } from '../../functions/adapters/dynamo.ts';
import { enrolmentItem } from '../../functions/adapters/table.ts';
import { handler } from '../../functions/publish.ts';
import { ARN, keepMachines, machines, publisherEnv, stored } from './machines-world.ts';
import { enrolledLead, enrolmentOf, useWorld } from './nurture-world.ts';

useWorld();
beforeAll(() => void Object.assign(process.env, publisherEnv));
beforeEach(() => {
  machines.clear();
  keepMachines();
});

const publish = (hash: string) => handler({ kind: 'publish', hash });

async function published(call: string): Promise<string> {
  const hash = await stored(call);
  await publish(hash);
  return hash;
}

/** Others published so often since. */
const fillUpTo = (count: number): void => {
  const versions = machines.get(ARN) ?? [];
  while (versions.length < count) versions.push(`version ${versions.length + 1}`);
};

/** Numbers of the versions that there are. */
const numbers = (): number[] => (machines.get(ARN) ?? []).flatMap((text, place) => (text ? [place + 1] : []));

/** A lead goes through the workflow as that definition has it. */
async function leadPinnedTo(hash: string, status: 'active' | 'paused'): Promise<void> {
  const enrolment = await enrolmentOf(await enrolledLead());
  await putItem(enrolmentItem({ ...enrolment, definition: hash, status }));
}

describe('old versions of a machine', () => {
  it('stay as long as there is room', async () => {
    await published('first');
    fillUpTo(499);
    await published('second');
    expect(numbers()).toHaveLength(500);
    expect(numbers()[0]).toBe(1);
  });

  it('go, the oldest first, when one more than 500 would be kept', async () => {
    await published('first');
    fillUpTo(502);
    await published('second');
    await published('third');
    expect(numbers()).toHaveLength(500);
    // The first was in force when the second came.
    expect(numbers().slice(0, 2)).toEqual([5, 6]);
  });

  it('that went are made again when their definition is put in force again', async () => {
    const old = await published('old');
    await published('next');
    fillUpTo(500);
    await published('new');
    expect(numbers()[0]).toBe(2);
    await publish(old);
    const version = (await manifest(old))?.machines['guide-to-demo'];
    expect(version).toBe(`${ARN}:502`);
    expect(machines.get(ARN)?.[501]).toContain('old');
    expect((await currentPointer())?.hash).toBe(old);
  });

  it('stay where an enrolment is pinned to them, a paused one too, or where they are in force', async () => {
    await leadPinnedTo(await published('active'), 'active');
    await leadPinnedTo(await published('paused'), 'paused');
    await published('nobody');
    await published('in force');
    fillUpTo(500);
    await published('new');
    expect(numbers().slice(0, 4)).toEqual([1, 2, 4, 5]);
    expect(numbers()).toHaveLength(500);
  });
});
