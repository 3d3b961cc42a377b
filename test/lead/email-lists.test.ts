import { describe, expect, it } from 'vitest';
import { inDomainList, isInEmailLists } from '../../functions/lead/email-lists.ts';

const own = { competitors: ['rival.example'], 'free-mail': ['only.example'] };

describe('a list of domains', () => {
  it.each([
    ['rival.example', true],
    ['mail.rival.example', true],
    ['a.b.rival.example', true],
    ['arrival.example', false],
    ['example', false],
    ['rival.example.com', false],
  ])('has %s: %s', (domain, listed) => {
    expect(inDomainList(domain, ['rival.example'])).toBe(listed);
  });

  it.each([
    ['an@gmail.com', ['free-mail'], true],
    ['an@yahoo.com.vn', ['free-mail'], true],
    ['an@firm.vn', ['free-mail'], false],
    ['an@mailinator.com', ['disposable'], true],
    ['an@x.yopmail.com', ['disposable'], true],
    ['Info@firm.vn', ['role'], true],
    ['lienhe+web@firm.vn', ['role'], true],
    ['informant@firm.vn', ['role'], false],
    ['an@firm.vn', ['role', 'disposable'], false],
    ['hr@firm.vn', ['disposable', 'role'], true],
    ['an@firm.vn', ['unheard-of'], false],
  ])('%s in %j: %s', (address, lists, listed) => {
    const [local = '', domain = ''] = address.split('@');
    expect(isInEmailLists({ local, domain }, lists, {})).toBe(listed);
  });

  it('of the scoring file wins over the built-in one of the same name', () => {
    expect(isInEmailLists({ local: 'an', domain: 'gmail.com' }, ['free-mail'], own)).toBe(false);
    expect(isInEmailLists({ local: 'an', domain: 'only.example' }, ['free-mail'], own)).toBe(true);
    expect(isInEmailLists({ local: 'an', domain: 'x.rival.example' }, ['competitors'], own)).toBe(true);
  });
});
