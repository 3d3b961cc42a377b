/**
 * A brief for sales as a mail: HTML and text with the same words and the same links. `ses:no-track`: nobody's
 * clicks in it are counted, and its tokens go through no redirect.
 */
import type { Box, Brief } from './handoff-brief.ts';
import { oneLine } from './mail-header.ts';
import type { RenderedMail } from './render.ts';

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);

// A value of a lead is one line here, so that it cannot pass for a section of ours.
const line = (text: string): string => oneLine(text);

/** The mail of a brief; every value of the lead is escaped in the HTML part. */
export function briefMail(brief: Brief): RenderedMail {
  return { subject: oneLine(brief.subject).slice(0, 200), html: htmlOf(brief), text: textOf(brief) };
}

function sections(brief: Brief): Box[] {
  return [
    ...brief.boxes,
    ...brief.score,
    { title: 'What they read', lines: brief.read.length ? brief.read : ['nothing yet'] },
    { title: 'What to ask next', lines: brief.questions.length ? brief.questions : ['all is answered'] },
  ];
}

function textOf(brief: Brief): string {
  const { contact } = brief;
  const parts = [
    brief.opening.map(line).join('\n'),
    `Write or call: ${[contact.name, contact.email, contact.phone]
      .filter(Boolean)
      .map((s) => line(String(s)))
      .join(', ')}`,
    ...sections(brief).map((box) => [box.title.toUpperCase(), ...box.lines.map((l) => `- ${line(l)}`)].join('\n')),
    ['YOUR ANSWER', ...brief.answers.map(({ label, url }) => `${label}: ${url}`)].join('\n'),
    `All about this lead: ${brief.page}`,
  ];
  return `${parts.join('\n\n')}\n`;
}

const BUTTON =
  'display:inline-block;margin:4px 6px 4px 0;padding:8px 14px;border:1px solid #1f5f4a;border-radius:6px;' +
  'color:#1f5f4a;text-decoration:none';

function htmlOf(brief: Brief): string {
  const { contact } = brief;
  const paragraphs = brief.opening.map((text) => `<p>${escapeHtml(line(text))}</p>`).join('');
  const who = [contact.name, contact.phone].filter(Boolean).map((s) => escapeHtml(line(String(s))));
  const address = escapeHtml(line(contact.email));
  const buttons = brief.answers
    .map(({ label, url }) => `<a href="${escapeHtml(url)}" ses:no-track style="${BUTTON}">${escapeHtml(label)}</a>`)
    .join('');
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    `<title>${escapeHtml(oneLine(brief.subject))}</title></head>`,
    '<body style="font:16px/1.5 system-ui,sans-serif;max-width:640px;margin:0 auto;padding:16px">',
    paragraphs,
    `<p><a href="mailto:${address}">${address}</a>${who.length ? `, ${who.join(', ')}` : ''}</p>`,
    `<p>${buttons}</p>`,
    ...sections(brief).map(htmlSection),
    `<p><a href="${escapeHtml(brief.page)}" ses:no-track>All about this lead</a></p>`,
    '</body></html>',
  ].join('\n');
}

function htmlSection(box: Box): string {
  const items = box.lines.map((text) => `<li>${escapeHtml(line(text))}</li>`).join('');
  return `<h2 style="font-size:16px;margin:20px 0 4px">${escapeHtml(box.title)}</h2><ul style="margin:0">${items}</ul>`;
}
