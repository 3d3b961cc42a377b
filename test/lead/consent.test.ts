import { describe, expect, it } from 'vitest';
import { consentsAfter } from '../../functions/lead/consent.ts';
import type { Actor, ConsentAct } from '../../functions/lead/event.ts';
import type { ConsentState } from '../../functions/lead/lead.ts';
import { dayOf } from './histories.ts';

type Act = Partial<ConsentAct> & Pick<ConsentAct, 'action'> & { actor?: Actor };

const tick: Act = { action: 'granted' };
const doubleTick: Act = { action: 'granted', doubleOptIn: true };
const confirm: Act = { action: 'confirmed', method: 'confirm-link' };
const withdraw: Act = { action: 'withdrawn', method: 'unsubscribe-link' };

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
    expect(marketingAfter(...acts)).toEqual(state && { state, at: dayOf(day) });
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
