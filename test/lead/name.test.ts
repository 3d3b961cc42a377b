import { describe, expect, it } from 'vitest';
import { cleanName, greetingName } from '../../functions/lead/name.ts';

describe('the name to greet by', () => {
  it.each([
    ['Nguyễn Thị Hương', 'vi', 'Hương'],
    ['  nguyễn   văn an ', 'vi', 'an'],
    ['Lê Mai', 'vi-VN', 'Mai'],
    ['Hương', 'vi', 'Hương'],
    ['Chị Hương', 'vi', 'Hương'],
    ['Anh', 'vi', 'Anh'],
    ['TRẦN VĂN BÌNH', 'vi', 'BÌNH'],
    ['Nguyễn Thị Hương', 'en', 'Hương'],
    ['Nguyen Van An', 'en', 'An'],
    ['สมชาย ใจดี', 'th', 'คุณสมชาย'],
    ['คุณสมชาย ใจดี', 'th', 'คุณสมชาย'],
    ['คุณ สมชาย', 'th', 'คุณสมชาย'],
    ['นางสาวกมลวรรณ ศรีสุข', 'th', 'คุณกมลวรรณ'],
    ['ดร.วิชัย พงษ์', 'th', 'คุณวิชัย'],
    ['สมชาย ใจดี', 'en', 'คุณสมชาย'],
    ['Somchai Jaidee', 'th', 'คุณ Somchai'],
    ['Somchai Jaidee', 'en', 'Somchai'],
    ['Jane Doe', 'en', 'Jane'],
    ['Dr. Jane Doe', 'en', 'Jane'],
    ['jane', 'de', 'jane'],
    ['Jane Doe, PhD', 'en', 'Jane'],
  ])('of %j in %s is %j', (name, language, greeting) => {
    expect(greetingName(name, language)).toBe(greeting);
  });

  it.each([
    undefined,
    '',
    '  ',
    'jane@firm.vn',
    'Visit www.spam.example now',
    'https://spam.example',
    '0912345678',
    '<b>Jane</b>',
    '{{ name }}',
    'x'.repeat(101),
  ])('of %j there is none', (name) => {
    expect(greetingName(name, 'vi')).toBeUndefined();
  });

  const TONES = [...'aăâeêioôơuưy'].flatMap((vowel) =>
    ['', '\u0300', '\u0309', '\u0303', '\u0301', '\u0323'].map((tone) => [`H${vowel}${tone}n`]),
  );
  it.each(TONES)('keeps every Vietnamese vowel under every tone, typed in any form: %s', (given) => {
    expect(greetingName(`Nguyễn Thị ${given}`.normalize('NFD'), 'vi')).toBe(given.normalize('NFC'));
  });

  const THAI = [
    'กำพล',
    'น้ำฝน',
    'เก่ง',
    'ก้อง',
    'จุ๋ม',
    'โต๊ะ',
    'ปิ่น',
    'ปู',
    'สุรีย์',
    'เสรี',
    'แก้ว',
    'ไพศาล',
    'ใหญ่',
    'อึ้ง',
    'ศรัณย์',
  ];
  it.each(THAI)('keeps every Thai vowel and tone: %s', (given) => {
    expect(greetingName(`${given} ใจดี`, 'th')).toBe(`คุณ${given}`);
  });

  it('is kept in NFC with single spaces and without control characters', () => {
    expect(cleanName(' Nguyễn\r\n\u0000Thị\t Hương '.normalize('NFD'))).toBe('Nguyễn Thị Hương');
  });
});
