/** A person's data as a page that can be printed. */
import { html } from 'hono/html';
import type { ConsentRecord } from '../lead/consent-record.ts';
import { wordsOfName } from '../lead/form-values.ts';
import type { Exported } from './export-view.ts';
import { page } from './page.ts';
import type { HttpResponse } from './request.ts';

type Html = ReturnType<typeof html>;

export function exportPage(data: Exported): HttpResponse {
  const { lead, controller } = data;
  const content = html`<p>Held by ${controller.name}${controller.postalAddress ? `, ${controller.postalAddress}` : ''}${controller.region ? `; stored in ${controller.region}` : ''}. As of ${at(data.exportedAt)}. All times are UTC.</p>
<h2>Who it is about</h2>
${list({ email: lead.email.asTyped, id: lead.id, ...lead.fields, language: lead.language, stage: lead.stage, knownSince: at(lead.createdAt) })}
<h2>What was agreed to</h2>
${data.consents.length > 0 ? data.consents.map(consent) : html`<p>Nothing.</p>`}
<h2>What was chosen</h2>
${lead.preferences ? list(flat(lead.preferences)) : html`<p>Nothing.</p>`}
<h2>What happened</h2>
${table(
  ['When', 'What', 'Who', 'Details'],
  data.events.map((event) => [
    at(event.at),
    event.type,
    event.actor,
    details({ ...event.data, ...event.fields, ...event.source }),
  ]),
)}
<h2>Emails</h2>
${table(
  ['When', 'Email', 'Subject', 'What became of it'],
  data.sends.map((send) => [at(send.at), send.email, send.subject ?? '', send.status]),
)}
<h2>Opens and clicks of the last 30 days, and where they came from</h2>
${table(
  ['When', 'What', 'Link', 'Address', 'Program'],
  data.mailActs.map((act) => [at(act.at), act.type, act.link ?? '', act.ip ?? '', act.agent ?? '']),
)}
<h2>Series of emails</h2>
${table(
  ['From', 'Until', 'Name', 'Why it ended'],
  data.enrolments.map((one) => [at(one.startedAt), one.endedAt ? at(one.endedAt) : '', one.workflow, one.reason ?? '']),
)}
<h2>Given to sales</h2>
${table(
  ['When', 'Why', 'To whom', 'Answer'],
  data.handoffs.map((one) => [at(one.openedAt), one.reason, one.assignee ?? '', one.answer?.answer ?? '']),
)}`;
  return page({ language: 'en', title: `Data about ${lead.email.asTyped}`, content, wide: true });
}

const at = (instant: string): string => `${instant.slice(0, 16).replace('T', ' ')}`;

const flat = (value: object): Record<string, string> =>
  Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]),
  );

const details = (value: object): string =>
  Object.entries(flat(value))
    .map(([name, each]) => `${wordsOfName(name)}: ${each}`)
    .join(', ');

const list = (values: Record<string, unknown>): Html => html`<dl>
${Object.entries(values)
  .filter(([, value]) => value !== undefined && value !== '')
  .map(([name, value]) => html`<div><dt>${wordsOfName(name)}</dt><dd>${String(value)}</dd></div>`)}
</dl>`;

/** The whole record of one act, as law asks for it: what was shown, when, how, and what proves it. */
const consent = ({
  purpose,
  action,
  text,
  language,
  at: when,
  frequency,
  ...rest
}: ConsentRecord): Html => html`<section>
<h3>${purpose}: ${action}, ${at(when)}</h3>
${text ? html`<blockquote${language ? html` lang="${language}"` : ''}>${text}</blockquote>` : ''}
${list({ ...flat(rest), ...(frequency && { promised: promise(frequency) }) })}
</section>`;

/** `at most 1 a day, 2 a week` */
const promise = ({ perDay, perWeek }: NonNullable<ConsentRecord['frequency']>): string =>
  `at most ${[perDay && `${perDay} a day`, perWeek && `${perWeek} a week`].filter(Boolean).join(', ')}`;

const table = (heads: string[], rows: string[][]): Html =>
  rows.length === 0
    ? html`<p>Nothing.</p>`
    : html`<div class="scroll" tabindex="0" role="group" aria-label="${heads.join(', ')}"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table></div>`;
