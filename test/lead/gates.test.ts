import { describe, expect, it } from 'vitest';
import { closedGates } from '../../functions/lead/gates.ts';
import { exampleScoring } from './example-scoring.ts';
import { dayOf } from './histories.ts';
import { subject } from './subjects.ts';

const consents = { marketing: { state: 'granted' as const, at: dayOf(0) } };

describe('gates', () => {
  it('name themselves and say why they are closed', () => {
    const someone = subject({ emailStatus: 'undeliverable', email: { local: 'a', domain: 'mail.rival.example' } });
    expect(closedGates(exampleScoring, someone)).toEqual([
      { name: 'consented', why: 'consent to marketing must be given (it was never given)' },
      { name: 'reachable', why: 'email status must be verified or unknown (it is undeliverable)' },
      { name: 'converted', why: 'conversions must be 1 or more (it is 0)' },
      { name: 'no-rival', why: 'the email domain must not be one of competitors' },
    ]);
  });

  it('are all open for a consented, reachable lead who has converted', () => {
    expect(closedGates(exampleScoring, subject({ consents, conversions: 1 }))).toEqual([]);
  });
});
