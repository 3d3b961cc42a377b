import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Purpose, signToken, type TokenKeys, verifyToken } from '../../functions/lead/token.ts';

const NOW = '2027-03-01T02:00:00.000Z';
const keys: TokenKeys = { current: 'k2', keys: { k1: Buffer.from('old'), k2: Buffer.from('new') } };
const claim = { purpose: 'unsubscribe', subject: 'lead_01jcw3m8q2v7xh5n0t9rz4k6ab' } as const;

describe('a token', () => {
  it('says whom it was made for', () => {
    expect(verifyToken(signToken(claim, keys), 'unsubscribe', keys, NOW)).toEqual({ ok: true, subject: claim.subject });
  });

  it('works after the keys have turned, for ever where it has no end', () => {
    const old = signToken(claim, { ...keys, current: 'k1' });
    expect(verifyToken(old, 'unsubscribe', keys, '2099-01-01T00:00:00.000Z').ok).toBe(true);
  });

  it.each(['answer', 'confirm', 'preferences'] satisfies Purpose[])(
    'to unsubscribe is forged as one to %s',
    (purpose) => {
      expect(verifyToken(signToken(claim, keys), purpose, keys, NOW)).toMatchObject({ ok: false, why: 'forged' });
    },
  );

  it('ends when it says', () => {
    const token = signToken({ ...claim, expires: '2027-03-01T02:00:00.000Z' }, keys);
    expect(verifyToken(token, 'unsubscribe', keys, '2027-03-01T02:00:00.000Z').ok).toBe(true);
    expect(verifyToken(token, 'unsubscribe', keys, '2027-03-01T02:00:01.000Z')).toMatchObject({ why: 'expired' });
  });

  it('is cut wherever a mail program breaks it before the end of its form', () => {
    const token = signToken(claim, keys);
    for (let length = 0; length < token.length; length++) {
      expect(verifyToken(token.slice(0, length), 'unsubscribe', keys, NOW)).toMatchObject({ ok: false, why: 'cut' });
    }
  });

  it('is never taken with any character changed', () => {
    const token = signToken(claim, keys);
    const places = fc.integer({ min: 0, max: token.length - 1 });
    fc.assert(
      fc.property(places, fc.constantFrom(...'ABab09-_.|'), (place, character) => {
        const changed = `${token.slice(0, place)}${character}${token.slice(place + 1)}`;
        return changed === token || !verifyToken(changed, 'unsubscribe', keys, NOW).ok;
      }),
    );
  });

  it('of another key, or of a key that nobody has, is forged', () => {
    const others: TokenKeys = { current: 'k2', keys: { k2: Buffer.from('other') } };
    expect(verifyToken(signToken(claim, others), 'unsubscribe', keys, NOW)).toMatchObject({ why: 'forged', kid: 'k2' });
    const unknown: TokenKeys = { current: 'constructor', keys: { constructor: Buffer.from('x') } };
    expect(verifyToken(signToken(claim, unknown), 'unsubscribe', keys, NOW)).toMatchObject({ why: 'forged' });
  });

  it.each(['ada@example.com', 'a|b', '', 'a b'])('is not made for the subject “%s”', (subject) => {
    expect(() => signToken({ ...claim, subject }, keys)).toThrow('ids');
  });

  it('fits a header of 995 characters with room for the address', () => {
    expect(signToken(claim, keys).length).toBeLessThan(200);
  });
});
