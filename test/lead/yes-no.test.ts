import { describe, expect, it } from 'vitest';
import { isNoAnswer, isTick, yesOrNo } from '../../functions/lead/yes-no.ts';

describe('an answer', () => {
  it.each([
    ...['yes', 'Y', 'on', 'TRUE', '1', '1.0', '１', '๑', 'x', '[x]', 'Yes!', 'checked'],
    ...['Có', 'có'.normalize('NFD'), 'ĐỒNG Ý', 'Vâng.', 'ใช่', 'ยินยอม', 'ตกลง'],
  ])('%j is a yes', (text) => {
    expect([yesOrNo(text), isNoAnswer(text), isTick(text)]).toEqual([true, false, true]);
  });

  it.each([
    ...['no', 'N', 'off', 'False', '0', '0.0', '0,00', '０', '๐', '(no)', '"no"', 'No.', 'ｎｏ', 'n\u200bo', 'None'],
    ...['unchecked', 'disagree', 'No thanks', 'no_thanks'],
    ...['Không', 'KHÔNG'.normalize('NFD'), 'khong', 'Không đồng ý', 'ไม่', 'ไม่ใช่', 'ไม่ยินยอม'],
  ])('%j is a no', (text) => {
    expect([yesOrNo(text), isNoAnswer(text), isTick(text)]).toEqual([false, false, false]);
  });

  it.each(['', ' ', '[]', '{}', '[ ]', '-', '—', '""', 'null', 'NULL', 'undefined', 'NaN', 'N/A', '#N/A', 'n.a.'])(
    '%j is none',
    (text) => {
      expect([yesOrNo(text), isNoAnswer(text), isTick(text)]).toEqual([undefined, true, false]);
    },
  );
});

describe('a box', () => {
  it.each([
    ...[
      'No, thanks',
      'not now',
      'Never',
      'I do not agree',
      'I don’t agree',
      "don't",
      'Dont email me',
      'do-not-contact',
    ],
    ...[
      'Declined',
      'Rejected',
      'I refuse',
      'opt-out',
      'opt_out',
      'Opted out',
      'optout',
      'Unsubscribe',
      'Please do not',
    ],
    ...['Tôi không muốn', 'không muốn nhận'.normalize('NFD'), 'Từ chối', 'Đừng gửi', 'Hủy đăng ký'],
    ...['ไม่ต้องการรับข่าวสาร', 'ฉันไม่ยินยอม', 'ปฏิเสธ', 'ขอปฏิเสธ', '❌', '✗ no'],
  ])('with the value %j is not ticked', (text) => {
    expect(isTick(text)).toBe(false);
  });

  it.each([
    ...[
      'agree',
      'I agree',
      'marketing',
      'newsletter',
      'notify me',
      'Nordic news',
      'november',
      'normal',
      '2',
      '-1',
      '✓',
      '☑',
    ],
    ...['optional offers', 'donate', 'Đúng', 'Tôi đồng ý', 'nhận tin', 'cổ phiếu', 'ยินยอมรับข่าวสาร', 'ใช่ครับ'],
  ])('with the value %j is ticked', (text) => {
    expect(isTick(text)).toBe(true);
  });
});
