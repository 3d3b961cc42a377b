import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { readLog } from '../../functions/adapters/leads.ts';
import type { Reach } from '../../functions/adapters/mail-domain.ts';
import { handler } from '../../functions/address.ts';
import { handler as submit } from '../../functions/submit.ts';
import { AT } from '../adapters/example-definition.ts';
import { postJson } from './requests.ts';
import { leadOf, setTime, startWorld, type World } from './world.ts';

const dns = vi.hoisted(() => ({ reach: { kind: 'unknown' } as Reach, asked: [] as string[] }));
vi.mock('../../functions/adapters/mail-domain.ts', () => ({
  reachOf: async (domain: string) => {
    dns.asked.push(domain);
    return dns.reach;
  },
}));

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  setTime(AT);
  world.quiet();
  dns.asked = [];
});

const gone: Reach = { kind: 'unreachable', why: 'the domain does not exist' };
let posts = 0;
/** A submission of its own each time, since no other has its values. */
const post = (email: string) =>
  submit(postJson('/forms/cash-flow-guide', { form: 'cash-flow-guide' }, { email, jobTitle: `Manager ${posts++}` }));
async function lookUp(email: string, reach: Reach, id = 'msg_1'): Promise<void> {
  dns.reach = reach;
  const { id: leadId } = await leadOf(email);
  await handler({ detail: { type: 'address.given', id, leadId } });
}

describe('an address that a form gives', () => {
  it('is looked up once it is stored, where it is new', async () => {
    await post('new@firm.example');
    expect(world.published()).toContain('address.given');
    world.quiet();
    await post('new@firm.example');
    expect(world.published()).not.toContain('address.given');
    await lookUp('new@firm.example', { kind: 'reachable' });
    expect(dns.asked).toEqual(['firm.example']);
    expect((await leadOf('new@firm.example')).emailStatus).toBe('unknown');
  });

  it('cannot be mailed where its domain says so, until it says otherwise', async () => {
    await post('an@gone.example');
    await lookUp('an@gone.example', gone);
    await lookUp('an@gone.example', gone);
    const lead = await leadOf('an@gone.example');
    expect(lead.emailStatus).toBe('undeliverable');
    expect(lead.suppressed).toBeUndefined();
    const told = (await readLog(lead.id)).filter(({ type }) => type === 'email.undeliverable');
    expect(told).toMatchObject([{ actor: 'machine', data: { why: 'the domain does not exist' } }]);
    world.quiet();
    await post('an@gone.example');
    expect(world.published()).toContain('address.given');
    await lookUp('an@gone.example', { kind: 'reachable' }, 'msg_2');
    expect((await leadOf('an@gone.example')).emailStatus).toBe('unknown');
  });

  it('stays as it is where nobody answered, and where nobody is there any more', async () => {
    await post('slow@firm.example');
    await lookUp('slow@firm.example', { kind: 'unknown' });
    expect((await leadOf('slow@firm.example')).emailStatus).toBe('unknown');
    await expect(handler({ detail: { id: 'msg_3', leadId: 'lead_gone' } })).resolves.toBeUndefined();
  });
});
