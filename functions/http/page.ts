/**
 * Pages for visitors and recipients: one frame, no scripts, nothing from elsewhere, readable on a phone and on a
 * desktop, in light and in dark.
 */
import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';
import { fieldLabel } from './field-words.ts';
import type { FieldError } from './problem.ts';
import type { HttpResponse } from './request.ts';
import { wordsIn } from './words.ts';

type Html = ReturnType<typeof html>;

const STYLE = `
:root{color-scheme:light dark;--ink:#1d2327;--paper:#fff;--muted:#5a646b;--line:#8a949b;--accent:#0b57d0;--on:#fff;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--ink:#e6eaed;--paper:#14181b;--muted:#a9b3ba;--line:#7d8890;--accent:#8ab4f8;--on:#0b1a33;--bad:#ffb4ab}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:clamp(1.5rem,6vw,4rem) 1.25rem;overflow-wrap:anywhere}
h1{font-size:1.6rem;line-height:1.35;margin:0 0 1rem}
h2{font-size:1.2rem;line-height:1.4;margin:0 0 .25rem}
section{margin:2rem 0 0;padding:1.5rem 0 0;border-top:1px solid var(--line)}
section p{margin:.25rem 0 .75rem}
fieldset{border:0;margin:0 0 1.5rem;padding:0}
legend{font-weight:600;padding:0;margin-bottom:.25rem}
blockquote{margin:0 0 1rem;padding:0 0 0 1rem;border-left:3px solid var(--line)}
.field{margin:0 0 1.25rem}
label{display:block;font-weight:600;margin-bottom:.25rem}
label.choice{display:flex;gap:.75rem;align-items:center;min-height:44px;margin:0;font-weight:400;cursor:pointer}
input,textarea{box-sizing:border-box;width:100%;padding:.6rem .7rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:.4rem}
input[type=checkbox],input[type=radio]{width:1.35rem;height:1.35rem;margin:0;flex:none;accent-color:var(--accent)}
[aria-invalid]{border-color:var(--bad);border-width:2px}
.why{color:var(--bad);margin:.25rem 0 0}
.muted{color:var(--muted)}
button{font:inherit;font-weight:600;padding:.7rem 1.4rem;min-height:44px;border:0;border-radius:.4rem;background:var(--accent);color:var(--on);cursor:pointer}
main.wide{max-width:64rem}
main.wide h2{margin:2rem 0 .5rem}
h3{font-size:1.05rem;margin:0 0 .5rem}
dl{margin:0 0 1rem}
dl div{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,15rem),1fr));gap:0 1rem;max-width:48rem}
@media(max-width:34rem){dl div{margin-bottom:.5rem}}
dt{color:var(--muted)}
dd{margin:0}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;min-width:34rem;font-size:.95rem;overflow-wrap:normal}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
.answers{display:flex;flex-wrap:wrap;gap:.75rem;margin:0 0 1.25rem}
.quiet button{background:transparent;color:var(--accent);border:1px solid var(--accent)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
a{color:var(--accent)}
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

export interface Page {
  language: string;
  title: string;
  /** What stands below the title: `html` of hono, which escapes every value. */
  content: Html;
  status?: number;
  /** It holds tables. */
  wide?: boolean;
  /** Where the page's form may lead, beside the own origin: browsers check redirects after a post too. */
  leadsTo?: string | undefined;
}

/** A whole page, ready to be answered. */
export function page({ language, title, content, status = 200, wide = false, leadsTo }: Page): HttpResponse {
  const body = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main${wide ? raw(' class="wide"') : ''}>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  const formAction = ["'self'", ...originOf(leadsTo)].join(' ');
  return {
    statusCode: status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': language,
      'cache-control': 'no-store',
      'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`,
      // Links in mails carry tokens: they must not travel on.
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: String(body),
  };
}

const originOf = (url: string | undefined): string[] => (url && URL.canParse(url) ? [new URL(url).origin] : []);

/** A page that says one thing. */
export const messagePage = (language: string, title: string, text: string, status = 200): HttpResponse =>
  page({ language, title, content: html`<p>${text}</p>`, status });

/** A link that does nothing: cut, forged, too old, used, or of somebody who is not known. */
export function badLinkPage(language: string, why: 'cut' | 'other' = 'other', text?: string): HttpResponse {
  const words = wordsIn(language);
  return messagePage(language, words.badLinkTitle, text ?? (why === 'cut' ? words.badLinkText : words.goneText), 400);
}

/** Something failed here: nothing was done, and trying again is worth it. */
export const laterPage = (language: string): HttpResponse =>
  messagePage(language, wordsIn(language).laterTitle, wordsIn(language).laterText, 503);

export const thanksPage = (language: string): HttpResponse =>
  messagePage(language, wordsIn(language).thanks, wordsIn(language).received);

/** A button that posts to the page's own address, which keeps the token out of the markup. */
export const buttonForm = (label: string): Html =>
  html`<form method="post"><p><button type="submit">${label}</button></p></form>`;

export interface FormErrors {
  /** That of the page, and of what the errors say. */
  language: string;
  errors: FieldError[];
  /** What was typed, by field; asked for again where it is wrong, sent along hidden where it is right. */
  fields: Record<string, string[]>;
  redirect?: string | undefined;
}

/**
 * The form's wrong fields, each with its reason and what was typed; sending it again, to the same address, sends all the
 * rest too.
 */
export function errorsPage({ language, errors, fields, redirect }: FormErrors): HttpResponse {
  const words = wordsIn(language);
  const wrong = new Set(errors.map(({ field }) => field));
  const kept = Object.entries(fields).filter(([name]) => !wrong.has(name));
  const content = html`<p>${words.checkText}</p>
<form method="post" accept-charset="utf-8" novalidate>
${[...wrong].map((field, i) => fieldWithErrors({ field, label: fieldLabel(language, field), nth: i, errors, typed: fields[field] ?? [] }))}
${kept.flatMap(([name, list]) => list.map((value) => html`<input type="hidden" name="${name}" value="${value}">`))}
<p><button type="submit">${words.send}</button></p>
</form>`;
  return page({ language, title: words.checkTitle, content, status: 422, leadsTo: redirect });
}

interface WrongField {
  field: string;
  label: string;
  nth: number;
  errors: FieldError[];
  typed: string[];
}

function fieldWithErrors({ field, label, nth, errors, typed }: WrongField): Html {
  const messages = errors.filter((error) => error.field === field).map(({ message }) => message);
  const [value = ''] = typed;
  const named = html`id="f${nth}" name="${field}"`;
  const wrong = html`aria-invalid="true" aria-describedby="w${nth}"${nth === 0 ? raw(' autofocus') : ''}`;
  // Long values are refused, but must not be cut without a word; nor must the lines of a text run together.
  return html`<div class="field">
<label for="f${nth}">${label}</label>
${value.includes('\n') ? html`<textarea ${named} ${wrong} rows="5">\n${value}</textarea>` : html`<input ${named} value="${value}" ${wrong}>`}
<p class="why" id="w${nth}">${messages.join(' ')}</p>
</div>`;
}
