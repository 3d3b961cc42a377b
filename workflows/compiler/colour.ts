/** The colours of a mail, by day and by night. None is pure black or white: mail programs that invert those do odd things. */

export const LIGHT = {
  page: '#fdfdfd',
  ink: '#1c2530',
  soft: '#4a5563',
  line: '#c7cdd4',
  accent: '#0b5cad',
  on: '#fefefe',
};
export const DARK = { page: '#14181d', ink: '#e8eaed', soft: '#b4bcc6', line: '#4b5663', on: '#10151b' };

/** How well one colour stands out on another: 1 to 21 (WCAG 2.2, contrast ratio). Colours as `#rrggbb`. */
export function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

/** The same colour made lighter until it can be read on the dark page. */
export function onDark(colour: string): string {
  const parts = channels(colour);
  for (let white = 0; white <= 1; white += 0.05) {
    const mixed = `#${parts.map((part) => hex(part + (255 - part) * white)).join('')}`;
    // A little more than the least: thin letters on a dark page look thinner.
    if (contrast(mixed, DARK.page) >= 6) return mixed;
  }
  return DARK.ink;
}

const channels = (colour: string): number[] => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));

const hex = (part: number): string => Math.round(part).toString(16).padStart(2, '0');

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channels(colour).map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
