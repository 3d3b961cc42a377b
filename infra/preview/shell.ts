/** What the pages of the preview have in common. */
import { html } from 'hono/html';
import type { Snapshot } from './state.ts';

export type Markup = ReturnType<typeof html>;

export const ROOT = '/_local/preview';

export interface Shell {
  title: string;
  snapshot: Snapshot;
  body: Markup;
  /** Whether the whole system runs behind these pages: then they lead to its other pages and carry its clock. */
  isPartOfSystem: boolean;
  status?: number;
}

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** A whole page, which loads anew when a file is saved. */
export async function page({ title, snapshot, body, isPartOfSystem, status = 200 }: Shell): Promise<Response> {
  const text = await html`<!doctype html>
<html lang="en" data-change="${snapshot.number}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Ripen preview</title>
<link rel="stylesheet" href="${ROOT}/local.css">
<link rel="stylesheet" href="${ROOT}/preview.css">
<link rel="icon" href="data:,">
</head>
<body>
<header class="site"><strong>Ripen</strong>
<a href="${ROOT}">Preview</a>${isPartOfSystem ? html` <a href="/">Landing page</a> <a href="/_local/inbox">Inbox</a> <a href="/leads">Leads</a> <a href="/_local/outbox/sales">Sales</a> <a href="/_local/simulate">Simulate</a>` : ''}
</header>
<main>${problemsOf(snapshot)}${body}</main>
<script src="${ROOT}/preview.js" defer></script>
${isPartOfSystem ? html`<script src="/_local/bar.js" defer></script>` : ''}
</body>
</html>`;
  return new Response(text.toString(), {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
    },
  });
}

function problemsOf({ problems, isFaulty, definition, excerptOf }: Snapshot): Markup | string {
  if (problems.length === 0) return '';
  const shown = definition ? 'What has one is shown as it was before.' : 'Nothing can be shown yet.';
  return html`<section class="notice ${isFaulty ? 'bad' : ''}" aria-label="What the files say">
<h2>${isFaulty ? `The files have errors. ${shown}` : 'The files check, with something to think about.'}</h2>
<ul class="faults">${problems.map(
    (problem) => html`<li><pre tabindex="0" aria-label="${problem.severity}">${excerptOf(problem)}</pre></li>`,
  )}</ul></section>`;
}
