import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../functions/definition/scoring.ts';
import { isZone, localDay, zoneOf } from '../../functions/lead/zone.ts';

describe("the lead's zone", () => {
  it.each<[string, Record<string, FieldValue>, string]>([
    ['what it stated', { zone: 'Europe/Berlin', country: 'VN' }, 'Europe/Berlin'],
    ["its country's when what it stated is no zone", { zone: 'Mars/Olympus', country: 'TH' }, 'Asia/Bangkok'],
    ["its country's", { country: 'VN', phone: '+66812345678' }, 'Asia/Ho_Chi_Minh'],
    ["its country's where most people live", { country: 'US' }, 'America/New_York'],
    ["its phone's", { phone: '+66812345678' }, 'Asia/Bangkok'],
    ["its phone's, by the longest calling code", { phone: '+85620123456' }, 'Asia/Vientiane'],
    ["the workspace's when the country is none", { country: 'XX' }, 'Asia/Tokyo'],
    ["the workspace's when the phone tells nothing", { phone: '0912345678' }, 'Asia/Tokyo'],
    ["the workspace's when nothing is known", {}, 'Asia/Tokyo'],
    ["the workspace's when the country is no text", { country: 84 }, 'Asia/Tokyo'],
  ])('is %s', (_, fields, zone) => {
    expect(zoneOf(fields, 'Asia/Tokyo')).toBe(zone);
  });

  it('is UTC when even the workspace names none', () => {
    expect(zoneOf({}, 'nowhere')).toBe('UTC');
    expect(isZone('nowhere')).toBe(false);
  });
});

describe('the day of an instant', () => {
  it.each([
    ['2027-03-01T16:59:59.999Z', 'Asia/Ho_Chi_Minh', '2027-03-01'],
    ['2027-03-01T17:00:00.000Z', 'Asia/Ho_Chi_Minh', '2027-03-02'],
    ['2027-03-01T04:59:59.999Z', 'America/New_York', '2027-02-28'],
    // Clocks in New York went forward on 14 March 2027: the day begins at four, not at five.
    ['2027-03-15T04:00:00.000Z', 'America/New_York', '2027-03-15'],
    ['2027-12-31T23:59:59.999Z', 'UTC', '2027-12-31'],
    ['2027-12-31T23:59:59.999Z', 'no/zone', '2027-12-31'],
  ])('%s in %s is %s', (at, zone, day) => {
    expect(localDay(at, zone)).toBe(day);
  });
});
