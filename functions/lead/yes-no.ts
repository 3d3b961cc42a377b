/** What people and pages write for yes and no, in English, Vietnamese and Thai. */
import { plainDigits } from './phone.ts';
import { foldText } from './words.ts';

/** Folded: lower case, without Vietnamese accents, punctuation at the ends or apostrophes; hyphens as spaces. */
const YES = new Set([
  ...['yes', 'y', 'on', 'true', 'x', 'checked', 'ticked', 'agree', 'agreed', 'i agree'],
  ...['co', 'vang', 'dong y', 'toi dong y'],
  ...['ใช่', 'ยินยอม', 'ตกลง', 'ยอมรับ', 'เห็นด้วย'],
]);
const NO = new Set([
  ...['no', 'n', 'off', 'false', 'none', 'unchecked', 'unticked', 'disagree', 'i disagree', 'no thanks'],
  ...['khong', 'ko', 'chua', 'khong dong y', 'toi khong dong y'],
  ...['ไม่', 'ไม่ใช่', 'ไม่ยินยอม', 'ไม่ตกลง', 'ไม่ยอมรับ', 'ไม่เห็นด้วย', 'ไม่ต้องการ'],
]);
const ONE = /^1(?:[.,]0+)?$/;
const ZERO = /^0+(?:[.,]0+)?$/;

/** What programs and spreadsheets write where there is nothing. */
const NOTHING = new Set(['null', 'nil', 'undefined', 'nan', 'n/a', 'n.a', 'na']);
const MARKS_ALONE = /^[\p{P}\s]*$/u;

/** Whole words by which a refusal begins, and beginnings of such words. Folded, `đừng` (do not) would be `đúng` (right). */
const WORDS = [
  ...['no', 'not', 'none', 'nope', 'never', 'do not', 'dont', 'does not', 'cannot', 'cant', 'will not', 'wont'],
  ...['opt out', 'opted out', 'optout', 'deny', 'denied', 'khong', 'ko', 'chua', 'tu choi', 'huy dang ky', 'phan doi'],
  'đừng',
];
const STEMS = ['declin', 'disagree', 'disallow', 'refus', 'reject', 'unsubscri', 'uncheck', 'untick'];
/** Thai has no space behind a word. */
const THAI = ['ไม่', 'อย่า', 'ปฏิเสธ', 'ยกเลิก', 'เปล่า'];
const SIGNS = ['✗', '✘', '❌', '☐', '👎', '🚫'];
const WHO = '(?:i|we|please|toi|chung toi|xin|vui long|ฉัน|ผม|ดิฉัน|ข้าพเจ้า|ขอ) ?';
const REFUSAL = new RegExp(
  `^(?:${WHO})?(?:(?:${WORDS.join('|')})(?![\\p{L}\\p{N}])|${[...STEMS, ...THAI, ...SIGNS].join('|')})`,
  'u',
);

/** Without what is not seen, with one sign for each hyphen and none for apostrophes. */
const plain = (text: string): string =>
  plainDigits(text)
    .replace(/\p{Cf}|['‘’`´ʼ]/gu, '')
    .replace(/[\p{Cc}\p{Pd}_]+/gu, ' ');

const bare = (text: string): string => foldText(text).replace(/^[\p{P}\s]+|[\p{P}\s]+$/gu, '');

/** Whether a text says yes (true) or no (false) and nothing else; undefined: neither. */
export const yesOrNo = (text: string): boolean | undefined => {
  const said = bare(plain(text));
  if (YES.has(said) || ONE.test(said)) return true;
  return NO.has(said) || ZERO.test(said) ? false : undefined;
};

/** Whether a text stands where there is no answer: blank, punctuation alone, `null`, `N/A`. */
export const isNoAnswer = (text: string): boolean => {
  const said = plain(text);
  return MARKS_ALONE.test(said) || NOTHING.has(bare(said));
};

/**
 * Whether a box that was posted with this value is ticked. Pages send any text for a tick and nothing without one: all is a
 * tick but no answer, a no, and what begins by refusing ("No thanks", "Không đồng ý").
 */
export const isTick = (text: string): boolean => {
  if (isNoAnswer(text) || yesOrNo(text) === false) return false;
  const said = plain(text);
  return ![bare(said), said.normalize('NFC').toLowerCase().trim()].some((each) => REFUSAL.test(each));
};
