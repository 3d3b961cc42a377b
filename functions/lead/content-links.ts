/** How many different links of content a mail has: what a program that follows all of them follows. */
import { withoutOwnToken } from './own-link.ts';

const HREF = /<a\b[^>]*?\shref\s*=\s*(?:"(https?:[^"]*)"|'(https?:[^']*)')/gi;

/** @param html as it is mailed. Links to pages of ours, as unsubscribing, are not counted. */
export const contentLinks = (html: string): number => {
  const links = [...html.matchAll(HREF)].map(([, double, single]) => (double ?? single ?? '').replaceAll('&amp;', '&'));
  return new Set(links.filter((link) => withoutOwnToken(link) === link)).size;
};
