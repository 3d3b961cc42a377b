/** What may stand in the header of a mail: one line, and ASCII for names (RFC 5322, RFC 2047). */

// A control character in a header could start another header; a lone surrogate cannot be sent at all.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go.
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/gu;

/** A text as a header value: controls and line breaks become one space, ends trimmed, lone surrogates replaced. */
export const oneLine = (text: string): string => text.toWellFormed().replace(CONTROLS, ' ').trim();

const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

// An encoded word has at most 75 characters (RFC 2047, 2); `=?UTF-8?B?` and `?=` take 12, so 60 are left: 45 bytes.
const WORD_BYTES = 45;

/** A text as RFC 2047 encoded words: none longer than 75 characters, none splitting a character. */
function encodedWords(text: string): string {
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  if (word) words.push(word);
  return words.map((w) => `=?UTF-8?B?${Buffer.from(w).toString('base64')}?=`).join(' ');
}

/**
 * A mailbox with a friendly name: `"Lan, Cash Clarity" <lan@example.com>`.
 * @param address an address that was checked before; angle brackets and spaces are taken out all the same.
 */
export function mailbox(name: string, address: string): string {
  const bare = oneLine(address).replace(/[<>\s]/gu, '');
  const shown = oneLine(name);
  if (!shown) return bare;
  const phrase = isAscii(shown) ? `"${shown.replace(/(["\\])/g, '\\$1')}"` : encodedWords(shown);
  return `${phrase} <${bare}>`;
}

/** A tag value as SES takes it: `[A-Za-z0-9_-]`, up to 256 characters, never empty. Other characters become `_`. */
export const tagValue = (text: string): string => text.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 256) || '_';
