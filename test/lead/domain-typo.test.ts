import { describe, expect, it } from 'vitest';
import { meantDomain } from '../../functions/lead/domain-typo.ts';

describe('a domain that was mistyped', () => {
  it.each([
    ['gmial.com', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['gmail.co', 'gmail.com'],
    ['gmail.cm', 'gmail.com'],
    ['gmail.om', 'gmail.com'],
    ['gmail.comm', 'gmail.com'],
    ['gmail.vn', 'gmail.com'],
    ['gmail.com.vn', 'gmail.com'],
    ['gmai.com', 'gmail.com'],
    ['gnail.com', 'gmail.com'],
    ['gamil.con', 'gmail.com'],
    ['gmaill.com', 'gmail.com'],
    ['yaho.com', 'yahoo.com'],
    ['yahooo.com.vn', 'yahoo.com.vn'],
    ['yaho.com.vn', 'yahoo.com.vn'],
    ['yahoo.con.vn', 'yahoo.com.vn'],
    ['hotmal.com', 'hotmail.com'],
    ['hotmial.com', 'hotmail.com'],
    ['hotmail.co', 'hotmail.com'],
    ['outlok.com', 'outlook.com'],
    ['outlook.cmo', 'outlook.com'],
    ['iclod.com', 'icloud.com'],
    ['acme.con', 'acme.com'],
  ])('%s was meant to be %s', (typed, meant) => {
    expect(meantDomain(typed)).toBe(meant);
  });

  it.each([
    ...[
      'gmail.com',
      'googlemail.com',
      'yahoo.com',
      'yahoo.com.vn',
      'yahoo.co.th',
      'yahoo.co.uk',
      'yahoo.co.jp',
      'yahoo.fr',
    ],
    ...['hotmail.com', 'hotmail.co.th', 'hotmail.fr', 'outlook.com', 'outlook.co.th', 'outlook.com.vn', 'icloud.com'],
    ...[
      'ymail.com',
      'mail.com',
      'email.com',
      'gmx.com',
      'live.com',
      'line.me',
      'me.com',
      'mac.com',
      'cloud.com',
      'aol.com',
    ],
    ...[
      'qmail.com',
      'zmail.com',
      'fpt.vn',
      'vnn.vn',
      'firm.vn',
      'acme.co',
      'acme.cm',
      'mail.firm.vn',
      'email.firm.com',
    ],
    ...['gmail.firm.vn', 'xn--thcphm-me8bww.vn', 'localhost', 'proton.me', 'zalo.me', 'rocketmail.com', 'mail.ru'],
  ])('%s is left alone', (typed) => {
    expect(meantDomain(typed)).toBeUndefined();
  });
});
