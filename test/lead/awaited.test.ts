import { describe, expect, it } from 'vitest';
import type { Awaited } from '../../functions/definition/workflow.ts';
import { asksLog, hasHappened, metByAct } from '../../functions/lead/awaited.ts';
import { dayOf, eventOf } from './histories.ts';

const either: Awaited = { any: [{ event: 'email.clicked', email: 'three-leaks' }, { stage: 'sql' }] };
const click = eventOf('k', dayOf(2), { type: 'email.clicked', data: { email: 'three-leaks' } });
const other = eventOf('o', dayOf(2), { type: 'email.clicked', data: { email: 'another' } });
const began = { startedAt: dayOf(1), cause: 'none' };

describe('waiting for any of several', () => {
  it.each([
    ['the event', [click], 'iql', true],
    ['the stage', [], 'sql', true],
    ['a later stage', [], 'customer', true],
    ['another event', [other], 'iql', false],
    ['nothing', [], 'mql', false],
  ] as const)('is over by %s', (_, log, stage, met) => {
    expect(hasHappened(either, began, log, stage)).toBe(met);
    expect(metByAct(either, began.startedAt, log, stage)).toBe(met);
  });

  it('needs the log where one of them is an event', () => {
    expect(asksLog(either)).toBe(true);
    expect(asksLog({ any: [{ stage: 'sql' }] })).toBe(false);
    expect(asksLog({ stage: 'sql' })).toBe(false);
  });
});
