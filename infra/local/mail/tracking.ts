/** Links and the open pixel, rewritten as SES does it: in HTML alone, http and https links, at most 250 of them. */

export interface TrackedLink {
  url: string;
  tags: Record<string, string[]> | null;
}

export interface TrackedHtml {
  html: string;
  /** The place of a link is its number in the click address. */
  links: TrackedLink[];
}

export interface Tracking {
  /** The address that stands for the link with this number; undefined: links stay as they are. */
  click?: ((n: number) => string) | undefined;
  /** The address of the pixel; undefined: no pixel. */
  open?: string | undefined;
}

const MAX_LINKS = 250;

/** Comments, scripts and styles are passed over whole; the start tag of a link is what is looked for. */
const TAG = /<!--[\s\S]*?-->|<(script|style)\b[\s\S]*?<\/\1\s*>|<a(?=[\s/>])(?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const HREF = /(\shref\s*=\s*)("[^"]*"|'[^']*'|[^\s>]+)/i;
const NO_TRACK = /\sses:no-track(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+))?(?=[\s/>])/i;
const TAGS = /\sses:tags\s*=\s*("[^"]*"|'[^']*'|[^\s>]+)/i;
const OPEN_TRACKER = /\{\{\s*ses:openTracker\s*\}\}/g;

/** Rewrites the HTML of one mail. SES's own attributes and placeholders are taken out, tracked or not. */
export function trackHtml(html: string, tracking: Tracking): TrackedHtml {
  const links: TrackedLink[] = [];
  const rewritten = html.replace(TAG, (tag) => (/^<a[\s/>]/i.test(tag) ? trackLink(tag, tracking, links) : tag));
  return { html: placePixel(rewritten, tracking.open), links };
}

function trackLink(tag: string, { click }: Tracking, links: TrackedLink[]): string {
  const tags = parseTags(TAGS.exec(tag)?.[1]);
  const untracked = NO_TRACK.test(tag);
  const plain = tag.replace(NO_TRACK, '').replace(TAGS, '');
  const url = decodeEntities(unquote(HREF.exec(plain)?.[2] ?? '')).trim();
  if (!click || untracked || !/^https?:\/\//i.test(url) || links.length >= MAX_LINKS) return plain;
  const address = click(links.length);
  links.push({ url, tags });
  return plain.replace(HREF, (_, name: string) => `${name}"${address}"`);
}

function placePixel(html: string, address: string | undefined): string {
  const pixel =
    address === undefined ? '' : `<img alt="" src="${address}" style="display: none; width: 1px; height: 1px;">`;
  if (html.search(OPEN_TRACKER) >= 0) {
    let placed = false;
    return html.replace(OPEN_TRACKER, () => {
      const first = !placed;
      placed = true;
      return first ? pixel : '';
    });
  }
  const end = html.toLowerCase().lastIndexOf('</body>');
  return end < 0 ? html + pixel : html.slice(0, end) + pixel + html.slice(end);
}

/** `ses:tags="cta:pricing;weight:high;"`: up to one value a name in the mail, an array in the event. */
function parseTags(attribute: string | undefined): Record<string, string[]> | null {
  const pairs = unquote(attribute ?? '')
    .split(';')
    .map((pair) => pair.split(':').map((part) => part.trim()));
  const named = pairs.flatMap(([name, value]) => (name && value ? [{ name, value }] : []));
  return named.length > 0 ? Object.fromEntries(named.map(({ name, value }) => [name, [value]])) : null;
}

function unquote(value: string): string {
  return /^["']/.test(value) ? value.slice(1, -1) : value;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The entities that occur in addresses; others are left as they stand. */
function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#x([\da-f]+)|#(\d+)|(amp|lt|gt|quot|apos));/gi,
    (all, hex?: string, decimal?: string, name?: string) => {
      if (name) return entities[name.toLowerCase()] ?? all;
      const code = Number.parseInt(hex ?? decimal ?? '', hex ? 16 : 10);
      return code <= 0x10ffff ? String.fromCodePoint(code) : all;
    },
  );
}
