/** Gives every box its place: rows from top to bottom, and in a row as near to its neighbours above and below as there is room. */
import type { Box } from './graph.ts';
import type { Layers } from './layering.ts';

export interface Placed {
  /** The middle of each box, by its id. */
  at: Map<string, { x: number; y: number }>;
  width: number;
  height: number;
}

const GAP = { across: 28, down: 30, aroundLabel: 14 };
const ROUNDS = 24;

/** In pixels, from the top left corner. */
export function place({ rows, ways }: Layers): Placed {
  const x = new Map<string, number>();
  for (const row of rows) spread(row, (box) => (row.indexOf(box) - row.length / 2) * 200, x);
  const after = linked(ways, 'from', 'to');
  const before = linked(ways, 'to', 'from');
  for (let round = 0; round < ROUNDS; round++) {
    // The last round goes downwards, so that what follows stands straight below what leads to it.
    const down = round % 2 === 1;
    const beside = down ? before : after;
    for (const row of down ? rows : [...rows].reverse()) {
      spread(row, ({ id }) => average(beside.get(id), x) ?? x.get(id) ?? 0, x);
    }
  }
  // Words stand above what they lead to, and a bend above the next one.
  for (const row of [...rows].reverse()) {
    const isBetween = row.every(({ kind }) => kind === 'label' || kind === 'bend');
    if (isBetween) spread(row, ({ id }) => average(after.get(id), x) ?? x.get(id) ?? 0, x);
  }
  return framed(rows, x);
}

const linked = (ways: Layers['ways'], key: 'from' | 'to', value: 'from' | 'to'): Map<string, string[]> =>
  new Map([...Map.groupBy(ways, (way) => way[key])].map(([id, group]) => [id, group.map((way) => way[value])]));

function average(ids: string[] = [], x: Map<string, number>): number | undefined {
  const known = ids.flatMap((id) => x.get(id) ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, each) => sum + each, 0) / known.length;
}

/**
 * The places nearest to the wanted ones (least squares) at which no two boxes of a row touch: with the least distances
 * taken off, the places must not fall, which pooling neighbours that would does exactly.
 */
function spread(row: Box[], wanted: (box: Box) => number, x: Map<string, number>): void {
  let offset = 0;
  const offsets = row.map((box, index) => {
    const left = row[index - 1];
    if (left) offset += (left.width + box.width) / 2 + GAP.across;
    return offset;
  });
  const pools: { sum: number; count: number }[] = [];
  for (const [index, box] of row.entries()) {
    pools.push({ sum: wanted(box) - (offsets[index] ?? 0), count: 1 });
    for (
      let last = pools.at(-1), other = pools.at(-2);
      last && other && other.sum / other.count > last.sum / last.count;
    ) {
      pools.splice(-2, 2, { sum: other.sum + last.sum, count: other.count + last.count });
      last = pools.at(-1);
      other = pools.at(-2);
    }
  }
  const flat = pools.flatMap(({ sum, count }) => Array.from({ length: count }, () => sum / count));
  for (const [index, box] of row.entries()) x.set(box.id, (flat[index] ?? 0) + (offsets[index] ?? 0));
}

function framed(rows: Box[][], x: Map<string, number>): Placed {
  const boxes = rows.flat();
  const left = Math.min(...boxes.map(({ id, width }) => (x.get(id) ?? 0) - width / 2));
  const right = Math.max(...boxes.map(({ id, width }) => (x.get(id) ?? 0) + width / 2));
  const at: Placed['at'] = new Map();
  let y = 0;
  for (const [index, row] of rows.entries()) {
    const height = Math.max(0, ...row.map((box) => box.height));
    for (const box of row) {
      // A way runs straight through the rows that it passes, so that it touches no box on its way.
      if (box.kind === 'bend') box.height = height;
      at.set(box.id, { x: Math.round((x.get(box.id) ?? 0) - left), y: Math.round(y + height / 2) });
    }
    const words = [row, rows[index + 1] ?? []].some((each) => each.some(({ kind }) => kind === 'label'));
    y += height + (words ? GAP.aroundLabel : GAP.down);
  }
  return { at, width: Math.ceil(right - left), height: Math.ceil(y) };
}
