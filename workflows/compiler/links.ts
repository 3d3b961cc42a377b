/** Checks the links and pictures of a mail. */
import type { Token } from 'markdown-it';
import { type Masked, unmaskLiquid } from './liquid-mask.ts';
import type { Fault } from './source.ts';

export interface LinkFault extends Fault {
  severity?: 'warning';
  /** What to look for in the body, to point at it. */
  where: string;
}

/** A mail of that many links reads as spam, to filters and to people. */
const MANY = 25;
const TOO_MANY = 100;

/** What is wrong with the links and pictures of a mail whose Liquid was taken out. */
export function linkFaults(tokens: Token[], masked: Masked): LinkFault[] {
  const children = tokens.flatMap((token) => token.children ?? []);
  return [
    ...countFaults(children, masked),
    ...children.flatMap((token, index) => tokenFaults(token, children[index + 1], masked)),
    ...textFaults(children, masked),
  ];
}

function countFaults(children: Token[], masked: Masked): LinkFault[] {
  const links = children.filter(({ type }) => type === 'link_open');
  if (links.length < MANY) return [];
  const isError = links.length >= TOO_MANY;
  const last = links[(isError ? TOO_MANY : MANY) - 1];
  const where = unmaskLiquid(String(last?.attrGet('href') ?? ''), masked);
  const message = `The mail has ${links.length} links: filters take it for spam.`;
  return [{ where, message, hint: 'Link to what matters most.', ...(isError ? {} : { severity: 'warning' }) }];
}

/** What is wrong with one token of a line; it is looked at beside the one that follows. */
function tokenFaults(token: Token, following: Token | undefined, masked: Masked): LinkFault[] {
  if (token.type === 'image') return imageFaults(token, masked);
  if (token.type !== 'link_open') return [];
  const href = String(token.attrGet('href') ?? '');
  const empty = following?.type === 'link_close';
  const where = unmaskLiquid(href, masked);
  return [
    ...(empty ? [{ where, message: 'The link has no words.', hint: 'Say where it goes.' }] : []),
    ...targetFaults(href, masked),
  ];
}

/** The signs of a link that Markdown did not take for one. */
const NO_LINK = /!?(?:\[[^\][]*)?\][([]\S*/;
const ADDRESS = /\b(?:https?:\/\/|www\.)\S*[^\s.,;:!?)\]'"]/i;

/** What stands in the text as it is written, and was meant for a link. */
function textFaults(children: Token[], masked: Masked): LinkFault[] {
  let within = 0;
  return children.flatMap((token): LinkFault[] => {
    within += token.type === 'link_open' ? 1 : token.type === 'link_close' ? -1 : 0;
    if (token.type !== 'text' || within > 0) return [];
    const [sign] = NO_LINK.exec(token.content) ?? [];
    if (sign !== undefined) return [noLink(unmaskLiquid(sign, masked))];
    const [address] = ADDRESS.exec(token.content) ?? [];
    return address === undefined ? [] : [bareAddress(unmaskLiquid(address, masked))];
  });
}

function noLink(where: string): LinkFault {
  const hint =
    'A link is `[its words](https://…)`, with `mailto:` or `tel:` for the rest, and no space in its address.';
  return { where, message: 'This is no link: its signs would be shown as they stand.', hint };
}

/** Most mail programs make a link of it all the same, which goes past the count of clicks. */
function bareAddress(where: string): LinkFault {
  if (/^http:/i.test(where)) return unencrypted(where);
  const message = 'An address in the text is no link of the mail: its clicks are not seen.';
  const nearest = `<${where.replace(/^www\./i, 'https://www.')}>`;
  return { where, message, nearest, severity: 'warning' };
}

function unencrypted(where: string): LinkFault {
  const message = 'A link in a mail must be encrypted on its way.';
  return { where, message, hint: `Write \`https://${where.slice('http://'.length)}\`.` };
}

function targetFaults(href: string, masked: Masked): LinkFault[] {
  const where = unmaskLiquid(href, masked);
  const pieces = [...href.matchAll(masked.word)].map((match) => ({
    at: match.index,
    text: masked.pieces[Number(match[1])]?.text ?? '',
  }));
  const starts = pieces[0]?.at === 0 && /^\{\{-?\s*(?:links\.\w+|company\.site)\b/.test(pieces[0].text);
  if (!starts && /^http:\/\//i.test(href)) {
    return [unencrypted(where)];
  }
  if (!starts && !/^(?:https:\/\/|mailto:|tel:)/i.test(href)) {
    return [{ where, message: 'A link in a mail must be complete.', hint: 'Begin it with `https://`.' }];
  }
  const bare = pieces.slice(starts ? 1 : 0).find(({ text }) => !/\|\s*url_encode\s*-?\}\}$/.test(text));
  if (!bare) return [];
  const hint = `Write \`${bare.text.replace(/\s*-?\}\}$/, ' | url_encode }}')}\`.`;
  return [{ where: bare.text, message: 'A value in a link must be encoded.', hint }];
}

function imageFaults(token: Token, masked: Masked): LinkFault[] {
  const src = String(token.attrGet('src') ?? '');
  const where = unmaskLiquid(src, masked);
  const faults: LinkFault[] = [];
  if (!/^https:\/\//i.test(src)) faults.push({ where, message: 'A picture in a mail must come from `https://`.' });
  if (token.content.trim() === '') {
    const hint = 'Write what it shows: `![A chart of cash flow](https://…)`.';
    faults.push({ where, message: 'The picture has no text for those who do not see it.', hint });
  }
  return faults;
}
