/** The page on which a salesperson answers: the lead as the mail told it, and a button for each answer that may be given. */
import { html } from 'hono/html';
import { answerLabel, type Box, type Brief, dueText } from '../lead/handoff-brief.ts';
import type { Handoff } from '../lead/lead.ts';
import { plainDigits } from '../lead/phone.ts';
import { page } from './page.ts';
import type { HttpResponse } from './request.ts';

export interface AnswerPage {
  brief: Brief;
  handoff: Handoff;
  /** That of the sales hours. */
  zone: string;
  /** The answers that this person may give now. */
  answers: string[];
  /** The one that the link named: first, and unlike the others, so that a slip gives no other one. */
  named?: string;
  /** What came of the answer just given. */
  notice?: string;
  status?: number;
}

type Html = ReturnType<typeof html>;

export function answerPage({ brief, handoff, zone, answers, named, notice, status = 200 }: AnswerPage): HttpResponse {
  const { contact } = brief;
  const content = html`${notice ? html`<p role="status"><strong>${notice}</strong></p>` : ''}
${brief.opening.map((text) => html`<p>${text}</p>`)}
${standing(handoff, zone)}
${answers.length > 0 ? form(answers, named) : ''}
<p><a href="mailto:${contact.email}">${contact.email}</a>${contact.phone ? html` · <a href="${telLink(contact.phone)}">${contact.phone}</a>` : ''}</p>
${[...brief.boxes, ...brief.score, ...lists(brief)].map(section)}`;
  return page({ language: 'en', title: contact.name || contact.email, content, status });
}

/** Also of a number that is kept as it was typed: a link holds no spaces, and digits alone are dialled. */
const telLink = (phone: string): string => `tel:${plainDigits(phone).replace(/[^+\d]/g, '')}`;

function standing({ answer }: Handoff, zone: string): Html | string {
  if (!answer) return '';
  const note = answer.note ? html`<br>${answer.note}` : '';
  return html`<p>Answered: <strong>${answerLabel(answer.answer)}</strong>, by ${answer.by} on ${dueText(answer.at, zone)}.${note}</p>`;
}

/** One form: the note goes with whichever button is pressed. */
const form = (answers: string[], named: string | undefined): Html => html`<form method="post">
<div class="field"><label for="note">Note (optional)</label>
<input id="note" name="note" maxlength="${MOST_NOTE}" autocomplete="off"></div>
${buttons(
  'answers',
  answers.filter((answer) => answer === named),
)}
${buttons(
  'answers quiet',
  answers.filter((answer) => answer !== named),
)}
</form>`;

const buttons = (kind: string, answers: string[]): Html | string =>
  answers.length === 0
    ? ''
    : html`<p class="${kind}">${answers.map((answer) => html`<button type="submit" name="answer" value="${answer}">${answerLabel(answer)}</button>`)}</p>`;

/** What a note may hold, in characters. */
export const MOST_NOTE = 1000;

const lists = (brief: Brief): Box[] => [
  ...(brief.read.length > 0 ? [{ title: 'What they read', lines: brief.read }] : []),
  ...(brief.questions.length > 0 ? [{ title: 'What to ask next', lines: brief.questions }] : []),
];

const section = ({ title, lines }: Box): Html =>
  html`<h2>${title}</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>`;
