/** The landing page of the local run: the forms of the definition in force, as a page of the marketer's would hold them. */
import { randomUUID } from 'node:crypto';
import { html } from 'hono/html';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Form, FormField } from '../../functions/definition/form.ts';
import { shell } from './shell.ts';
import { type PageWords, pageWords } from './words.ts';

type Html = ReturnType<typeof html>;

/**
 * The page in a language of the definition. Forms take turns: the first is plain HTML, the second is sent by script, …
 * so that both ways are there to try.
 */
export function landingPage(definition: Definition | undefined, wanted: string | undefined): Promise<Response> {
  const languages = definition?.settings.languages ?? ['en'];
  const language = wanted && languages.includes(wanted) ? wanted : (languages[0] as string);
  const words = pageWords(language);
  const forms = Object.values(definition?.forms ?? {});
  const body = html`
<nav class="filter" aria-label="${words.language}">${languages.map((code) => languageLink(code, language))}</nav>
<h1>${words.headline}</h1>
<p class="lead-in">${words.leadIn}</p>
${forms.length === 0 ? html`<p class="notice bad">${words.noForms}</p>` : ''}
<div class="columns">${forms.map((form, index) => formCard(form, definition as Definition, language, words, index % 2 === 1))}</div>
<label class="tick" hidden><input type="checkbox" id="remember"><span>${words.remember}</span></label>`;
  return shell({ title: words.headline, language, body, scripts: ['/ripen.js', '/web/landing.js'] });
}

const languageLink = (code: string, current: string): Html => {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return code === current
    ? html`<a href="/?lang=${code}" lang="${code}" hreflang="${code}" aria-current="page">${name}</a> `
    : html`<a href="/?lang=${code}" lang="${code}" hreflang="${code}">${name}</a> `;
};

function formCard(form: Form, definition: Definition, language: string, words: PageWords, byScript: boolean): Html {
  const { title, text, button } = words.forms[form.name] ?? { title: form.name, text: '', button: words.send };
  const script = byScript ? html` data-ripen-form="${form.name}" data-thanks="${words.thanks}"` : '';
  return html`<section class="card" aria-labelledby="${form.name}-title">
<h2 id="${form.name}-title">${title}</h2>
${text ? html`<p>${text}</p>` : ''}
<form method="post" action="/forms/${form.name}" novalidate${script}>
${Object.entries(form.fields).map(([name, field]) => input(form, name, field, definition, words))}
${Object.entries(form.consent).map(
  ([
    purpose,
    consent,
  ]) => html`<label class="tick"><input type="checkbox" name="${consent.field}" value="yes" id="${form.name}-${purpose}">
<span>${consent.text[language] ?? Object.values(consent.text)[0] ?? purpose}</span></label>`,
)}
<input type="hidden" name="language" value="${language}">
<input type="hidden" name="idempotency_key" value="${randomUUID()}">
${form.trap ? html`<div class="trap" aria-hidden="true"><label>${form.trap}<input type="text" name="${form.trap}" tabindex="-1" autocomplete="off"></label></div>` : ''}
<button>${button}</button>
</form></section>`;
}

function input(form: Form, name: string, field: FormField, definition: Definition, words: PageWords): Html {
  const id = `${form.name}-${name}`;
  const label = words.fields[name] ?? name;
  const required = field.required ? html` required aria-required="true"` : '';
  const control =
    field.type === 'choice'
      ? html`<select id="${id}" name="${name}"${required}><option value=""></option>${field.of.map(
          (value) => html`<option value="${value}">${words.choices[value] ?? value}</option>`,
        )}</select>`
      : field.type === 'country'
        ? html`<select id="${id}" name="${name}" autocomplete="country"${required}><option value=""></option>${countries(
            definition,
            words.code,
          )}</select>`
        : html`<input id="${id}" name="${name}" type="${INPUT_TYPES[field.type] ?? 'text'}" autocomplete="${AUTOCOMPLETE[name] ?? 'on'}"${required}>`;
  return html`<label for="${id}">${label}${field.required ? '' : html` <span class="hint">(${words.optional})</span>`}</label>${control}`;
}

const INPUT_TYPES: Record<string, string> = { email: 'email', phone: 'tel' };
const AUTOCOMPLETE: Record<string, string> = {
  email: 'email',
  name: 'name',
  phone: 'tel',
  jobTitle: 'organization-title',
};

/** The countries that the definition speaks of first, then some more. */
function countries(definition: Definition, language: string): Html[] {
  const names = new Intl.DisplayNames([language], { type: 'region' });
  const rules = Object.values(definition.scoring.fit.rules).filter((rule) => 'points' in rule);
  const known = rules
    .flatMap((rule) => ('points' in rule ? Object.keys(rule.points) : []))
    .filter((code) => /^[A-Z]{2}$/.test(code));
  const codes = [...new Set([...known, 'VN', 'TH', 'SG', 'MY', 'ID', 'PH', 'JP', 'KR', 'AU', 'US', 'GB', 'DE', 'FR'])];
  return codes.map((code) => html`<option value="${code}">${names.of(code) ?? code}</option>`);
}
