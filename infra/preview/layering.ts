/**
 * Puts the boxes of a graph into rows, each below all that lead to it, and orders every row so that few ways cross
 * (Sugiyama's method). Ways over several rows get a bend in each row between.
 */
import type { Box, Graph } from './graph.ts';

export interface Layers {
  rows: Box[][];
  /** Each leads from one row to the next. */
  ways: Graph['ways'];
}

const SWEEPS = 12;

export function layersOf({ boxes, ways }: Graph): Layers {
  const rowOf = longestWays(boxes, ways);
  const rows: Box[][] = [];
  for (const box of boxes.values()) {
    const row = rowOf.get(box.id) ?? 0;
    rows[row] = [...(rows[row] ?? []), box];
  }
  const short = ways.flatMap((way) => bent(way, rowOf, rows));
  return { rows: ordered(rows, short), ways: short };
}

/** The row of each box: as many as the longest way to it has parts. */
function longestWays(boxes: Graph['boxes'], ways: Graph['ways']): Map<string, number> {
  const before = Map.groupBy(ways, ({ to }) => to);
  const rows = new Map<string, number>();
  const rowOf = (id: string): number => {
    const known = rows.get(id);
    if (known !== undefined) return known;
    const row = Math.max(-1, ...(before.get(id) ?? []).map(({ from }) => rowOf(from))) + 1;
    rows.set(id, row);
    return row;
  };
  for (const id of boxes.keys()) rowOf(id);
  return rows;
}

function bent({ from, to }: Graph['ways'][number], rowOf: Map<string, number>, rows: Box[][]): Graph['ways'] {
  const [first, last] = [rowOf.get(from) ?? 0, rowOf.get(to) ?? 0];
  const stops = [from];
  for (let row = first + 1; row < last; row++) {
    const id = `bend ${from} ${to} ${row}`;
    rows[row]?.push({ id, kind: 'bend', title: [], small: [], width: 8, height: 0 });
    stops.push(id);
  }
  stops.push(to);
  return stops.slice(1).map((stop, index) => ({ from: stops[index] ?? from, to: stop }));
}

/** Each row sorted by where its neighbours stand, downwards and upwards in turn; the order with the fewest crossings wins. */
function ordered(rows: Box[][], ways: Graph['ways']): Box[][] {
  const after = neighbours(ways, 'from', 'to');
  const before = neighbours(ways, 'to', 'from');
  let current = byDepth(rows, after);
  let best = current;
  let least = crossings(best, after);
  for (let sweep = 0; sweep < SWEEPS && least > 0; sweep++) {
    const down = sweep % 2 === 0;
    current = sorted(current, down ? before : after, down);
    const count = crossings(current, after);
    if (count < least) [best, least] = [current, count];
  }
  return best;
}

type Neighbours = Map<string, string[]>;

const neighbours = (ways: Graph['ways'], key: 'from' | 'to', value: 'from' | 'to'): Neighbours =>
  new Map([...Map.groupBy(ways, (way) => way[key])].map(([id, group]) => [id, group.map((way) => way[value])]));

/** The order in which the boxes are met when ways are followed in the order of the file. */
function byDepth(rows: Box[][], after: Neighbours): Box[][] {
  const met = new Map<string, number>();
  const open = [...(rows[0] ?? [])].reverse().map(({ id }) => id);
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (met.has(id)) continue;
    met.set(id, met.size);
    open.push(...[...(after.get(id) ?? [])].reverse());
  }
  return rows.map((row) => [...row].sort((a, b) => (met.get(a.id) ?? 0) - (met.get(b.id) ?? 0)));
}

function sorted(rows: Box[][], beside: Neighbours, down: boolean): Box[][] {
  const made = rows.map((row) => [...row]);
  const numbers = made.map((_, index) => index);
  for (const index of down ? numbers : numbers.reverse()) {
    const places = new Map((made[index + (down ? -1 : 1)] ?? []).map(({ id }, place) => [id, place]));
    const row = made[index] ?? [];
    const wanted = new Map(row.map(({ id }, place) => [id, mean(beside.get(id), places) ?? place]));
    row.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
  }
  return made;
}

function mean(ids: string[] = [], places: Map<string, number>): number | undefined {
  const known = ids.flatMap((id) => places.get(id) ?? []);
  return known.length === 0 ? undefined : known.reduce((sum, place) => sum + place, 0) / known.length;
}

function crossings(rows: Box[][], after: Neighbours): number {
  let count = 0;
  for (const [index, row] of rows.entries()) {
    const places = new Map((rows[index + 1] ?? []).map(({ id }, place) => [id, place]));
    const ends = row.map(({ id }) => (after.get(id) ?? []).flatMap((to) => places.get(to) ?? []));
    for (const [left, lefts] of ends.entries()) {
      for (const rights of ends.slice(left + 1)) {
        for (const a of lefts) count += rights.filter((b) => b < a).length;
      }
    }
  }
  return count;
}
