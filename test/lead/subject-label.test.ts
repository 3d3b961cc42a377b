import { describe, expect, it } from 'vitest';
import { labelled } from '../../functions/lead/subject-label.ts';

const settings = { subjectLabel: { VN: '[QC]', SG: '<ADV>' }, zone: 'Europe/Berlin' };

describe('the subject of a marketing mail', () => {
  it.each([
    ['the country that was stated', { country: 'VN' }, 'Three leaks', '[QC] Three leaks'],
    ['the country of the phone', { phone: '+84912345678' }, 'Three leaks', '[QC] Three leaks'],
    ['the stated country before the phone', { country: 'TH', phone: '+84912345678' }, 'Three leaks', 'Three leaks'],
    ['a country in small letters', { country: 'vn' }, 'Three leaks', '[QC] Three leaks'],
    ['another label', { country: 'SG' }, 'Three leaks', '<ADV> Three leaks'],
    ['no label', { country: 'DE' }, 'Three leaks', 'Three leaks'],
    ['nothing known of the lead', {}, 'Three leaks', 'Three leaks'],
    ['the zone that was stated', { zone: 'Asia/Ho_Chi_Minh' }, 'Three leaks', '[QC] Three leaks'],
    ['a label that stands there already', { country: 'VN' }, '[QC] Ba chỗ rò rỉ', '[QC] Ba chỗ rò rỉ'],
    ['a label in small letters', { country: 'VN' }, '[qc]Ba chỗ rò rỉ', '[QC] Ba chỗ rò rỉ'],
    ['a label at the end', { country: 'VN' }, 'Ba chỗ rò rỉ [QC]', '[QC] Ba chỗ rò rỉ'],
    ['two labels', { country: 'VN' }, '[QC] Ba chỗ [QC] rò rỉ', '[QC] Ba chỗ rò rỉ'],
    ['an inherited name', { country: 'constructor' }, 'Three leaks', 'Three leaks'],
  ])('carries, for %s, the label of the law first and once', (_, fields, subject, shown) => {
    expect(labelled(subject, fields, settings)).toBe(shown);
    expect(labelled(labelled(subject, fields, settings), fields, settings)).toBe(shown);
  });

  it.each([
    [{}, '[QC] Three leaks'],
    [{ country: 'TH' }, 'Three leaks'],
    [{ phone: '+66812345678' }, 'Three leaks'],
    [{ zone: 'Asia/Bangkok' }, 'Three leaks'],
    [{ zone: 'Mars/Olympus' }, '[QC] Three leaks'],
  ])('carries, for %j, that of the workspace’s own country where no other is known: %s', (fields, shown) => {
    expect(labelled('Three leaks', fields, { ...settings, zone: 'Asia/Ho_Chi_Minh' })).toBe(shown);
  });

  it('is as it is under settings of an older version', () => {
    expect(labelled('Three leaks', { country: 'VN' }, { zone: 'Asia/Ho_Chi_Minh' })).toBe('Three leaks');
  });
});
