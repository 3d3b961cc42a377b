/** What a reader would miss in a layout of one's own: pictures without words, links without TLS, letters that are too small. */
import type { LayoutFault } from './layout.ts';

type Say = Omit<LayoutFault, 'line'> | undefined;

const SMALLEST_PX = 14;
/** Under it the tone marks of Thai are cut off. */
const LEAST_LINE = 1.6;

/** By what they are looked for; what is found is judged. Comments were taken out before. */
const CHECKS: [RegExp, (match: RegExpExecArray) => Say][] = [
  [
    /<(?:mj-image|img|mj-carousel-image)\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi,
    ([tag]) =>
      /\salt\s*=/i.test(tag)
        ? undefined
        : {
            message: 'The picture has no text for those who do not see it.',
            hint: 'Add `alt="…"`; `alt=""` where it only decorates.',
          },
  ],
  [
    /\b(href|src|background-url)\s*=\s*["']?\s*http:\/\//gi,
    ([, attribute]) => ({ message: `\`${attribute}\` must lead to \`https://\`, not to \`http://\`.` }),
  ],
  [
    /\bfont-size\s*[=:]\s*["']?\s*(\d+(?:\.\d+)?)px/gi,
    ([, size]) =>
      Number(size) >= SMALLEST_PX
        ? undefined
        : { message: `Letters of ${size} px are too small to read: ${SMALLEST_PX} px are the least.`, warning: true },
  ],
  [
    /\bline-height\s*[=:]\s*["']?\s*(\d+(?:\.\d+)?)(%?)(?=["';\s])/gi,
    ([, height, percent]) => {
      const lines = Number(height) / (percent ? 100 : 1);
      if (lines >= LEAST_LINE || lines === 0) return undefined;
      return {
        message: `Lines ${height}${percent} high cut off the tone marks of Thai: ${LEAST_LINE} is the least.`,
        warning: true,
      };
    },
  ],
];

/** What is wrong or doubtful, by line. */
export function layoutLookFaults(mjml: string): LayoutFault[] {
  const text = withoutComments(mjml);
  const lineAt = (at: number) => text.slice(0, at).split('\n').length;
  const found = CHECKS.flatMap(([pattern, judge]) =>
    [...text.matchAll(pattern)].flatMap((match): LayoutFault[] => {
      const fault = judge(match);
      return fault ? [{ line: lineAt(match.index), ...fault }] : [];
    }),
  );
  return [...found, ...darkFaults(text)].sort((a, b) => a.line - b.line);
}

/** The text with its comments blanked, lines kept. */
export const withoutComments = (mjml: string): string =>
  mjml.replaceAll(/<!--[\s\S]*?-->/g, (comment) => comment.replaceAll(/[^\n]/g, ' '));

function darkFaults(text: string): LayoutFault[] {
  const faults: LayoutFault[] = [];
  if (!/name\s*=\s*["']color-scheme["']/i.test(text)) {
    const hint = 'Add `<mj-raw><meta name="color-scheme" content="light dark" /></mj-raw>` to the head.';
    faults.push({ line: 1, message: 'The layout does not say that it can be shown dark.', hint, warning: true });
  }
  const isPure = (colour: string) => new RegExp(`:?\\s*["']?(?:${colour})(?=["';\\s])`, 'i').test(text);
  if (isPure('#000|#000000|black') && isPure('#fff|#ffffff|white')) {
    const hint = 'Take a dark grey like `#1c2530` and an off-white like `#fdfdfd`.';
    faults.push({
      line: 1,
      message: 'Pure black on pure white is turned round badly in dark mode.',
      hint,
      warning: true,
    });
  }
  return faults;
}
