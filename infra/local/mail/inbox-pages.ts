/** The pages of the inbox: plain HTML that works without a script. The clock bar is the one script, and optional. */
import { html, raw } from 'hono/html';
import { timeText } from '../time-text.ts';
import type { InboxItem } from './inbox.ts';
import { inboxStyle } from './inbox-style.ts';

export type View = 'html' | 'text' | 'headers';
type Markup = ReturnType<typeof html>;

/** A page of the list. `cursor` leads to older mails. */
export function listPage(
  items: InboxItem[],
  { to, cursor, zone }: { to: string | undefined; cursor: number | undefined; zone: string },
): string {
  const older = `/_local/inbox?${new URLSearchParams({ ...(to ? { to } : {}), cursor: String(cursor) })}`;
  return page(
    'Inbox',
    html`<header class="top">
      <h1>Inbox</h1>
      <form action="/_local/inbox" role="search">
        <label for="to">To</label>
        <input id="to" name="to" type="search" value="${to ?? ''}" placeholder="address" autocomplete="off" spellcheck="false">
        <button>Filter</button>
        ${to ? html`<a href="/_local/inbox">Show all</a>` : ''}
      </form>
    </header>
    <main>
      ${items.length === 0 ? empty(to) : html`<ul class="mails">${items.map((mail) => row(mail, zone))}</ul>`}
      ${cursor === undefined ? '' : html`<p><a class="button" href="${older}">Older mails</a></p>`}
    </main>`,
  );
}

/** One mail: who, when, and its HTML, text or headers. */
export function mailPage(mail: InboxItem, view: View, zone: string): string {
  return page(
    mail.subject || '(no subject)',
    html`<header class="top">
      <p><a href="/_local/inbox">Back to the inbox</a></p>
      <h1>${mail.subject || '(no subject)'}</h1>
      <dl class="facts">
        <div><dt>From</dt><dd>${mail.from}</dd></div>
        <div><dt>To</dt><dd>${mail.to}</dd></div>
        <div><dt>At</dt><dd>${time(mail.at, zone)}</dd></div>
        ${mail.attachments.length === 0 ? '' : html`<div><dt>Attached</dt><dd>${mail.attachments.map((each) => each.name).join(', ')}</dd></div>`}
      </dl>
      <div class="bar">
        <nav aria-label="Views of this mail">${views(mail, view)}</nav>
        <a href="/_local/inbox/${mail.id}.eml" download>As a file (.eml)</a>
        <form method="post" action="/_local/inbox/${mail.id}/complaint"><button>Report as spam</button></form>
      </div>
    </header>
    <main>${content(mail, view)}</main>`,
  );
}

export function missingPage(): string {
  return page(
    'No such mail',
    html`<main><h1>There is no such mail</h1><p><a href="/_local/inbox">Back to the inbox</a></p></main>`,
  );
}

function page(title: string, body: Markup): string {
  return String(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(inboxStyle)}</style>
<script src="/_local/bar.js" defer></script>
</head>
<body>
${body}
</body>
</html>`);
}

function row(mail: InboxItem, zone: string): Markup {
  return html`<li><a href="/_local/inbox/${mail.id}">
    <span class="to">${mail.to}</span>
    <span class="subject">${mail.subject || '(no subject)'}</span>
    ${time(mail.at, zone)}
  </a></li>`;
}

function empty(to: string | undefined): Markup {
  return to
    ? html`<p class="empty">No mail to “${to}”.</p>`
    : html`<p class="empty">No mail yet. What is sent on this machine arrives here and goes nowhere else.</p>`;
}

function views(mail: InboxItem, current: View): Markup[] {
  const names: Record<View, string> = { html: 'HTML', text: 'Text', headers: 'Headers' };
  const there: View[] = ['html', 'text', 'headers'];
  return there
    .filter((view) => view === 'headers' || mail[view] !== null)
    .map((view) => {
      const here = view === current ? html` aria-current="page"` : '';
      return html`<a href="/_local/inbox/${mail.id}?view=${view}"${here}>${names[view]}</a>`;
    });
}

function content(mail: InboxItem, view: View): Markup {
  if (view === 'html' && mail.html !== null)
    return html`<iframe title="The mail" src="/_local/inbox/${mail.id}/html"
      sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"></iframe>`;
  if (view === 'text' && mail.text !== null)
    return html`<pre tabindex="0" aria-label="Text of the mail">${mail.text}</pre>`;
  const pairs = [
    ...Object.entries(mail.headers),
    ...Object.entries(mail.tags).map(([name, value]) => [`tag ${name}`, value]),
  ];
  return html`<dl class="headers">${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

const time = (at: string, zone: string): Markup => html`<time datetime="${at}">${timeText(at, zone)}</time>`;
