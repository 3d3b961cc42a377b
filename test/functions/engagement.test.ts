import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import { dynamo, fromItem } from '../../functions/adapters/dynamo.ts';
import { pendingActs, readLog } from '../../functions/adapters/leads.ts';
import { noteOwnPage } from '../../functions/adapters/own-pages.ts';
import { ratesOf } from '../../functions/adapters/rates.ts';
import { foldAll } from '../../functions/lead/fold.ts';
import { timelineOf } from '../../functions/lead/timeline.ts';
import { AT, exampleDefinition } from '../adapters/example-definition.ts';
import { happening } from '../adapters/happenings.ts';
import { CHROME, GMAIL } from '../lead/traffic/trace.ts';
import { everyItem } from '../local-dynamo.ts';
import { type Mailed, mailed, SENT, since } from './engaged-mail.ts';
import { type leadOf, setTime, startWorld, type World } from './world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.stop());
beforeEach(() => setTime(AT));

/** The state is the fold of the log, whatever happened. */
async function expectFold({ leadId, lead }: { leadId: string; lead: () => ReturnType<typeof leadOf> }) {
  const { folded } = foldAll(await readLog(leadId), () => exampleDefinition.scoring, exampleDefinition.settings.zone);
  expect(await lead()).toMatchObject({ values: folded.values, conversions: folded.conversions });
}

describe('a click', () => {
  it('that is not held stands beside its mail before its address is looked up: who comes next finds it', async () => {
    const one = await mailed();
    await one.delivered();
    setTime(since(7200));
    const order: string[] = [];
    const send = dynamo.send.bind(dynamo);
    vi.spyOn(dynamo, 'send').mockImplementation(async (command: unknown) => {
      const update = command instanceof UpdateItemCommand ? fromItem(command.input.Key ?? {}) : {};
      const what = /^(TRAFFIC|CROWD)/.exec(String(update.sk))?.[0];
      if (what) order.push(`${what} begins`);
      const answer = await send(command as UpdateItemCommand);
      if (what) order.push(`${what} ends`);
      return answer as never;
    });
    await one.clicks(3600, 'guide', { ipAddress: '203.0.113.200' });
    vi.restoreAllMocks();
    expect(order).toEqual(['TRAFFIC begins', 'TRAFFIC ends', 'CROWD begins', 'CROWD ends']);
    expect(await one.clickActors()).toEqual(['human']);
  });

  it('is held, shown as under judgement, and counts once it is judged', async () => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(3600, 'guide');
    expect(await one.points()).toBeUndefined();
    const pending = await pendingActs(one.leadId);
    const [item] = timelineOf({ events: [], sends: [], enrolments: [], handoffs: [], pending });
    expect(item?.text).toBe(
      'Clicked in the mail three-leaks: https://www.example.com/guide (under judgement: a person’s or a machine’s?)',
    );
    await one.judged(3600 + 89);
    expect(await one.points()).toBeUndefined();
    await one.judged(3600 + 90);
    expect(await one.points()).toBe(6);
    expect(await one.lead()).toMatchObject({ emailStatus: 'verified' });
    expect(await pendingActs(one.leadId)).toEqual([]);
    await expectFold(one);
  });

  it('that comes twice counts once, before it is judged and after', async () => {
    const one = await mailed();
    await one.delivered();
    await Promise.all([one.clicks(3600, 'guide'), one.clicks(3600, 'guide')]);
    expect(await pendingActs(one.leadId)).toHaveLength(1);
    await one.judged(3700);
    await one.clicks(3600, 'guide');
    await one.judged(3800);
    expect(await one.clickActors()).toEqual(['human']);
    expect(await pendingActs(one.leadId)).toEqual([]);
  });

  it('leaves address and agent in one item that goes after 30 days, and nowhere else', async () => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(3600, 'guide', { ipAddress: '198.51.100.77' });
    await one.judged(3700);
    const items = (await everyItem()).filter((item) => JSON.stringify(item).includes('198.51.100.77'));
    expect(items.map(({ sk }) => String(sk).split('#')[0])).toEqual(['TRAFFIC']);
    expect(items[0]?.ttl).toBe(Math.floor(Date.parse(since(3600)) / 1000) + 30 * 86_400);
  });

  it('in a burst is a machine’s, with those before it in the same hold', async () => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(60, 'guide');
    await one.clicks(60.4, 'story');
    await one.judged(200);
    expect(await one.clickActors()).toEqual(['machine', 'machine']);
    expect(await one.points()).toBeUndefined();
    expect(await one.lead()).toMatchObject({ emailStatus: 'unknown' });
  });
});

describe('a page behind the way out of a mail', () => {
  it.each([
    ['together with a link of content gives a machine away', 3, 'machine'],
    ['half an hour after a click says nothing about it', 1800, 'human'],
  ])('%s', async (_, seconds, actor) => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(3600, 'guide');
    await noteOwnPage(one.leadId, 'unsubscribe', { ip: '203.0.113.9', userAgent: CHROME }, since(3600 + seconds));
    await one.judged(3700);
    expect(await one.clickActors()).toEqual([actor]);
  });
});

describe('what comes to be known later', () => {
  it('makes machines of clicks that were people’s: the score is folded anew, what was done stays done', async () => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(100, 'guide');
    await one.judged(300);
    expect(await one.points()).toBe(6);
    const { stage } = await one.lead();
    // SES tells late of others of the same second.
    setTime(since(400));
    await one.clicks(100.4, 'story');
    expect(await one.points()).toBeUndefined();
    await one.judged(500);
    expect(await one.clickActors()).toEqual(['machine', 'machine']);
    expect(await one.lead()).toMatchObject({ stage, emailStatus: 'unknown' });
    await expectFold(one);
    // What a person does on the same mail afterwards gains as if nothing had been.
    await one.clicks(9000, 'demo', { ipAddress: '192.0.2.251' });
    await one.judged(9100);
    expect(await one.points()).toBe(6);
    await expectFold(one);
  });

  it('of the delivery makes a machine of a click that came before it', async () => {
    const one = await mailed();
    await one.clicks(20, 'guide');
    await one.judged(120);
    expect(await one.clickActors()).toEqual(['human']);
    await one.delivered(25);
    expect(await one.clickActors()).toEqual(['machine']);
    expect((await one.log()).find(({ type }) => type === 'email.clicked')?.reasons).toEqual([
      'clicked 5.0 s before the mail was delivered',
    ]);
    expect(await one.points()).toBeUndefined();
    await expectFold(one);
  });

  it.each([
    ['after it was judged', 200],
    ['before it was judged', 30],
  ])('of a form that the lead sends proves a doubtful click, %s', async (_, seconds) => {
    const one = await mailed();
    await one.delivered();
    await one.clicks(12, 'guide');
    if (seconds > 102) await one.judged(110);
    expect(await one.points()).toBeUndefined();
    setTime(since(seconds));
    await act({ leadId: one.leadId }, [happening('form:2', { type: 'form.submitted', at: since(seconds) })], {
      at: since(seconds),
    });
    await one.judged(seconds + 200);
    expect(await one.clickActors()).toEqual(['human']);
    expect(await one.points()).toBe(6);
    expect(await one.lead()).toMatchObject({ emailStatus: 'verified' });
    await expectFold(one);
  });

  it('of a crowd changes the clicks of all who stand in it, on the mails of other leads', async () => {
    const five = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => mailed(name)));
    const gateway = { ipAddress: '203.0.113.5' };
    for (const one of five) await one.delivered();
    for (const [place, one] of five.slice(0, 4).entries()) await one.clicks(600 + place * 30, 'guide', gateway);
    for (const one of five.slice(0, 4)) await one.judged(900);
    expect(await Promise.all(five.slice(0, 4).map((one) => one.points()))).toEqual([6, 6, 6, 6]);
    await five[4]?.clicks(1000, 'guide', gateway);
    await five[4]?.judged(1100);
    for (const one of five) {
      expect(await one.clickActors()).toEqual(['machine']);
      expect(await one.points()).toBeUndefined();
      await expectFold(one);
    }
  });

  it('is the same in whatever order it comes', async () => {
    const steps = (one: Mailed) => [
      () => one.delivered(9),
      () => one.clicks(50, 'guide'),
      () => one.clicks(50.5, 'story'),
      () => one.clicks(4000, 'demo', { ipAddress: '192.0.2.252' }),
      () => one.opens(40, GMAIL),
      () => one.clicks(8, 'demo', { ipAddress: '203.0.113.9' }),
    ];
    const orders = [
      [0, 1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1, 0],
      [3, 1, 5, 0, 2, 4],
      [2, 5, 3, 4, 1, 0],
    ];
    const told = await Promise.all(
      orders.map(async (order) => {
        const one = await mailed();
        // Late: all of it is judged as it comes.
        setTime(since(6000));
        for (const step of order) await steps(one)[step]?.();
        for (const again of order.slice(0, 2)) await steps(one)[again]?.();
        await expectFold(one);
        const acts = (await one.log()).filter(({ type }) => type.startsWith('email.'));
        return { values: (await one.lead()).values, acts: acts.map(({ type, at, actor }) => ({ type, at, actor })) };
      }),
    );
    for (const each of told) expect(each).toEqual(told[0]);
    expect(told[0]?.values['email-click']?.value).toBe(6);
  });
});

describe('the rates', () => {
  it('tell mails that arrived, were opened and clicked, by anybody and by people, however they are judged at last', async () => {
    const day = SENT.slice(0, 10);
    const before = (await ratesOf([day])).get('three-leaks');
    const [person, machine] = [await mailed(), await mailed()];
    for (const one of [person, machine]) {
      await one.delivered();
      await one.delivered();
      await one.opens(100, GMAIL);
    }
    await person.clicks(3600, 'guide');
    await person.clicks(3700, 'guide');
    await person.judged(4000);
    await machine.clicks(5000, 'guide');
    await machine.judged(5100);
    await machine.clicks(5000.3, 'story');
    await machine.judged(5200);
    const rates = (await ratesOf([day])).get('three-leaks');
    const more = Object.fromEntries(
      Object.entries(rates ?? {}).map(([name, count]) => [
        name,
        count - (Object.entries(before ?? {}).find(([one]) => one === name)?.[1] ?? 0),
      ]),
    );
    expect(more).toEqual({ delivered: 0, opened: 2, openedByPeople: 0, clicked: 2, clickedByPeople: 1 });
  });
});
