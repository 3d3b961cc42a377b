/** Whether a word occurs in a text, whatever the case and the accents. */

/** Scripts that are written without spaces: there a word ends where it ends. */
const UNSPACED =
  /[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
const IN_WORD = /[\p{L}\p{N}]/u;

/**
 * A text for comparing: lower case, Latin accents away, đ as d, runs of white space as one space.
 * Only U+0300-036F go: Thai vowels and tones are marks too, and they make the word.
 */
export const foldText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();

const joins = (outside: string | undefined, edge: string | undefined): boolean =>
  outside !== undefined && edge !== undefined && [outside, edge].every((c) => IN_WORD.test(c) && !UNSPACED.test(c));

/**
 * Whether the folded `word` (one or several words) occurs in the folded `text`. It must not be part of a longer word:
 * "intern" is not in "international". Thai and other unspaced scripts have no such edge.
 */
export const occursIn = (word: string, text: string): boolean => {
  if (word === '') return false;
  for (let from = text.indexOf(word); from >= 0; from = text.indexOf(word, from + 1)) {
    const end = from + word.length;
    if (!joins(text[from - 1], word[0]) && !joins(text[end], word[word.length - 1])) return true;
  }
  return false;
};
