/** Markdown to the HTML of a mail: styles inline, because mail programs drop style sheets. */
import MarkdownIt, { type Token } from 'markdown-it';
import { LIGHT } from './colour.ts';
import type { Masked } from './liquid-mask.ts';

/** What a mail looks like beyond its words. */
export interface Look {
  /** Of links and buttons: `#rrggbb`. */
  colour: string;
  /** Thai has no italics, and its tone marks need room above. */
  thai: boolean;
}
export const PLAIN_LOOK: Look = { colour: LIGHT.accent, thai: false };

const SPACE = 'margin:0 0 16px';
const HEADING = 'margin:24px 0 12px;font-weight:bold';
const STYLES: Record<string, string> = {
  paragraph_open: SPACE,
  bullet_list_open: `${SPACE};padding-left:24px`,
  ordered_list_open: `${SPACE};padding-left:24px`,
  list_item_open: 'margin:0 0 8px',
  blockquote_open: `${SPACE};padding-left:16px;border-left:4px solid #c7cdd4`,
  hr: 'margin:24px 0;border:0;border-top:1px solid #c7cdd4',
  table_open: `${SPACE};border-collapse:collapse`,
  th_open: 'padding:8px;border:1px solid #c7cdd4;text-align:left',
  td_open: 'padding:8px;border:1px solid #c7cdd4',
};
const SIZES: Record<string, string> = { h1: '26px', h2: '22px', h3: '18px' };
/** At least 44 px high, to be hit with a thumb: 16 px at 1.25 and twice 12 px. */
export const buttonStyle = (colour: string): string =>
  `display:inline-block;padding:12px 24px;background:${colour};color:${LIGHT.on};border-radius:4px;font-weight:bold;line-height:1.25;text-decoration:none`;
const IMAGE = 'display:block;max-width:100%;height:auto;border:0';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

/** The tokens of a body from which the Liquid was taken out, with their styles. */
export function parseMarkdown(body: string, masked: Masked, look: Look = PLAIN_LOOK): Token[] {
  const tokens = markdown.parse(body, {});
  for (const [index, token] of tokens.entries()) styleToken(token, tokens[index + 1], masked, look);
  return tokens;
}

/** HTML with the Liquid still taken out. A paragraph of nothing but `{% … %}` is no paragraph. */
export function markdownHtml(tokens: Token[], { pieces, word }: Masked): string {
  const html = markdown.renderer.render(tokens, markdown.options, {});
  const bare = html.replaceAll(/<p [^>]*>([^<]*)<\/p>/g, (paragraph, inside: string) => {
    const onlyTags = inside.replaceAll(word, (_, number) => (pieces[Number(number)]?.kind === 'tag' ? '' : 'x'));
    return onlyTags.trim() === '' ? inside : paragraph;
  });
  return bare.trim();
}

/** A link alone in its paragraph is what the mail is about: a button. */
export function isButton(inline: Token | undefined): boolean {
  const children = inline?.children ?? [];
  const links = children.filter(({ type }) => type === 'link_open').length;
  return links === 1 && children.at(0)?.type === 'link_open' && children.at(-1)?.type === 'link_close';
}

function styleToken(token: Token, after: Token | undefined, masked: Masked, look: Look): void {
  const size = SIZES[token.tag] ?? '16px';
  const heading = `${HEADING};line-height:${look.thai ? '1.6' : '1.4'};font-size:${size}`;
  const style = token.type === 'heading_open' ? heading : STYLES[token.type];
  if (style) token.attrSet('style', style);
  if (token.type === 'table_open') token.attrSet('role', 'presentation');
  const button = token.type === 'inline' && isButton(token);
  if (token.type === 'paragraph_open' && after && isButton(after)) token.attrSet('style', 'margin:24px 0');
  for (const child of token.children ?? []) {
    if (child.type === 'image') child.attrSet('style', IMAGE);
    if (child.type === 'em_open' && look.thai) child.attrSet('style', 'font-style:normal;font-weight:bold');
    if (child.type === 'link_open') styleLink(child, button, masked, look);
  }
}

function styleLink(link: Token, button: boolean, masked: Masked, { colour }: Look): void {
  link.attrSet('class', button ? 'button' : 'link');
  link.attrSet('style', button ? buttonStyle(colour) : `color:${colour};text-decoration:underline`);
  if (isOwnLink(String(link.attrGet('href') ?? ''), masked)) link.attrSet('ses:no-track', '');
}

/** Our own links (unsubscribe) must not pass through the click counter. */
function isOwnLink(href: string, { pieces, word }: Masked): boolean {
  return [...href.matchAll(word)].some(([, number]) => pieces[Number(number)]?.text.includes('links.'));
}
