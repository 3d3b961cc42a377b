/** How wide a text will be, without a font at hand: near enough to give it a box. */

const segmenter = new Intl.Segmenter('th', { granularity: 'word' });

function emOf(letter: string): number {
  if (/\p{Mark}/u.test(letter)) return 0;
  if (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60\u{1f000}-\u{1faff}]/u.test(letter))
    return 1.05;
  if (/[ .,:;!|'’()[\]ijlIt]/.test(letter)) return 0.34;
  if (/[mwMW@%]/.test(letter)) return 0.9;
  return /[\p{Lu}]/u.test(letter) ? 0.7 : 0.57;
}

/** In pixels. @param size of the letters in pixels */
export const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, letter) => sum + emOf(letter), 0) * size;

/** Words, and what stands between them. Names with hyphens and dots stay whole where they are short. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const { segment } of segmenter.segment(text)) {
    const last = words.at(-1) ?? '';
    const joins = /[-.]$/.test(last) || (/^[-.]/.test(segment) && /\S$/.test(last));
    if (joins && last.length + segment.length < 22) words[words.length - 1] = last + segment;
    else words.push(segment);
  }
  return words;
}

/** The text in lines of at most `width` pixels, broken between words (Thai has no spaces between them); `most` lines. */
export function wrapText(text: string, { size, width, most }: { size: number; width: number; most: number }): string[] {
  const lines: string[] = [];
  let line = '';
  for (const segment of wordsOf(text)) {
    if (line.trim() !== '' && textWidth(line + segment, size) > width) {
      lines.push(line.trim());
      line = '';
    }
    line += segment;
  }
  lines.push(line.trim());
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), `${lines[most - 1]} …`];
}
