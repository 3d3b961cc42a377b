/** The counters of the engagement report say what the logs say in the end, in whatever order that came to be known. */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { dynamo } from '../../functions/adapters/dynamo.ts';
import { ratesOf } from '../../functions/adapters/rates.ts';
import { knownAbout } from '../../functions/adapters/traffic.ts';
import { handler as hands } from '../../functions/hands.ts';
import { type Shares, sharesOf } from '../../functions/lead/traffic-step.ts';
import { handler as merge } from '../../functions/merge.ts';
import { CHROME } from '../lead/traffic/trace.ts';
import { type Mailed, mailed, SENT, since } from './engaged-mail.ts';
import { requestEvent } from './requests.ts';
import { setTime, useWorld } from './world.ts';

useWorld();

const ratesFor = async (mail: string) => (await ratesOf([SENT.slice(0, 10)])).get(mail);

describe('the rates of a mail', () => {
  it('count nobody whose late clicks a crowd gives away, however many acts of each were told', async () => {
    const nine = await Promise.all(Array.from({ length: 9 }, (_, n) => mailed(`behind-${n}`, 'gateway')));
    for (const one of nine) await one.delivered();
    setTime(since(600));
    const people: (number | undefined)[] = [];
    for (const one of nine) {
      for (const seconds of [200, 230]) await one.clicks(seconds, 'guide', { ipAddress: GATEWAY });
      people.push((await ratesFor('gateway'))?.clickedByPeople);
    }
    for (const one of nine) expect(await one.clickActors()).toEqual(['machine', 'machine']);
    expect(people).toEqual([1, 2, 3, 4, 0, 0, 0, 0, 0]);
    expect(await ratesFor('gateway')).toMatchObject({ clicked: 9, clickedByPeople: 0 });
  });

  it('count a click once that could not be put into the log at first', async () => {
    const one = await mailed('unlucky', 'twice-tried');
    setTime(since(600));
    const send = dynamo.send.bind(dynamo);
    vi.spyOn(dynamo, 'send').mockImplementation((command: unknown) => {
      if (command instanceof TransactWriteItemsCommand) throw new Error('no connection');
      return send(command as TransactWriteItemsCommand);
    });
    await expect(one.clicks(100, 'guide')).rejects.toThrow('no connection');
    vi.restoreAllMocks();
    await one.clicks(100, 'guide');
    await one.clicks(100, 'guide');
    expect(await one.clickActors()).toEqual(['human']);
    expect(await ratesFor('twice-tried')).toMatchObject({ clicked: 1, clickedByPeople: 1 });
  });

  it.each([
    ['before it was judged', [30, 230]],
    ['after it was judged', [110, 200]],
  ])(
    'count a doubtful click as a person’s that the lead proves by a form, %s',
    async (when, [first = 0, second = 0]) => {
      const [one, mail] = [await mailed('in-doubt', `proven ${when}`), `proven ${when}`];
      await one.delivered();
      await one.clicks(12, 'guide');
      await one.judged(first);
      if (first > 102) expect(await ratesFor(mail)).toMatchObject({ clicked: 1, clickedByPeople: 0 });
      await one.sendsForm(first + 1);
      await one.judged(second);
      expect(await one.clickActors()).toEqual(['human']);
      expect(await ratesFor(mail)).toMatchObject({ clicked: 1, clickedByPeople: 1 });
      // A burst is a machine's, whatever else the lead did.
      setTime(since(900));
      await one.clicks(12.4, 'story');
      expect(await one.clickActors()).toEqual(['machine', 'machine']);
      expect(await ratesFor(mail)).toMatchObject({ clicked: 1, clickedByPeople: 0 });
    },
  );

  it('count a mail once whose lead became another one between two clicks, and judge both clicks by all that is known', async () => {
    const [one, kept] = [await mailed('given-up', 'merged'), await mailed('kept', 'merged-into')];
    await one.delivered();
    setTime(since(600));
    await one.clicks(100, 'guide');
    expect(await ratesFor('merged')).toMatchObject({ clicked: 1, clickedByPeople: 1 });
    const asked = { method: 'POST', path: `/api/leads/${one.leadId}/merge`, params: { id: one.leadId } };
    const headers = { 'content-type': 'application/json' };
    await hands(requestEvent({ ...asked, headers, body: JSON.stringify({ into: kept.leadId }) }));
    await merge({ detail: { leadId: one.leadId } });
    await one.clicks(100.4, 'story');
    await one.clicks(100.4, 'story');
    expect(await kept.clickActors()).toEqual(['machine', 'machine']);
    expect(await ratesFor('merged')).toMatchObject({ clicked: 1, clickedByPeople: 0 });
  });
});

const GATEWAY = '203.0.113.60';
const READERS = 6;

/** What comes to be known of one of the mails, at whatever moment. */
const fact = fc.oneof(
  { weight: 1, arbitrary: fc.record({ what: fc.constant('delivered' as const), at: fc.constantFrom(2, 45) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('opened' as const), at: fc.constantFrom(1, 50) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('clicked' as const),
      at: fc.constantFrom(15, 40, 52, 100, 100.4, 130, 160),
      link: fc.constantFrom('guide', 'story'),
      by: fc.constantFrom('reader', 'gateway', 'gateway', 'script'),
    }),
  },
  // Proves that a doubtful click was a person's.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('sent a form' as const), at: fc.constantFrom(35, 110, 200) }) },
  // Clicks before are late for whoever comes behind it, and are held no longer.
  { weight: 1, arbitrary: fc.record({ what: fc.constant('judged' as const), at: fc.constantFrom(170, 300) }) },
);
type Fact = typeof fact extends fc.Arbitrary<infer T> ? T : never;

/** Those of a group come at once, and the groups one after the other. */
const story = fc.array(fc.array(fc.record({ reader: fc.nat(READERS - 1), fact }), { minLength: 1, maxLength: 4 }), {
  minLength: 3,
  maxLength: 12,
});

/** @param gateway where that of this story clicks from. */
const tell = (
  one: Mailed,
  { what, at, ...more }: Fact & { link?: string; by?: string },
  gateway: string,
): Promise<unknown> => {
  if (what === 'delivered') return one.delivered(at);
  if (what === 'opened') return one.opens(at, CHROME);
  if (what === 'sent a form') return one.sendsForm(at);
  if (what === 'judged') return one.judged(at);
  const from = {
    ...(more.by === 'gateway' && { ipAddress: gateway }),
    ...(more.by === 'script' && { userAgent: 'curl/8.5.0' }),
  };
  return one.clicks(at, more.link ?? '', from);
};

/** What the log says in the end. */
async function sharesInLog({ log }: Mailed): Promise<Shares> {
  const acts = await log();
  const any = (type: string, people: boolean): boolean =>
    acts.some((event) => event.type === type && (!people || event.actor === 'human'));
  return {
    opened: any('email.opened', false),
    openedByPeople: any('email.opened', true),
    clicked: any('email.clicked', false),
    clickedByPeople: any('email.clicked', true),
  };
}

const sharesKnown = async ({ leadId, messageId }: Mailed): Promise<Shares> =>
  sharesOf(await knownAbout({ leadId, messageId, sentAt: SENT }));

const sumOf = (shares: Shares[]) => ({
  opened: shares.filter(({ opened }) => opened).length,
  openedByPeople: shares.filter(({ openedByPeople }) => openedByPeople).length,
  clicked: shares.filter(({ clicked }) => clicked).length,
  clickedByPeople: shares.filter(({ clickedByPeople }) => clickedByPeople).length,
});

let stories = 0;

describe('the rates of random stories', () => {
  it('are what the evidence and the logs say in the end: held, late, twice, at once, in crowds, judged anew, proven', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (groups) => {
        const mail = `story-${stories++}`;
        const gateway = `198.51.${stories >> 8}.${stories & 255}`;
        setTime(SENT);
        const readers = await Promise.all(Array.from({ length: READERS }, (_, n) => mailed(`r${n}`, mail)));
        const told = groups.map((group) => group.map(({ reader, fact }) => [readers[reader] as Mailed, fact] as const));
        for (const group of told) await Promise.all(group.map(([one, fact]) => tell(one, fact, gateway)));
        // What SES tells it may tell twice.
        for (const [one, fact] of told.flat().slice(0, 4)) await tell(one, fact, gateway);
        for (const one of readers) await one.judged(1000);
        const inLogs = sumOf(await Promise.all(readers.map(sharesInLog)));
        expect(sumOf(await Promise.all(readers.map(sharesKnown)))).toEqual(inLogs);
        expect({ ...sumOf([]), ...(await ratesFor(mail)) }).toMatchObject(inLogs);
      }),
      { numRuns: 25, interruptAfterTimeLimit: 40_000 },
    );
  }, 90_000);
});
