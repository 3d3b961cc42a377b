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

function targetFaults(href: string, masked: Masked): LinkFault[] {
  const where = unmaskLiquid(href, masked);
  const pieces = [...href.matchAll(masked.word)].map((match) => ({
    at: match.index,
    text: masked.pieces[Number(match[1])]?.text ?? '',
  }));
  const starts = pieces[0]?.at === 0 && /^\{\{-?\s*(?:links\.\w+|company\.site)\b/.test(pieces[0].text);
  if (!starts && /^http:\/\//i.test(href)) {
    const message = 'A link in a mail must be encrypted on its way.';
    return [{ where, message, hint: `Write \`https://${where.slice('http://'.length)}\`.` }];
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
