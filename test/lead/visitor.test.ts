import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Owner, ownerAt, visitorHash, withOwner } from '../../functions/lead/visitor.ts';

const at = (minute: number): string => new Date(Date.UTC(2027, 2, 1, 2, minute)).toISOString();
const claims = (...pairs: [string, number][]): readonly Owner[] =>
  pairs.reduce<readonly Owner[]>((owners, [leadId, minute]) => withOwner(owners, { leadId, from: at(minute) }), []);

describe('a visitor', () => {
  it('is known by the hash of 128 bits, and by nothing else', () => {
    expect(visitorHash('0f'.repeat(16))).toMatch(/^[0-9a-f]{64}$/);
    for (const id of ['', '0f', '0F'.repeat(16), 'g'.repeat(32), '0f'.repeat(17)])
      expect(visitorHash(id)).toBeUndefined();
  });

  it('is nobody’s until it is claimed', () => {
    expect(ownerAt([], at(0))).toBeUndefined();
  });

  it.each([
    [0, 'a'],
    [10, 'a'],
    [15, 'a'],
    [20, 'b'],
    [25, 'b'],
    [30, 'a'],
    [40, 'a'],
  ])('that a claims at 10 and 30, and b at 20, belongs at %i to %s', (minute, owner) => {
    expect(ownerAt(claims(['a', 10], ['b', 20], ['a', 30]), at(minute))).toBe(owner);
  });

  it('stays as it is by a claim that is told again, or renewed', () => {
    const owners = claims(['a', 10], ['b', 20]);
    expect(withOwner(owners, { leadId: 'a', from: at(10) })).toBe(owners);
    expect(withOwner(owners, { leadId: 'b', from: at(20) })).toBe(owners);
    expect(withOwner(owners, { leadId: 'b', from: at(50) })).toBe(owners);
  });

  it('belongs to the same whatever order the claims of several people arrive in', () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { maxLength: 8 });
    const turns = minutes.map((list) => list.map((minute, i): Owner => ({ leadId: `l${i}`, from: at(minute) })));
    const shuffled = turns.chain((list) =>
      fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
    );
    fc.assert(
      fc.property(shuffled, fc.integer({ min: 0, max: 60 }), ([list, other], minute) => {
        const [one, two] = [list, other].map((each) => each.reduce<readonly Owner[]>(withOwner, []));
        expect(ownerAt(one ?? [], at(minute))).toBe(ownerAt(two ?? [], at(minute)));
      }),
    );
  });

  it('keeps no more owners than people can take turns at it', () => {
    const many = claims(...Array.from({ length: 200 }, (_, i): [string, number] => [`l${i}`, i]));
    expect(many).toHaveLength(50);
    expect(ownerAt(many, at(500))).toBe('l199');
  });
});
