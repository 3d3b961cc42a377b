/** The code blocks of a page in Markdown, as a test runs them. */

export interface Block {
  /** `sh`, `yaml`, `text`, … */
  language: string;
  /** What stands behind it: the file that the block is. */
  name: string;
  text: string;
}

/** A comment that tells a test what the sentences around it do in a browser, or what is expected of the next block. */
export interface Remark {
  remark: string;
}

const PART = /^```(\w*)[ ]*(.*)\n([\s\S]*?)^```$|^<!-- (.*) -->$/gm;

/** All blocks and remarks, in their order. */
export const partsOf = (page: string): (Block | Remark)[] =>
  [...page.matchAll(PART)].map(([, language = '', name = '', text = '', remark]) =>
    remark === undefined ? { language, name: name.trim(), text } : { remark },
  );

export const blocksOf = (page: string): Block[] => partsOf(page).filter((part) => 'text' in part);

/** The lines that a page shows and a text does not hold, in their order; how much space is between words does not matter. */
export function missingLines(shown: string, text: string): string[] {
  const plain = (line: string) => line.replaceAll(/\s+/g, ' ').trim();
  const found = plain(text);
  let from = 0;
  return shown
    .split('\n')
    .map(plain)
    .filter((line) => {
      const at = found.indexOf(line, from);
      if (at >= 0) from = at + line.length;
      return at < 0;
    });
}
