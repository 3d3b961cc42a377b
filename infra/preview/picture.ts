/** A workflow as an SVG of its own: readable by day and by night, in a page, a wiki and a pull request. */
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { endWords, sendWords } from '../../functions/lead/workflow-words.ts';
import { type Box, graphOf, LETTERS } from './graph.ts';
import { layersOf } from './layering.ts';
import { type Placed, place } from './placing.ts';
import { textWidth, wrapText } from './text-width.ts';

export interface PictureOptions {
  /** How many leads stand at each step, by its id. */
  leads?: Record<string, number>;
  /** More about a step: the subject of a mail. */
  note?(step: Step): string | undefined;
  /** Where a click on a step leads. */
  link?(step: Step): string | undefined;
}

const MARGIN = 16;
const LEAST_WIDTH = 420;

/** Colours are told by class, so that the page or the file turns them by night. */
const STYLE = `
.rp text{font-family:system-ui,"Segoe UI",Arial,Tahoma,"Noto Sans Thai",sans-serif;fill:#1d2430}
.rp .ground{fill:#fbfcfd}.rp .way{fill:none;stroke:#7b8696;stroke-width:1.6}.rp .tip{fill:#7b8696}
.rp .small,.rp .words{fill:#4f5a69}.rp .box{fill:#fff;stroke:#aab4c0;stroke-width:1.4}
.rp .send .box{fill:#e8f1fb;stroke:#2f6fb3}.rp .wait .box{fill:#f3f4f6;stroke:#9aa4b1;stroke-dasharray:5 3}
.rp .ask .box{fill:#fdf3dc;stroke:#a9781b}.rp .act .box{fill:#e8f5ee;stroke:#2f7d57}
.rp .edge .box{fill:#1d2430;stroke:#1d2430}.rp .edge text,.rp .edge .small{fill:#fbfcfd}
.rp .count rect{fill:#a3231b}.rp .count text{fill:#fff;font-weight:bold}
.rp a:hover .box,.rp a:focus .box{stroke-width:3}
@media (prefers-color-scheme:dark){
.rp text{fill:#e8ebf0}.rp .ground{fill:#14181d}.rp .way{stroke:#8d99a9}.rp .tip{fill:#8d99a9}
.rp .small,.rp .words{fill:#b3bdca}.rp .box{fill:#1d232c;stroke:#5b6675}
.rp .send .box{fill:#17293d;stroke:#6ea8e6}.rp .wait .box{fill:#1d232c;stroke:#75808f}
.rp .ask .box{fill:#33290f;stroke:#d9a941}.rp .act .box{fill:#152b20;stroke:#5fbf8f}
.rp .edge .box{fill:#e8ebf0;stroke:#e8ebf0}.rp .edge text,.rp .edge .small{fill:#14181d}
.rp .count rect{fill:#ff9d94}.rp .count text{fill:#14181d}}
`;

const LOOK: Record<Box['kind'], string> = {
  start: 'edge',
  end: 'edge',
  send: 'send',
  wait: 'wait',
  waitUntil: 'wait',
  waitFor: 'ask',
  choose: 'ask',
  split: 'ask',
  enrol: 'act',
  set: 'act',
  webhook: 'act',
  label: 'words',
  bend: '',
};

/** The whole SVG document. */
export function pictureOf(workflow: Workflow, options: PictureOptions = {}): string {
  const layers = layersOf(graphOf(workflow, options.note));
  const placed = place(layers);
  const byId = new Map(layers.rows.flat().map((box) => [box.id, box]));
  const head = headLines(workflow, Math.max(placed.width, LEAST_WIDTH));
  const top = MARGIN + head.reduce((sum, line) => sum + line.height, 0) + 10;
  const widest = Math.max(placed.width, ...head.map(({ text, size }) => textWidth(text, size * 1.06)));
  const width = Math.ceil(widest + 2 * MARGIN);
  const left = Math.round((width - placed.width) / 2);
  const height = top + placed.height;
  const [bends, boxes] = [true, false].map((bend) =>
    layers.rows.flat().filter(({ kind }) => (kind === 'bend') === bend),
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="rp" role="${options.link ? 'group' : 'img'}" aria-labelledby="rp-${workflow.name}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title id="rp-${workflow.name}">${escaped(titleOf(workflow))}</title><style>${STYLE.replaceAll('\n', '')}</style>`,
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>`,
    headText(head),
    `<g transform="translate(${left} ${top})">`,
    ...layers.ways.map(({ from, to }) => wayPath(byId, placed, from, to)),
    ...(bends ?? []).map((box) => throughPath(box, placed)),
    ...(boxes ?? []).map((box) => drawn(box, placed, options)),
    '</g></svg>',
  ].join('\n');
}

const titleOf = ({ name, about }: Workflow): string => `Workflow ${name}${about ? `: ${about}` : ''}`;

interface HeadLine {
  text: string;
  size: number;
  height: number;
  className: string;
}

function headLines(workflow: Workflow, width: number): HeadLine[] {
  const lines = (text: string, size: number, className: string): HeadLine[] =>
    wrapText(text, { size, width, most: 4 }).map((line) => ({ text: line, size, height: size + 6, className }));
  const rules = [...endWords(workflow), sendWords(workflow.send)].filter(Boolean);
  return [
    ...lines(workflow.name, 18, 'name'),
    ...(workflow.about ? lines(workflow.about, LETTERS.title, 'about') : []),
    ...rules.flatMap((rule) => lines(rule, LETTERS.small, 'small')),
  ];
}

function headText(head: HeadLine[]): string {
  let y = MARGIN;
  return head
    .map(({ text, size, height, className }) => {
      y += height;
      const bold = className === 'name' ? ' font-weight="bold"' : '';
      return `<text x="${MARGIN}" y="${y - 4}" font-size="${size}" class="${className}"${bold}>${escaped(text)}</text>`;
    })
    .join('\n');
}

function wayPath(boxes: Map<string, Box>, { at }: Placed, from: string, to: string): string {
  const [start, end] = [at.get(from), at.get(to)];
  if (!start || !end) return '';
  const begin = start.y + (boxes.get(from)?.height ?? 0) / 2;
  const target = boxes.get(to);
  // An arrow's tip needs room above the box; words and bends have none.
  const tip = target && target.kind !== 'label' && target.kind !== 'bend' ? 7 : 0;
  const stop = end.y - (target?.height ?? 0) / 2 - tip;
  const middle = Math.round((begin + stop) / 2);
  const path = `<path class="way" d="M${start.x} ${begin}C${start.x} ${middle} ${end.x} ${middle} ${end.x} ${stop}"/>`;
  return tip ? `${path}<path class="tip" d="M${end.x - 5} ${stop - 1}h10l-5 8z"/>` : path;
}

/** The part of a way beside the boxes of a row. */
function throughPath({ id, height }: Box, { at }: Placed): string {
  const { x = 0, y = 0 } = at.get(id) ?? {};
  return height > 0 ? `<path class="way" d="M${x} ${y - height / 2}v${height}"/>` : '';
}

function drawn(box: Box, placed: Placed, { leads = {}, link = () => undefined }: PictureOptions): string {
  const { x = 0, y = 0 } = placed.at.get(box.id) ?? {};
  const { width, height, kind, step } = box;
  const count = step ? leads[step.id] : undefined;
  const inside = [kind === 'label' ? '' : outline(box), words(box), count ? badge(count, width) : ''].join('');
  const target = step && link(step);
  const linked = target ? `<a href="${escaped(target)}">${inside}</a>` : inside;
  return `<g class="${LOOK[kind]}" transform="translate(${x - Math.round(width / 2)} ${y - height / 2})">${linked}</g>`;
}

/** Waits are round, questions have points, all else has corners. */
function outline({ kind, width, height }: Box): string {
  if (LOOK[kind] === 'ask') {
    const point = 12;
    return `<path class="box" d="M${point} 0H${width - point}L${width} ${height / 2}L${width - point} ${height}H${point}L0 ${height / 2}Z"/>`;
  }
  const round = LOOK[kind] === 'wait' || LOOK[kind] === 'edge' ? Math.min(height / 2, 22) : 6;
  return `<rect class="box" width="${width}" height="${height}" rx="${round}"/>`;
}

function words({ kind, title, small, width, height }: Box): string {
  const size = kind === 'label' ? LETTERS.small : LETTERS.title;
  const line = kind === 'label' ? 16 : 18;
  const top = (height - (title.length + small.length) * line) / 2;
  const text = (words: string, index: number, more: string) =>
    `<text x="${width / 2}" y="${top + index * line + line * 0.74}" text-anchor="middle"${more}>${escaped(words)}</text>`;
  const bold = kind === 'label' ? ' class="words"' : ' font-weight="600"';
  return [
    ...title.map((each, index) => text(each, index, ` font-size="${size}"${bold}`)),
    ...small.map((each, index) => text(each, title.length + index, ` font-size="${LETTERS.small}" class="small"`)),
  ].join('');
}

function badge(count: number, width: number): string {
  const text = count.toLocaleString('en');
  const wide = Math.max(24, textWidth(text, 12) + 14);
  const label = `${text} ${count === 1 ? 'lead' : 'leads'} here`;
  return `<g class="count" transform="translate(${width - wide / 2} -10)"><title>${label}</title><rect width="${wide}" height="20" rx="10"/><text x="${wide / 2}" y="14.5" font-size="12" text-anchor="middle">${text}</text></g>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
