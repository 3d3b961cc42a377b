/** Checks the links and pictures of a mail. */
import type { Token } from 'markdown-it';
import { type Masked, unmaskLiquid } from './liquid-mask.ts';
import type { Fault } from './source.ts';

export interface LinkFault extends Fault {
  /** What to look for in the body, to point at it. */
  where: string;
}

/** What is wrong with the links and pictures of a mail whose Liquid was taken out. */
export function linkFaults(tokens: Token[], masked: Masked): LinkFault[] {
  const children = tokens.flatMap((token) => token.children ?? []);
  return children.flatMap((token, index): LinkFault[] => {
    if (token.type === 'image') return imageFaults(token, masked);
    if (token.type !== 'link_open') return [];
    const href = String(token.attrGet('href') ?? '');
    const empty = children[index + 1]?.type === 'link_close';
    const where = unmaskLiquid(href, masked);
    return [
      ...(empty ? [{ where, message: 'The link has no words.', hint: 'Say where it goes.' }] : []),
      ...targetFaults(href, masked),
    ];
  });
}

function targetFaults(href: string, masked: Masked): LinkFault[] {
  const where = unmaskLiquid(href, masked);
  const pieces = [...href.matchAll(masked.word)].map((match) => ({
    at: match.index,
    text: masked.pieces[Number(match[1])]?.text ?? '',
  }));
  const starts = pieces[0]?.at === 0 && /^\{\{-?\s*(?:links\.\w+|company\.site)\b/.test(pieces[0].text);
  if (!starts && !/^(?:https?:\/\/|mailto:|tel:)/i.test(href)) {
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
