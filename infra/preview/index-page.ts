/** All mails and all workflows of the folder. */
import { html } from 'hono/html';
import { languagesOf } from './mail-page.ts';
import { type Markup, ROOT } from './shell.ts';
import type { Shown } from './state.ts';

export function indexBody(definition: Shown | undefined): Markup {
  if (!definition) return html`<h1>Preview</h1><p class="lead-in">Mend what is said above; this page follows.</p>`;
  const { emails, workflows } = definition;
  return html`<h1>Preview</h1>
<p class="lead-in">Every mail in every language, and every workflow as a picture. The pages follow the files as you save them.</p>
<div class="stack">
<section class="card" aria-labelledby="workflows"><h2 id="workflows">Workflows</h2>
${Object.keys(workflows).length === 0 ? html`<p>There is none yet in nurture/.</p>` : ''}
<ul class="plain">${Object.values(workflows).map(
    ({ name, about }) =>
      html`<li><a href="${ROOT}/workflows/${name}">${name}</a>${about ? html` <span class="soft">${about}</span>` : ''}</li>`,
  )}</ul></section>
<section class="card" aria-labelledby="emails"><h2 id="emails">Mails</h2>
${Object.keys(emails).length === 0 ? html`<p>There is none yet in emails/.</p>` : ''}
<div class="scroll"><table><thead><tr><th scope="col">Mail</th><th scope="col">Subject</th><th scope="col">Class</th><th scope="col">Languages</th></tr></thead>
<tbody>${Object.keys(emails).map((name) => emailRow(name, definition))}</tbody></table></div></section>
</div>`;
}

function emailRow(name: string, definition: Shown): Markup {
  const written = languagesOf(definition, name);
  const [first = ''] = written;
  const mail = definition.emails[name]?.[first];
  return html`<tr><th scope="row"><a href="${ROOT}/emails/${name}/${first}">${name}</a></th>
<td lang="${first}">${mail?.subject ?? ''}</td>
<td>${mail?.class ?? ''}${mail?.topic ? html` <span class="soft">${mail.topic}</span>` : ''}</td>
<td>${written.map((language) => html`<a class="pill" href="${ROOT}/emails/${name}/${language}" aria-label="${name} in ${language}">${language}</a> `)}</td></tr>`;
}
