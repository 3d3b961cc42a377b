import { describe, expect, it } from 'vitest';
import { parseCountry } from '../../functions/lead/country.ts';

describe('a country', () => {
  it.each([
    ['VN', 'VN'],
    ['vn', 'VN'],
    [' th ', 'TH'],
    ['Vietnam', 'VN'],
    ['Viet Nam', 'VN'],
    ['Việt Nam', 'VN'],
    ['VIỆT NAM'.normalize('NFD'), 'VN'],
    ['Thailand', 'TH'],
    ['Thái Lan', 'TH'],
    ['thai lan', 'TH'],
    ['ไทย', 'TH'],
    ['ประเทศไทย', 'TH'],
    ['เวียดนาม', 'VN'],
    ['Nhật Bản', 'JP'],
    ['ญี่ปุ่น', 'JP'],
    ['Hoa Kỳ', 'US'],
    ['Mỹ', 'US'],
    ['usa', 'US'],
    ['UK', 'GB'],
    ['Germany', 'DE'],
    ['Hàn Quốc', 'KR'],
    ['MY', 'MY'],
    ['Lào', 'LA'],
  ])('%j is %s', (text, code) => {
    expect(parseCountry(text)).toBe(code);
  });

  it.each(['', 'XX', 'EU', 'UN', 'ZZ', 'Atlantis', 'European Union', 'V N', '84'])('%j is none', (text) => {
    expect(parseCountry(text)).toBeUndefined();
  });
});
