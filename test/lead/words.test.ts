import { describe, expect, it } from 'vitest';
import { foldText, occursIn } from '../../functions/lead/words.ts';

describe('a word in a text', () => {
  it.each([
    ['Đặng  Thị\tHương', 'dang thi huong'],
    ['Nguyễn'.normalize('NFD'), 'nguyen'],
    ['ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬ', 'aaaaaaaaaaaaaaaaa'],
    ['ÈẺẼÉẸÊỀỂỄẾỆ', 'eeeeeeeeeee'],
    ['ÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢ', 'ooooooooooooooooo'],
    ['ÙỦŨÚỤƯỪỬỮỨỰ', 'uuuuuuuuuuu'],
    ['ÌỈĨÍỊỲỶỸÝỴ', 'iiiiiyyyyy'],
    ['ผู้จัดการ', 'ผู้จัดการ'],
    ['กำลัง', 'กำลัง'],
  ])('%j is compared as %j', (text, folded) => {
    expect(foldText(text)).toBe(folded);
  });

  it.each([
    ['intern', 'summer intern', true],
    ['intern', 'international', false],
    ['intern', 'an internal intern', true],
    ['intern', 'intern, finance', true],
    ['intern', 'intern2', false],
    ['head of', 'head of sales', true],
    ['head of', 'ahead of sales', false],
    ['ผู้จัดการ', 'รองผู้จัดการทั่วไป', true],
    ['manager', 'ตำแหน่งmanagerใหญ่', true],
    ['c++', 'c++ developer', true],
    ['', 'anything', false],
    ['word', '', false],
  ])('%j in %j: %s', (word, text, occurs) => {
    expect(occursIn(word, text)).toBe(occurs);
  });
});
