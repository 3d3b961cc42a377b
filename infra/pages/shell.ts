/** What the local pages have in common: head, navigation, the bar that moves the clock. */
import { html } from 'hono/html';
import { timeText } from '../local/time-text.ts';

type Html = ReturnType<typeof html>;

export interface Shell {
  title: string;
  language?: string;
  body: Html;
  scripts?: string[];
  styles?: string[];
}

/** A whole page. Everything comes from this machine; no inline script. */
export async function shell({ title, language = 'en', body, scripts = [], styles = [] }: Shell): Promise<Response> {
  const page = await html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
${['/web/local.css', ...styles].map((style) => html`<link rel="stylesheet" href="${style}">`)}
<link rel="icon" href="data:,">
</head>
<body>
<header class="site"><strong>Ripen</strong>
<a href="/">Landing page</a> <a href="/_local/inbox">Inbox</a> <a href="/leads">Leads</a> <a href="/_local/outbox/sales">Sales</a> <a href="/_local/preview">Preview</a> <a href="/_local/simulate">Simulate</a>
</header>
<main>${body}</main>
${['/_local/bar.js', '/web/problems.js', ...scripts].map((script) => html`<script src="${script}" defer></script>`)}
</body>
</html>`;
  return new Response(page.toString(), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'self'",
    },
  });
}

/** An instant for people, in that zone and with its name. */
export const timeTag = (at: string, zone: string): Html =>
  html`<time datetime="${at}" title="${at}">${timeText(at, zone)}</time>`;
