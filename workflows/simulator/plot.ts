/** Plots as inline SVG: stacked bars and a line for a limit. Colours come from the page, so that they suit light and dark. */

export interface Series {
  name: string;
  values: number[];
}

export interface Plot {
  title: string;
  /** What one bar is: "day", "week". */
  unit: string;
  /** One for each bar. */
  labels: string[];
  series: Series[];
  /** A level that should not be passed. */
  limit?: { name: string; value: number };
}

const SIZE = { width: 720, height: 260, left: 52, right: 12, top: 12, bottom: 34 };
/** The page defines `--c0` to `--c7`. */
const COLOURS = 8;

export const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** The figure: the plot, its legend, and the numbers as a table behind a fold, for whoever does not see the plot. */
export function figureOf(plot: Plot): string {
  const { title, series } = plot;
  const legend = series.map(({ name }, i) => `<li><span style="background:${colour(i)}"></span>${escaped(name)}</li>`);
  return `<figure>
<figcaption>${escaped(title)}</figcaption>
${svgOf(plot)}
${series.length > 1 ? `<ul class="legend">${legend.join('')}</ul>` : ''}
<details><summary>The numbers</summary><div class="wide" tabindex="0">${tableOf(plot)}</div></details>
</figure>`;
}

const colour = (nth: number): string => `var(--c${nth % COLOURS})`;

function svgOf({ title, labels, series, limit, unit }: Plot): string {
  const { width, height, left, right, top, bottom } = SIZE;
  const sums = labels.map((_, i) => series.reduce((sum, { values }) => sum + (values[i] ?? 0), 0));
  const most = niceTop(Math.max(1, limit?.value ?? 0, ...sums));
  const [plotWidth, plotHeight] = [width - left - right, height - top - bottom];
  const step = plotWidth / Math.max(1, labels.length);
  const y = (value: number): number => top + plotHeight * (1 - value / most);
  const bars = labels.flatMap((label, i) => barsOf({ label, place: i, series, y, x: left + i * step, step }));
  const every = Math.max(1, Math.ceil(labels.length / 8));
  const ticks = labels.flatMap((label, i) =>
    i % every === 0
      ? [
          `<text class="tick" x="${round(left + (i + 0.5) * step)}" y="${height - 12}" text-anchor="middle">${escaped(label.slice(5))}</text>`,
        ]
      : [],
  );
  const levels = [0, most / 2, most].map(
    (value) =>
      `<line class="grid" x1="${left}" x2="${width - right}" y1="${round(y(value))}" y2="${round(y(value))}"/><text class="tick" x="${left - 6}" y="${round(y(value) + 4)}" text-anchor="end">${short(value)}</text>`,
  );
  const line = limit
    ? `<line class="limit" x1="${left}" x2="${width - right}" y1="${round(y(limit.value))}" y2="${round(y(limit.value))}"/><text class="limit-name" x="${width - right}" y="${round(y(limit.value) - 5)}" text-anchor="end">${escaped(limit.name)}</text>`
    : '';
  const told = `${title}: ${labels.length} ${unit}s, at most ${Math.max(0, ...sums)} a ${unit}${limit ? `, ${limit.name} ${limit.value}` : ''}.`;
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(told)}">${levels.join('')}${bars.join('')}${line}${ticks.join('')}</svg>`;
}

interface Bar {
  label: string;
  place: number;
  series: Series[];
  y: (value: number) => number;
  x: number;
  step: number;
}

/** One bar, its parts on top of each other. */
function barsOf({ label, place, series, y, x, step }: Bar): string[] {
  let below = 0;
  return series.flatMap(({ name, values }, i) => {
    const value = values[place] ?? 0;
    if (value <= 0) return [];
    const [from, to] = [below, below + value];
    below = to;
    const gap = Math.min(2, step * 0.15);
    const height = y(from) - y(to);
    return [
      `<rect x="${round(x + gap / 2)}" y="${round(y(to))}" width="${round(step - gap)}" height="${round(height)}" fill="${colour(i)}"><title>${escaped(`${label}: ${name} ${value}`)}</title></rect>`,
    ];
  });
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** 1, 2 or 5 times a power of ten, not below the value. */
export function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

const short = (value: number): string =>
  value >= 10_000 ? `${round(value / 1000)}k` : value.toLocaleString('en', { maximumFractionDigits: 1 });

function tableOf({ labels, series, unit, limit }: Plot): string {
  const head = [unit, ...series.map(({ name }) => name), ...(limit ? [limit.name] : [])];
  const rows = labels.map((label, i) => {
    const cells = [...series.map(({ values }) => values[i] ?? 0), ...(limit ? [limit.value] : [])];
    return `<tr><th scope="row">${escaped(label)}</th>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${head.map((cell) => `<th scope="col">${escaped(cell)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}
