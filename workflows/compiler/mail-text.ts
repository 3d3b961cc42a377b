/** Markdown to the plain text part of a mail: the same words and the same links. */
import type { Token } from 'markdown-it';
import { isButton } from './markdown.ts';

/** The text with the Liquid still taken out, without a line end at its end. */
export function markdownText(tokens: Token[]): string {
  const blocks: Block[] = [];
  const lists: { ordered: boolean; count: number }[] = [];
  let quotes = 0;
  let bullet: string | undefined;
  for (const token of tokens) {
    if (/_list_open$/.test(token.type)) {
      lists.push({ ordered: token.type.startsWith('ordered'), count: Number(token.attrGet('start') ?? 1) });
    } else if (/_list_close$/.test(token.type)) lists.pop();
    else if (token.type === 'blockquote_open') quotes++;
    else if (token.type === 'blockquote_close') quotes--;
    else if (token.type === 'list_item_open') {
      const list = lists.at(-1);
      bullet = list?.ordered ? `${list.count++}. ` : '- ';
    } else {
      const text = blockText(token);
      if (text === undefined) continue;
      blocks.push({ text, bullet, depth: lists.length, quotes });
      bullet = undefined;
    }
  }
  return joined(blocks);
}

interface Block {
  text: string;
  bullet: string | undefined;
  depth: number;
  quotes: number;
}

function blockText(token: Token): string | undefined {
  if (token.type === 'inline') return inlineText(token);
  if (token.type === 'hr') return '----';
  if (token.type === 'fence' || token.type === 'code_block') return token.content.replace(/\n$/, '');
  return undefined;
}

/** Items of a list stand close together, all else is set off by an empty line. */
function joined(blocks: Block[]): string {
  let text = '';
  for (const [index, block] of blocks.entries()) {
    const before = blocks[index - 1];
    if (before) text += block.bullet !== undefined && before.depth > 0 ? '\n' : '\n\n';
    const indent = '  '.repeat(Math.max(0, block.depth - 1));
    const hanging = block.depth > 0 ? `${indent}${' '.repeat(block.bullet?.length ?? 2)}` : '';
    const quote = '> '.repeat(block.quotes);
    const lines = block.text.split('\n');
    text += lines
      .map(
        (line, number) =>
          `${quote}${number === 0 && block.bullet !== undefined ? indent + block.bullet : hanging}${line}`,
      )
      .join('\n');
  }
  return text;
}

function inlineText(inline: Token): string {
  const button = isButton(inline);
  let href: string | undefined;
  let begun = 0;
  let text = '';
  for (const token of inline.children ?? []) {
    if (token.type === 'text' || token.type === 'code_inline') text += token.content;
    else if (token.type === 'softbreak') text += ' ';
    else if (token.type === 'hardbreak') text += '\n';
    else if (token.type === 'image') text += token.content;
    else if (token.type === 'link_open') {
      href = String(token.attrGet('href') ?? '');
      begun = text.length;
    } else if (token.type === 'link_close' && href !== undefined) {
      const words = text.slice(begun);
      if (words === href || `mailto:${words}` === href) continue;
      text += button ? `:\n${href}` : ` (${href})`;
    }
  }
  return text;
}
