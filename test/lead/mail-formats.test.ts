import { describe, expect, it } from 'vitest';
import { dateText, moneyText } from '../../functions/lead/mail-formats.ts';

describe('a date in a mail', () => {
  it.each([
    ['th', '2026-03-05', {}, '5 มีนาคม 2569'],
    ['th', '2026-03-05', { calendar: 'gregory' }, '5 มีนาคม ค.ศ. 2026'],
    ['en', '2026-03-05', { style: 'medium' }, 'Mar 5, 2026'],
    ['vi', '2026-03-05', { style: 'short' }, '5/3/26'],
    ['en', '2026-03-05T18:30:00Z', {}, 'March 6, 2026'],
    ['en', '2026-03-05T18:30:00Z', { zone: 'America/New_York' }, 'March 5, 2026'],
    ['vi', '2026-03-05T07:00:00Z', { time: 'short' }, 'lúc 14:00 5 tháng 3, 2026'],
    ['en', Date.parse('2026-03-05T07:00:00Z'), { style: 'short', time: 'short' }, '3/5/26, 2:00 PM'],
    ['en', 'soon', {}, ''],
    ['en', true, {}, ''],
    ['en', null, {}, ''],
  ])('in %s of %s with %j is “%s”', (language, value, form, text) => {
    expect(dateText(value, language, form, 'Asia/Ho_Chi_Minh')).toBe(text);
  });

  it('is the day that was given, in whichever zone the company is', () => {
    for (const zone of ['Pacific/Honolulu', 'UTC', 'Pacific/Kiritimati'])
      expect(dateText('2026-03-05', 'en', {}, zone)).toBe('March 5, 2026');
  });
});

describe('an amount in a mail', () => {
  it.each([
    ['vi', 1_250_000, 'VND', '1.250.000\u00a0₫'],
    ['th', 1250, 'THB', '฿1,250.00'],
    ['en', '1250', 'USD', '$1,250.00'],
    ['en', 'many', 'USD', ''],
    ['en', 1250, 'VDN', ''],
    ['en', 1250, undefined, ''],
  ])('in %s of %s %s is “%s”', (language, value, currency, text) => {
    expect(moneyText(value, language, currency)).toBe(text);
  });
});
