/**
 * Takes Liquid out of a text while Markdown or MJML works on it, and puts it back unharmed: neither knows Liquid, and both
 * would escape its quotes and bars.
 */
import { Tokenizer, TokenKind } from 'liquidjs';

export interface Masked {
  /** Each piece of Liquid is one word of small letters and digits, which survives as text, in links and in attributes. */
  text: string;
  /** The pieces by number. */
  pieces: { text: string; kind: 'output' | 'tag' }[];
  /** Matches one word; the first group is the number of its piece. */
  word: RegExp;
}

/** @throws liquidjs's TokenizationError when a piece is not closed; check the Liquid before. */
export function maskLiquid(text: string): Masked {
  let mark = 'qzl';
  while (text.includes(mark)) mark += 'z';
  const pieces: Masked['pieces'] = [];
  const parts = new Tokenizer(text).readTopLevelTokens().map((token) => {
    const piece = token.input.slice(token.begin, token.end);
    if (token.kind === TokenKind.HTML) return piece;
    pieces.push({ text: piece, kind: token.kind === TokenKind.Output ? 'output' : 'tag' });
    return `${mark}${pieces.length - 1}${mark}`;
  });
  return { text: parts.join(''), pieces, word: new RegExp(`${mark}(\\d+)${mark}`, 'g') };
}

/** Puts the Liquid back. */
export function unmaskLiquid(text: string, { pieces, word }: Masked): string {
  return text.replaceAll(word, (_, number) => pieces[Number(number)]?.text ?? '');
}

/** Escapes what HTML would take for markup, and leaves Liquid as it is: its output is escaped when the mail is rendered. */
export function escapeAroundLiquid(text: string): string {
  const masked = maskLiquid(text);
  return unmaskLiquid(escapeHtml(masked.text), masked);
}

export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
