import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crowdAround, isPublic, type Seen } from '../../../functions/lead/traffic-crowd.ts';

const START = Date.parse('2027-03-02T02:00:00.000Z');
const seen = (lead: number, minutes: number, act = `${lead}@${minutes}`): Seen => ({
  leadId: `lead_${lead}`,
  messageId: `m${lead}`,
  actId: act,
  at: new Date(START + minutes * 60_000).toISOString(),
});
const isCrowd = (all: Seen[], place = 0): boolean => crowdAround(all[place] as Seen, all).own;

describe('an address and agent on the mails of many leads', () => {
  it.each<[string, number[], boolean]>([
    ['five within ten minutes are a crowd', [0, 2, 5, 8, 10], true],
    ['four are none', [0, 2, 5, 8], false],
    ['five of which one came later are none', [0, 2, 5, 8, 10.1], false],
    ['two people behind one office address are none', [0, 1], false],
  ])('%s', (_, minutes, crowd) => {
    expect(isCrowd(minutes.map((minute, lead) => seen(lead, minute)))).toBe(crowd);
  });

  it('counts leads, not clicks', () => {
    expect(isCrowd([0, 1, 2, 3, 4, 5].map((minute) => seen(1, minute)))).toBe(false);
  });

  it('tells whoever may not know that it stands in one', () => {
    const all = [0, 2, 5, 8, 9].map((minute, lead) => seen(lead, minute));
    expect(crowdAround(all[4] as Seen, all).tell.map(({ leadId }) => leadId)).toEqual([
      'lead_0',
      'lead_1',
      'lead_2',
      'lead_3',
    ]);
    const many = Array.from({ length: 30 }, (_, lead) => seen(lead, 1));
    expect(crowdAround(many[0] as Seen, many)).toEqual({ own: true, tell: [] });
  });

  it('is known to all of them at last, in whatever order they come', () => {
    const stories = fc
      .array(fc.record({ lead: fc.nat(12), minute: fc.nat(25) }), { maxLength: 20 })
      .map((drawn) => drawn.map(({ lead, minute }, place) => seen(lead, minute, `act${place}`)))
      .chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
    fc.assert(
      fc.property(stories, ([all, order]) => {
        const told = new Set<string>();
        order.forEach((act, place) => {
          const crowd = crowdAround(act, order.slice(0, place + 1));
          if (crowd.own) told.add(act.actId);
          for (const { actId } of crowd.tell) told.add(actId);
        });
        const last = all.filter((act) => crowdAround(act, all).own).map(({ actId }) => actId);
        expect([...told].toSorted()).toEqual(last.toSorted());
      }),
      { numRuns: 500 },
    );
  });
});

describe('an address', () => {
  it.each(['127.0.0.1', '10.1.2.3', '192.168.0.9', '172.20.0.1', '::1', 'fd00::1'])('%s tells nobody apart', (ip) =>
    expect(isPublic(ip)).toBe(false),
  );
  it.each(['192.0.2.1', '172.32.0.1', '2001:db8::1'])('%s may', (ip) => expect(isPublic(ip)).toBe(true));
});
