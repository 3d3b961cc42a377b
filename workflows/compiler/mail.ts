/** Compiles one mail in one language: Markdown into the frame, and the text part beside it. */
import type { Token } from 'markdown-it';
import type { Email, Settings } from '../../functions/definition/settings.ts';
import { LIGHT } from './colour.ts';
import { confirmBlock } from './confirm-block.ts';
import type { EmailFile, FrontMatter } from './email-file.ts';
import { makeFooter } from './footer.ts';
import type { Layout } from './layout.ts';
import { linkFaults } from './links.ts';
import { liquidFaults, type Variables } from './liquid.ts';
import { type Masked, maskLiquid, unmaskLiquid } from './liquid-mask.ts';
import { markdownText } from './mail-text.ts';
import { markdownHtml, parseMarkdown } from './markdown.ts';
import type { Problem } from './problem.ts';
import { type Fault, noteAt, say } from './source.ts';

/** Gmail clips a mail at 102 kB, and hides what stands at its end: the unsubscribe link. */
const CLIPPED = 102_000;
const LARGE = 90_000;
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur', 'yi', 'ps', 'sd', 'ug', 'dv']);

/** Checks the words of a mail. Says what is wrong at its place; returns whether it can be rendered. */
export function checkMail(file: EmailFile, front: FrontMatter, variables: Variables): boolean {
  const before = file.source.problems.length;
  for (const key of ['subject', 'preheader'] as const) {
    const [fault] = liquidFaults(front[key] ?? '', variables);
    if (fault) say({ source: file.source, path: [key] }, fault);
  }
  for (const { at, ...fault } of liquidFaults(file.body, variables)) sayIn(file, at, fault);
  return !file.source.problems.slice(before).some(({ severity }) => severity === 'error');
}

/** Says a fault at an offset of the body. */
function sayIn(file: EmailFile, at: number, fault: Fault, severity: Problem['severity'] = 'error'): void {
  const before = file.body.slice(0, Math.max(0, at)).split('\n');
  const place = { line: file.bodyLine + before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  noteAt(severity, file.source, place, fault);
}

/** Renders a checked mail. Links that do not hold are said. */
export function renderMail(file: EmailFile, front: FrontMatter, settings: Settings, layout: Layout | undefined): Email {
  const transactional = front.class === 'transactional';
  const masked = maskLiquid(file.body);
  const look = { colour: settings.brand?.colour ?? LIGHT.accent, thai: file.language.split('-')[0] === 'th' };
  const tokens = parseMarkdown(setTagsApart(masked), masked, look);
  sayContent(file, tokens, masked);
  const footer = makeFooter(settings, file.language, transactional);
  const asks = transactional && !file.body.includes('links.confirm');
  const ask = asks ? confirmBlock(file.language, look.colour) : { html: '', text: '' };
  const content = unmaskLiquid(markdownHtml(tokens, masked), masked) + ask.html;
  const { subject, preheader, topic } = front;
  const direction = RIGHT_TO_LEFT.has(file.language.split('-')[0] ?? '') ? 'rtl' : 'ltr';
  const slots = {
    language: file.language,
    direction,
    subject,
    preheader: preheader ?? '',
    content,
    footer: footer.html,
  };
  const html = layout?.(slots) ?? '';
  checkSize(file, html);
  const text = `${unmaskLiquid(markdownText(tokens), masked)}${ask.text}\n\n${footer.text}\n`;
  const named = { name: file.name, language: file.language, subject, class: front.class };
  const more = { ...(preheader === undefined ? {} : { preheader }), ...(topic === undefined ? {} : { topic }) };
  return { ...named, ...more, html, text };
}

/** What is wrong with the words, links and pictures of a body. */
function sayContent(file: EmailFile, tokens: Token[], masked: Masked): void {
  for (const { where, severity = 'error', ...fault } of linkFaults(tokens, masked)) {
    sayIn(file, file.body.indexOf(where), fault, severity);
  }
  sayHtml(file, masked);
  const said = tokens.flatMap(({ type, content, children }) =>
    type === 'fence' ? [content] : (children ?? []).filter((each) => each.type !== 'image').map((each) => each.content),
  );
  const isWordless = !said.some((text) => /[\p{L}\p{N}]/u.test(text));
  if (!isWordless || file.body.trim() === '') return;
  const hint = 'Write what it is about: many read mail without pictures.';
  sayIn(file, 0, { message: 'The mail has no words.', hint });
}

/** A line of nothing but `{% … %}` is no part of the paragraph beside it. */
function setTagsApart({ text, pieces, word }: Masked): string {
  const isTags = (line: string) =>
    line.trim() !== '' &&
    line.replaceAll(word, (_, number) => (pieces[Number(number)]?.kind === 'tag' ? '' : 'x')).trim() === '';
  return text
    .split('\n')
    .map((line) => (isTags(line) ? `\n${line}\n` : line))
    .join('\n');
}

/** HTML in Markdown would be shown as it is written. */
function sayHtml(file: EmailFile, masked: Masked): void {
  const outsideCode = masked.text.replaceAll(/`[^`\n]*`/g, (code) => ' '.repeat(code.length));
  const tag = /<\/?[a-z][a-z0-9]*(?:\s[^<>]*)?\/?>/i.exec(outsideCode)?.[0];
  if (tag === undefined) return;
  const message = `HTML has no place in a mail's text: \`${tag.slice(0, 40)}\`.`;
  sayIn(file, file.body.indexOf(tag.slice(0, 3)), { message, hint: 'Write Markdown.' });
}

function checkSize(file: EmailFile, html: string): void {
  const size = Buffer.byteLength(html);
  if (size <= LARGE) return;
  const severity = size > CLIPPED ? 'error' : 'warning';
  const message = `The mail has ${Math.round(size / 1000)} kB of HTML; Gmail cuts it at ${CLIPPED / 1000} kB.`;
  noteAt(severity, file.source, { line: file.bodyLine + 1, column: 1 }, { message, hint: 'Shorten it.' });
}
