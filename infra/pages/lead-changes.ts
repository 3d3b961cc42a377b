/** What a person changes on a lead's page: forms that post to the page, which calls `/api`. */
import { html } from 'hono/html';
import { STAGES } from '../../functions/definition/scoring.ts';

type Html = ReturnType<typeof html>;

interface Changing {
  id: string;
  stage: string;
  enrolments?: { workflow: string; status: string }[] | undefined;
}

/** The forms: a field, the stage, an enrolment to stop, another lead that is the same person. */
export function changes({ id, stage, enrolments = [] }: Changing): Html {
  const running = enrolments.filter(({ status }) => status !== 'ended');
  return html`${form(
    id,
    'field',
    'Correct',
    html`<label>Field <input type="text" name="field" required autocomplete="off"></label>
<label>Value <input type="text" name="value" autocomplete="off" placeholder="empty: not known"></label>`,
  )}
${form(id, 'stage', 'Set', html`<label>Stage <select name="stage">${STAGES.map((name) => html`<option${name === stage ? html` selected` : ''}>${name}</option>`)}</select></label>`)}
${
  running.length === 0
    ? ''
    : form(
        id,
        'stop',
        'Stop',
        html`<label>Workflow <select name="workflow">${running.map(({ workflow }) => html`<option>${workflow}</option>`)}</select></label>`,
      )
}
${form(id, 'merge', 'Merge', html`<label>Goes into the lead <input type="text" name="into" required placeholder="lead_…" autocomplete="off"></label>`)}`;
}

const form = (id: string, what: string, button: string, fields: Html): Html =>
  html`<form class="change" method="post" action="/leads/${id}/${what}">${fields}
<label>Why <input type="text" name="why" autocomplete="off"></label> <button>${button}</button></form>`;

/** A change as the API takes it. */
export interface Change {
  method: 'PATCH' | 'POST';
  path: string;
  body: object;
}

/** What a posted form asks the API for; undefined for a form that is none of these. */
export function changeOf(id: string, what: string, posted: URLSearchParams): Change | undefined {
  const lead = `/api/leads/${encodeURIComponent(id)}`;
  const text = (name: string): string => posted.get(name)?.trim() ?? '';
  const why = text('why') === '' ? {} : { why: text('why') };
  switch (what) {
    case 'field':
      return { method: 'PATCH', path: lead, body: { fields: { [text('field')]: text('value') || null }, ...why } };
    case 'stage':
      return { method: 'PATCH', path: lead, body: { stage: text('stage'), ...why } };
    case 'stop':
      return { method: 'POST', path: `${lead}/stop`, body: { workflow: text('workflow'), ...why } };
    case 'merge':
      return { method: 'POST', path: `${lead}/merge`, body: { into: text('into'), ...why } };
    default:
      return undefined;
  }
}
