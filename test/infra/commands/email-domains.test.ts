import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { meantDomain } from '../../../functions/lead/domain-typo.ts';
import { DISPOSABLE, FREE_MAIL } from '../../../functions/lead/email-domains.ts';
import { addDomains, fileOf, MOST_DOMAINS, readDomains } from '../../../infra/commands/email-domains.ts';

const lists = { freeMail: new Set(['gmail.com']), disposable: new Set(['mailinator.com']) };

describe('a list of mail domains', () => {
  it.each([
    [
      'B.example\n a.example # remark\n// none\n\n*.c.example\n@d.example',
      ['a.example', 'b.example', 'c.example', 'd.example'],
    ],
    ['["b.example", "a.example", "a.example"]', ['a.example', 'b.example']],
    ['thựcphẩm.vn', ['xn--thcphm-me8bww.vn']],
  ])('%j is read as %j', (text, domains) => {
    expect(readDomains(text)).toEqual({ domains, refused: [] });
  });

  it('names what is no domain, and takes the rest', () => {
    expect(readDomains('good.example\nno\n`${evil}`\n-x.example\n1.2.3.4')).toEqual({
      domains: ['good.example'],
      refused: ['no', '`${evil}`', '-x.example', '1.2.3.4'],
    });
    expect(() => readDomains('[{}]')).toThrow('not a list');
  });

  it('is added to, and never takes a mailbox provider for a disposable one', () => {
    const next = addDomains(lists, 'disposable', ['gmail.com', 'trash.example']);
    expect([...next.disposable]).toEqual(['mailinator.com', 'trash.example']);
  });

  it('is refused where it is longer than a function can carry', () => {
    const many = Array.from({ length: MOST_DOMAINS + 1 }, (_, i) => `d${i}.example`);
    expect(() => addDomains(lists, 'disposable', many)).toThrow('at most');
  });

  it('makes a file that stays short, and the committed one is such', () => {
    const many = Array.from({ length: 10_000 }, (_, i) => `disposable${i}.example`);
    expect(fileOf(addDomains(lists, 'disposable', many)).split('\n').length).toBeLessThan(300);
    const committed = readFileSync(join(import.meta.dirname, '../../../functions/lead/email-domains.ts'), 'utf8');
    expect(fileOf({ freeMail: FREE_MAIL, disposable: DISPOSABLE })).toBe(committed);
  });

  it('holds no domain that would be taken for a typing error', () => {
    expect([...FREE_MAIL].filter((domain) => meantDomain(domain) !== undefined)).toEqual([]);
  });
});
