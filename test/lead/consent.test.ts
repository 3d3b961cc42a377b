import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askedOf, consentsAfter, stillWaits } from '../../functions/lead/consent.ts';
import type { Actor, ConsentAct } from '../../functions/lead/event.ts';
import type { ConsentState } from '../../functions/lead/lead.ts';
import { dayOf } from './histories.ts';

type Act = Partial<ConsentAct> & Pick<ConsentAct, 'action'> & { actor?: Actor };

const tick: Act = { action: 'granted' };
const doubleTick: Act = { action: 'granted', doubleOptIn: true };
const confirm: Act = { action: 'confirmed', method: 'confirm-link' };
const withdraw: Act = { action: 'withdrawn', method: 'unsubscribe-link' };
/** By the link of a mail that asked since that day. */
const confirmOf = (day: number): Act => ({ ...confirm, asked: dayOf(day) });
const lapse = (day: number): Act => ({ action: 'lapsed', method: 'confirm-link', asked: dayOf(day), actor: 'clock' });

const marketingAfter = (...acts: Act[]): ConsentState | undefined => {
  let consents: Record<string, ConsentState> = {};
  acts.forEach(({ actor = 'human', ...act }, day) => {
    const full: ConsentAct = { purpose: 'marketing', method: 'box', ...act };
    consents = consentsAfter(consents, { at: dayOf(day), actor, consent: [full] });
  });
  return consents.marketing;
};

describe('consent', () => {
  it.each<[string, Act[], ConsentState['state'] | undefined, number]>([
    ['a tick gives it', [tick], 'granted', 0],
    ['a tick of a form with double opt-in waits', [doubleTick], 'pending', 0],
    ['a confirmation ends the waiting', [doubleTick, confirm], 'granted', 1],
    ['a second tick does not end it', [doubleTick, tick], 'pending', 0],
    ['a second tick leaves a confirmed one confirmed', [doubleTick, confirm, doubleTick], 'granted', 1],
    ['withdrawing ends it', [tick, withdraw], 'withdrawn', 1],
    ['a tick after a withdrawal waits for a confirmation', [tick, withdraw, tick], 'pending', 2],
    ['a confirmation after a withdrawal gives it again', [tick, withdraw, tick, confirm], 'granted', 3],
    ['a machine cannot tick', [{ ...tick, actor: 'machine' }], undefined, 0],
    ['a scanner cannot confirm', [doubleTick, { ...confirm, actor: 'suspect' }], 'pending', 0],
    ['the one-click of a mailbox provider withdraws', [tick, { ...withdraw, actor: 'machine' }], 'withdrawn', 1],
    ['withdrawing twice keeps the first day', [tick, withdraw, withdraw], 'withdrawn', 1],
  ])('%s', (_, acts, state, day) => {
    expect(marketingAfter(...acts)).toEqual(state && expect.objectContaining({ state, at: dayOf(day) }));
  });

  it.each<[string, Act[], ConsentState | undefined]>([
    ['the link of the tick that waits confirms it', [doubleTick, confirmOf(0)], { state: 'granted', at: dayOf(1) }],
    ['both links of two ticks confirm', [doubleTick, tick, confirmOf(0)], { state: 'granted', at: dayOf(2) }],
    ['a link used twice changes nothing', [doubleTick, confirmOf(0), confirmOf(0)], { state: 'granted', at: dayOf(1) }],
    ['a link without a tick gives nothing', [confirmOf(0)], undefined],
    ['an old link after a withdrawal', [doubleTick, withdraw, confirmOf(0)], { state: 'withdrawn', at: dayOf(1) }],
    [
      'an old link after a used one and a withdrawal',
      [doubleTick, confirmOf(0), withdraw, confirmOf(0)],
      { state: 'withdrawn', at: dayOf(2) },
    ],
    [
      'an old link does not confirm the tick after a withdrawal',
      [doubleTick, withdraw, tick, confirmOf(0)],
      { state: 'pending', at: dayOf(2), withdrawnAt: dayOf(1) },
    ],
    [
      'the link of the tick after a withdrawal does',
      [doubleTick, withdraw, tick, confirmOf(2)],
      { state: 'granted', at: dayOf(3) },
    ],
    ['nobody confirmed: it is dropped', [doubleTick, lapse(0)], undefined],
    [
      'nobody confirmed after a withdrawal: that stands again',
      [tick, withdraw, tick, lapse(2)],
      { state: 'withdrawn', at: dayOf(1) },
    ],
    ['a late clock drops no confirmed one', [doubleTick, confirmOf(0), lapse(0)], { state: 'granted', at: dayOf(1) }],
    [
      'a late clock drops no later tick',
      [doubleTick, lapse(0), doubleTick, lapse(0)],
      { state: 'pending', at: dayOf(2) },
    ],
    ['only the clock lets it lapse', [doubleTick, { ...lapse(0), actor: 'human' }], { state: 'pending', at: dayOf(0) }],
    ['a dropped one can be given anew', [doubleTick, lapse(0), tick], { state: 'granted', at: dayOf(2) }],
  ])('%s', (_, acts, state) => {
    expect(marketingAfter(...acts)).toEqual(state);
  });

  it('is never granted after a withdrawal but by a link that was asked for later', () => {
    const act = fc.oneof(fc.constantFrom(tick, doubleTick, withdraw), fc.nat(12).map(confirmOf), fc.nat(12).map(lapse));
    fc.assert(
      fc.property(fc.array(act, { maxLength: 12 }), (acts) => {
        const state = marketingAfter(...acts);
        const out = acts.findLastIndex(({ action }) => action === 'withdrawn');
        if (out < 0 || state?.state !== 'granted') return;
        const since = acts.slice(out + 1);
        expect(since.some(({ action, asked }) => action === 'confirmed' && asked && asked > dayOf(out))).toBe(true);
      }),
    );
  });

  it('names those that wait, and tells an older round from this one', () => {
    const consents = consentsAfter(
      {},
      { at: dayOf(3), actor: 'human', consent: [{ purpose: 'marketing', method: 'box', ...doubleTick }] },
    );
    expect(askedOf(consents)).toEqual([{ purpose: 'marketing', at: dayOf(3) }]);
    expect(stillWaits(consents, { purpose: 'marketing', at: dayOf(3) })).toBe(true);
    expect(stillWaits(consents, { purpose: 'marketing', at: dayOf(2) })).toBe(false);
    expect(stillWaits(consents, { purpose: 'toString', at: dayOf(3) })).toBe(false);
  });

  it('binds to the strictest promise while it lives, and forgets promises when withdrawn', () => {
    const weekly: Act = { ...tick, frequency: { perWeek: 2 } };
    const daily: Act = { ...tick, frequency: { perDay: 1, perWeek: 5 } };
    expect(marketingAfter(weekly, daily)?.frequency).toEqual({ perDay: 1, perWeek: 2 });
    expect(marketingAfter(weekly, withdraw)?.frequency).toBeUndefined();
    expect(marketingAfter(weekly, withdraw, daily)?.frequency).toEqual({ perDay: 1, perWeek: 5 });
  });

  it('keeps purposes apart', () => {
    const grant = (purpose: string): ConsentAct => ({ purpose, action: 'granted', method: 'box' });
    const event = { at: dayOf(0), actor: 'human' as const, consent: [grant('marketing'), grant('events')] };
    expect(Object.keys(consentsAfter({}, event))).toEqual(['marketing', 'events']);
  });
});
