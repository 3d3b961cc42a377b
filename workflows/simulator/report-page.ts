/** The report of a simulated cohort as one HTML page that needs nothing else: no script, no file beside it. */
import { STAGES } from '../../functions/definition/scoring.ts';
import { escaped, figureOf, type Plot } from './plot.ts';
import type { Report } from './report.ts';

/** @returns a whole HTML document. */
export function reportPage(report: Report): string {
  const { leads, days, seed, definition, from } = report;
  const title = `Simulated: ${leads.toLocaleString('en')} leads over ${days.length} days`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>From ${escaped(from)}, version ${escaped(definition.slice(0, 12))}, seed ${escaped(seed)}. Nothing was sent. The same seed gives the same result.</p>
${figures(report)}
${[mailsPlot(report), stagesPlot(report), handoffsPlot(report)].map(figureOf).join('\n')}
${sums('How enrolments ended', report.ended)}
${sums('Mails that were put off', report.held)}
${sums('Mails that were left out', report.skipped)}
${ratesTable(report)}
</main>
</body>
</html>
`;
}

function figures({ mails, cost, weeks, leads }: Report): string {
  const sent = Object.values(mails).reduce((a, b) => a + b, 0);
  const handoffs = weeks.reduce((sum, week) => sum + week.handoffs, 0);
  const told = [
    ['Mails', sent.toLocaleString('en')],
    ['Handoffs', handoffs.toLocaleString('en')],
    ['Cost', `$${cost.total.toFixed(2)}`],
    ['of that SES', `$${cost.dollars.ses.toFixed(2)}`],
    ['Cost per 1,000 leads', `$${((cost.total / Math.max(1, leads)) * 1000).toFixed(2)}`],
  ] as const;
  return `<dl class="figures">${told.map(([name, value]) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`;
}

const mailsPlot = ({ days, mails }: Report): Plot => ({
  title: 'Mails by day',
  unit: 'day',
  labels: days.map(({ day }) => day),
  series: Object.keys(mails).map((name) => ({ name, values: days.map(({ byMail }) => byMail[name] ?? 0) })),
});

const stagesPlot = ({ days }: Report): Plot => ({
  title: 'Leads in each stage at the end of the day',
  unit: 'day',
  labels: days.map(({ day }) => day),
  series: STAGES.map((stage) => ({ name: stage, values: days.map(({ stages }) => stages[stage]) })).filter(
    ({ values }) => values.some((value) => value > 0),
  ),
});

function handoffsPlot({ weeks }: Report): Plot {
  const capacity = weeks.find((week) => week.capacity !== undefined)?.capacity;
  return {
    title: 'Handoffs by week',
    unit: 'week',
    labels: weeks.map((week) => week.from),
    series: [
      { name: 'by score', values: weeks.map(({ byScore }) => byScore) },
      { name: 'asked for sales', values: weeks.map(({ byHandRaise }) => byHandRaise) },
    ],
    ...(capacity === undefined ? {} : { limit: { name: `room for ${capacity}`, value: capacity } }),
  };
}

function sums(title: string, counted: Record<string, number>): string {
  const rows = Object.entries(counted).map(
    ([name, sum]) => `<tr><th scope="row">${escaped(name)}</th><td>${sum.toLocaleString('en')}</td></tr>`,
  );
  return rows.length === 0 ? '' : `<h2>${escaped(title)}</h2><table><tbody>${rows.join('')}</tbody></table>`;
}

function ratesTable({ rates }: Report): string {
  const rows = rates.map(({ name, value, about, source }) => {
    const shown =
      typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 4 }) : JSON.stringify(value);
    return `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(shown)}</td><td>${escaped(about)}</td><td>${escaped(source)}</td></tr>`;
  });
  return `<h2>What was assumed</h2><div class="wide" tabindex="0"><table class="rates"><thead><tr><th scope="col">rate</th><th scope="col">value</th><th scope="col">what</th><th scope="col">where from</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

const STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1d2430, #e8ebf0); --soft: light-dark(#566070, #a9b2c0);
  --line: light-dark(#d9dfe7, #363f4d); --page: light-dark(#f6f8fa, #12161d); --card: light-dark(#fff, #1b212b);
  --c0: light-dark(#0b6b50, #5cd0a8); --c1: light-dark(#2b62b8, #8ab4f0); --c2: light-dark(#b4540a, #f0a860);
  --c3: light-dark(#7a3fa0, #c99ae8); --c4: light-dark(#a3231b, #ff9d94); --c5: light-dark(#6b6a1c, #d3d06a);
  --c6: light-dark(#12727f, #6fd0dd); --c7: light-dark(#5b6472, #aab3c2); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 1rem/1.55 system-ui, "Segoe UI", Arial, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 1rem 1rem 4rem; }
h1 { font-size: clamp(1.4rem, 4vw, 2rem); line-height: 1.2; } h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; }
figure { margin: 1.5rem 0; padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
figcaption { font-weight: 600; margin-bottom: .5rem; } svg { width: 100%; height: auto; display: block; }
.grid { stroke: var(--line); } .tick, .limit-name { fill: var(--soft); font-size: 12px; }
.limit { stroke: var(--c4); stroke-width: 2; stroke-dasharray: 6 4; } .limit-name { fill: var(--c4); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; padding: 0; margin: .5rem 0; font-size: .875rem; }
.legend span { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .4em; }
.figures { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1rem 0; } .figures div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem 1rem; }
dt { color: var(--soft); font-size: .875rem; } dd { margin: 0; font-size: 1.25rem; font-weight: 600; }
table { border-collapse: collapse; font-size: .875rem; } th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); }
td { font-variant-numeric: tabular-nums; } th { font-weight: 500; } summary { cursor: pointer; color: var(--soft); font-size: .875rem; }
.wide { overflow-x: auto; max-height: 24rem; } .rates td { min-width: 6rem; }
`;
