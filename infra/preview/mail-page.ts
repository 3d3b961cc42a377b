/** One mail for one sample lead: on a phone and at a desk, by day and by night, as text, and as a test to oneself. */
import { html } from 'hono/html';
import { decodeWords } from 'postal-mime';
import type { SampleLead } from '../../workflows/compiler/sample-leads.ts';
import type { MailView, Scheme } from './mail-view.ts';
import { type Markup, ROOT } from './shell.ts';
import type { Shown } from './state.ts';

export interface MailPage {
  definition: Shown;
  samples: SampleLead[];
  sample: SampleLead;
  view: MailView;
  /** What became of a test send. */
  notice?: { text: string; isBad: boolean };
  /** What the address field holds. */
  to?: string;
}

/** Common widths of a telephone and of a mail program's reading pane. */
const FRAMES: { name: string; width: number }[] = [
  { name: 'Phone', width: 375 },
  { name: 'Desktop', width: 720 },
];
const SCHEMES: Scheme[] = ['light', 'dark'];

/** The languages that a mail is written in, in the order of the settings. */
export function languagesOf({ emails, settings }: Shown, name: string): string[] {
  const written = Object.keys(emails[name] ?? {});
  const first = settings.languages.filter((each) => written.includes(each));
  return [...first, ...written.filter((each) => !first.includes(each))];
}

export function mailBody(page: MailPage): Markup {
  const { definition, view, sample, notice } = page;
  const { email } = view;
  return html`<h1>${email.name}</h1>
${notice ? html`<p class="notice ${notice.isBad ? 'bad' : ''}" role="status">${notice.text}</p>` : ''}
<div class="choices">
<nav class="filter" aria-label="Languages of this mail">${languagesOf(definition, email.name).map(
    (language) =>
      html`<a href="${ROOT}/emails/${email.name}/${language}?lead=${sample.id}"${language === email.language ? html` aria-current="page"` : ''}>${languageName(language)}</a> `,
  )}</nav>
${leadForm(page)}
</div>
${facts(view)}
<div class="frames">${SCHEMES.flatMap((scheme) => FRAMES.map((frame) => mailFrame(frame, scheme, page)))}</div>
<div class="stack"><section class="card" aria-labelledby="text-part"><h2 id="text-part">As text</h2><pre lang="${email.language}" tabindex="0">${view.text}</pre></section>
${sendForm(page)}</div>`;
}

const languageName = (code: string): string =>
  `${new Intl.DisplayNames(['en'], { type: 'language' }).of(code) ?? code}`;

function leadForm({ samples, sample, view: { email } }: MailPage): Markup {
  return html`<form class="inline" action="${ROOT}/emails/${email.name}/${email.language}" data-auto>
<label for="lead">As it reaches</label>
<select id="lead" name="lead">${samples.map(
    ({ id, fields }) =>
      html`<option value="${id}"${id === sample.id ? html` selected` : ''}>${fields.name ? `${fields.name} (${id})` : id}</option>`,
  )}</select>
<button>Show</button></form>`;
}

function facts({ email, subject, from, bytes, headers }: MailView): Markup {
  const isLarge = bytes > 90_000;
  const given: [string, Markup | string][] = [
    ['Subject', html`<strong lang="${email.language}">${subject}</strong>`],
    ...(email.preheader
      ? [['Preheader', html`<span lang="${email.language}">${email.preheader}</span>`] as [string, Markup]]
      : []),
    ['From', decodeWords(from)],
    ['Class', `${email.class}${email.topic ? `, topic ${email.topic}` : ''}`],
    ['Size', `${(bytes / 1000).toFixed(1)} kB of HTML${isLarge ? '; Gmail cuts at 102 kB' : ''}`],
    ...Object.entries(headers),
  ];
  return html`<dl class="facts">${given.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function mailFrame({ name, width }: (typeof FRAMES)[number], scheme: Scheme, { view, sample }: MailPage): Markup {
  const { email } = view;
  const title = `${name}, ${scheme}`;
  const source = `${ROOT}/emails/${email.name}/${email.language}/html?scheme=${scheme}&lead=${sample.id}`;
  return html`<figure class="${name.toLowerCase()}"><figcaption>${title}</figcaption>
<iframe title="The mail: ${title}" src="${source}" width="${width}" height="620" loading="lazy" sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"></iframe></figure>`;
}

function sendForm({ sample, view: { email }, to = '' }: MailPage): Markup {
  return html`<section class="card" aria-labelledby="test-send"><h2 id="test-send">Send it to yourself</h2>
<form method="post" action="${ROOT}/send">
<input type="hidden" name="email" value="${email.name}"><input type="hidden" name="language" value="${email.language}">
<input type="hidden" name="lead" value="${sample.id}">
<label for="to">Your address</label>
<input id="to" name="to" type="email" autocomplete="email" required value="${to}">
<button>Send a test</button></form></section>`;
}
