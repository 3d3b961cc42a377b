/** `/_local/simulate`: a rehearsal in the browser, of the definition in force. Nothing is sent. */
import { html } from 'hono/html';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Entry } from '../../workflows/simulator/run.ts';
import type { Line } from '../../workflows/simulator/timeline-text.ts';
import { shell } from './shell.ts';

const EXAMPLES = ['opens nothing', 'clicks everything on day 2', 'asks for a demo on day 5', 'never confirms'];
/** More take longer than one waits for a page; `ripen simulate` takes any number. */
const MOST_LEADS = 2000;
const DAY_MS = 86_400_000;

/**
 * Answers `/_local/simulate` and `/_local/simulate/report`; undefined for any other path.
 * @param now the local run's instant, at which the rehearsal begins.
 */
export async function simulatePage(
  { pathname, searchParams }: URL,
  definition: Definition | undefined,
  now: string,
): Promise<Response | undefined> {
  if (pathname === '/_local/simulate/report') return definition && report(searchParams, definition, now);
  if (pathname !== '/_local/simulate') return undefined;
  const words = searchParams.get('lead') ?? '';
  const told = definition && words !== '' ? await timeline(words, definition, now) : undefined;
  const body = html`<h1>Rehearse</h1>
<p class="lead-in">What would happen to a lead, or to a crowd of them, with the definition in force. Nothing is sent.</p>
${definition ? '' : html`<p>No definition is in force yet.</p>`}
<h2>One lead</h2>
<form method="get" action="/_local/simulate">
<label for="lead">What it does</label>
<input id="lead" name="lead" value="${words}" placeholder="${EXAMPLES[1]}" size="50" required>
<button>Rehearse</button>
</form>
<p>For example: ${EXAMPLES.map((example, i) => html`${i > 0 ? ', ' : ''}<a href="/_local/simulate?lead=${encodeURIComponent(example)}">${example}</a>`)}</p>
${told === undefined ? '' : 'problem' in told ? html`<p role="alert">${told.problem}</p>` : linesOf(told.lines)}
<h2>A crowd</h2>
<form method="get" action="/_local/simulate/report">
<label for="leads">Leads, over 30 days</label>
<input id="leads" name="leads" type="number" min="1" max="${MOST_LEADS}" value="500">
<label for="seed">Seed</label>
<input id="seed" name="seed" value="1" size="8">
<button>Rehearse</button>
</form>`;
  return shell({ title: 'Rehearse', body });
}

const linesOf = (
  lines: Line[],
) => html`<table><thead><tr><th scope="col">day</th><th scope="col">when</th><th scope="col">what</th><th scope="col">why</th></tr></thead>
<tbody>${lines.map(({ day, at, local, text, why = '' }) => html`<tr><td>${day}</td><td><time datetime="${at}">${local}</time></td><td>${text}</td><td>${why}</td></tr>`)}</tbody></table>`;

/** What is not understood is said, with examples. */
async function timeline(
  words: string,
  definition: Definition,
  now: string,
): Promise<{ lines: Line[] } | { problem: string }> {
  const { live } = await import('../../workflows/simulator/live.ts');
  const { scenarioOf, scenarioPerson } = await import('../../workflows/simulator/scenario.ts');
  const { simulated } = await import('../../workflows/simulator/simulated.ts');
  const { timelineLines } = await import('../../workflows/simulator/timeline-text.ts');
  try {
    const known = simulated(definition);
    const entries: Entry[] = [];
    const person = scenarioPerson(known, scenarioOf({ does: [words] }, now));
    const end = new Date(Date.parse(now) + 60 * DAY_MS).toISOString();
    live(known, person, end, (entry) => entries.push(entry));
    return { lines: timelineLines(entries, known) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

async function report(asked: URLSearchParams, definition: Definition, now: string): Promise<Response> {
  const { simulateCohort } = await import('../../workflows/simulator/cohort-threads.ts');
  const { ratesWith } = await import('../../workflows/simulator/rates.ts');
  const { reportOf } = await import('../../workflows/simulator/report.ts');
  const { reportPage } = await import('../../workflows/simulator/report-page.ts');
  const { simulated } = await import('../../workflows/simulator/simulated.ts');
  const known = simulated(definition);
  const leads = Math.min(MOST_LEADS, Math.max(1, Math.floor(Number(asked.get('leads')) || 500)));
  const spec = { leads, arrivalDays: 30, days: 60, start: now, seed: asked.get('seed') ?? '1', rates: ratesWith() };
  const counts = await simulateCohort(known, spec);
  return new Response(reportPage(reportOf(known, spec, counts)), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
