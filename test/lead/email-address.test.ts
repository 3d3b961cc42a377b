import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emailHash, parseEmailAddress, partsOf } from '../../functions/lead/email-address.ts';

const parsed = (text: string) => {
  const result = parseEmailAddress(text);
  return result.ok ? result.address : result.why;
};

describe('an address', () => {
  it.each([
    ['an@firm.vn', 'an@firm.vn'],
    ['  An.Nguyen@Firm.VN\n', 'An.Nguyen@firm.vn'],
    ['\ufeffan\u200b@firm.vn\u200d', 'an@firm.vn'],
    ["o'neil_x-y+z@sub.firm.co.th", "o'neil_x-y+z@sub.firm.co.th"],
    ['!#$%&*/=?^`{|}~@firm.vn', '!#$%&*/=?^`{|}~@firm.vn'],
    ['mua@thựcphẩm.vn', 'mua@xn--thcphm-me8bww.vn'],
    ['mua@THỰCPHẨM.vn'.normalize('NFD'), 'mua@xn--thcphm-me8bww.vn'],
    ['a@ไทย.ไทย', 'a@xn--o3cw4h.xn--o3cw4h'],
    ['a@例え。jp', 'a@xn--r8jz45g.jp'],
    ['1@2.com', '1@2.com'],
    [`${'a'.repeat(64)}@firm.vn`, `${'a'.repeat(64)}@firm.vn`],
    [`a@${'b'.repeat(63)}.vn`, `a@${'b'.repeat(63)}.vn`],
  ])('%j is mailed as %s', (text, deliverTo) => {
    expect(parsed(text)).toMatchObject({ deliverTo, asTyped: expect.stringContaining('@') });
  });

  it.each([
    ['', 'empty'],
    [' \u200b ', 'empty'],
    ['an', 'no @'],
    ['an@firm@vn', 'more than one @'],
    ['@firm.vn', 'before the @'],
    ['an@', 'after the @'],
    ['"an nguyen"@firm.vn', 'quoted'],
    ['"a@b"@firm.vn', 'quoted'],
    ['an@[192.168.1.1]', 'number'],
    ['an@[IPv6:::1]', 'number'],
    ['an@192.168.1.1', 'number'],
    ['an@0x7f.1', 'not a valid name'],
    ['nguyễn@firm.vn', 'accents'],
    ['สมชาย@firm.co.th', 'accents'],
    ['.an@firm.vn', 'dot'],
    ['an.@firm.vn', 'dot'],
    ['a..n@firm.vn', 'dot'],
    ['an nguyen@firm.vn', 'space'],
    ['an,b@firm.vn', 'not allowed'],
    ['an(comment)@firm.vn', 'not allowed'],
    ['<an@firm.vn>', 'not allowed'],
    ['an\\b@firm.vn', 'not allowed'],
    ['an@firm', 'ending'],
    ['an@firm..vn', 'not a valid name'],
    ['an@.firm.vn', 'not a valid name'],
    ['an@firm.vn.', 'not a valid name'],
    ['an@-firm.vn', 'not a valid name'],
    ['an@firm-.vn', 'not a valid name'],
    ['an@fi_rm.vn', 'not a valid name'],
    ['an@fi rm.vn', 'not a valid name'],
    ['an@firm.vn/x', 'not a valid name'],
    ['an@firm.vn:25', 'not a valid name'],
    ['an@ex%41mple.com', 'not a valid name'],
    ['an@firm.123', 'not a valid name'],
    [`${'a'.repeat(65)}@firm.vn`, 'more than 64'],
    [`a@${'b'.repeat(64)}.vn`, 'not a valid name'],
    [`${'a'.repeat(64)}@${`${'b'.repeat(60)}.`.repeat(3)}${'c'.repeat(10)}.vn`, 'longer than 254'],
    [`${'x'.repeat(250)}@corp.vn`, 'longer than 254'],
  ])('%j is refused: %s', (text, why) => {
    expect(parsed(text)).toContain(why);
  });

  it.each([
    ['An.Nguyen+News@Gmail.com', 'annguyen@gmail.com'],
    ['a.n@googlemail.com', 'an@gmail.com'],
    ['+x@gmail.com', '+x@gmail.com'],
    ['An.N+x@outlook.com', 'an.n@outlook.com'],
    ['an+x@hotmail.com', 'an@hotmail.com'],
    ['an+x@live.com', 'an@live.com'],
    ['a.n+x@icloud.com', 'a.n@icloud.com'],
    ['an+x@me.com', 'an@me.com'],
    ['an+x@fastmail.com', 'an@fastmail.com'],
    ['an+x@proton.me', 'an@proton.me'],
    ['an-x+y@yahoo.com', 'an-x+y@yahoo.com'],
    ['A.N+x@firm.vn', 'a.n+x@firm.vn'],
    ['an+x@mail.gmail.com', 'an+x@mail.gmail.com'],
  ])('%s is the person %s, and is mailed as it was typed', (text, key) => {
    const address = parsed(text);
    expect(address).toMatchObject({ key, asTyped: text });
    expect(address).toHaveProperty('deliverTo', text.replace('Gmail', 'gmail'));
  });

  it('is read the same a second time', () => {
    const local = fc.stringMatching(/^[a-zA-Z0-9][a-zA-Z0-9+_'-]{0,20}$/);
    const domain = fc.constantFrom('gmail.com', 'firm.vn', 'outlook.com', 'thựcphẩm.vn');
    fc.assert(
      fc.property(local, domain, (name, place) => {
        const first = parseEmailAddress(`${name}@${place}`);
        const again = first.ok ? parseEmailAddress(first.address.deliverTo) : first;
        const key = first.ok ? parseEmailAddress(first.address.key) : first;
        expect(again).toMatchObject({ ok: true, address: first.ok ? { key: first.address.key } : {} });
        expect(key).toMatchObject({ ok: true, address: first.ok ? { key: first.address.key } : {} });
      }),
    );
  });

  it('is hashed by its key, and splits at its @', () => {
    expect(emailHash('an@firm.vn')).toMatch(/^[0-9a-f]{64}$/);
    expect(emailHash('an@firm.vn')).not.toBe(emailHash('an@firm.th'));
    expect(partsOf('An+x@firm.vn')).toEqual({ local: 'An+x', domain: 'firm.vn' });
  });
});
