/** A file as the checks see it: its plain values, and where in the text each of them stands. */
import { isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Problem } from './problem.ts';

export type Path = readonly (string | number)[];

export interface Source {
  file: string;
  /** The plain values; undefined when the text cannot be read at all. */
  raw: unknown;
  /** Whether the text itself is in order, so that its content is worth checking. */
  sound: boolean;
  /** Where the value at `path` stands, or its key; a missing value stands where its parent does. */
  place(path: Path, part?: 'key' | 'value'): { line: number; column: number };
  problems: Problem[];
}

export interface Extra {
  nearest?: string | undefined;
  hint?: string | undefined;
  /** Points at the key instead of the value. */
  key?: boolean;
}

/** A value in a file: what a check is told about, so that it can complain by line. */
export interface Spot {
  source: Source;
  path: Path;
}

export const below = (spot: Spot, ...keys: (string | number)[]): Spot => ({
  source: spot.source,
  path: [...spot.path, ...keys],
});

/** The spot of one of several values where a single one may stand without a list. */
export const item = (spot: Spot, index: number): Spot =>
  Array.isArray(valueAt(spot.source.raw, spot.path)) ? below(spot, index) : spot;

/** What is wrong with a value, before it is said anywhere. */
export interface Fault extends Extra {
  message: string;
}

/** Says a fault, if there is one. */
export function say(spot: Spot, fault: Fault | undefined, severity: Problem['severity'] = 'error'): void {
  if (fault) note(severity, spot, fault.message, fault);
}

export const fail = (spot: Spot, message: string, extra: Extra = {}): void => note('error', spot, message, extra);
export const warn = (spot: Spot, message: string, extra: Extra = {}): void => note('warning', spot, message, extra);

function note(severity: Problem['severity'], { source, path }: Spot, message: string, extra: Extra): void {
  noteAt(severity, source, source.place(path, extra.key ? 'key' : 'value'), { ...extra, message });
}

/** Says a fault at a place that is known already: in the text of a mail, where there are no keys. */
export function noteAt(
  severity: Problem['severity'],
  source: Source,
  place: { line: number; column: number },
  { message, ...extra }: Fault,
): void {
  source.problems.push({
    severity,
    file: source.file,
    ...place,
    message,
    ...(extra.nearest === undefined ? {} : { nearest: extra.nearest }),
    ...(extra.hint === undefined ? {} : { hint: extra.hint }),
  });
}

/** A source of which nothing but its name and its text's lines matter. */
export function bareSource(file: string): Source {
  return { file, raw: undefined, sound: false, place: () => ({ line: 1, column: 1 }), problems: [] };
}

export const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The plain value at a path; undefined where there is none. */
export function valueAt(raw: unknown, path: Path): unknown {
  let value = raw;
  for (const key of path) {
    if (Array.isArray(value)) value = value[Number(key)];
    else if (isMapping(value)) value = value[String(key)];
    else return undefined;
  }
  return value;
}

/** The names of the mapping at a path, however wrong the values are. */
export function keysAt(raw: unknown, path: Path): string[] {
  const value = valueAt(raw, path);
  return isMapping(value) ? Object.keys(value) : [];
}

/** Finds the place of a path in a parsed document. `firstLine` is where the document begins in its file, from 0. */
export function placeIn(
  contents: Node | null,
  lines: LineCounter,
  path: Path,
  part: 'key' | 'value',
  firstLine: number,
) {
  let offset = contents?.range?.[0] ?? 0;
  let node: unknown = contents;
  for (const [index, key] of path.entries()) {
    const found = child(node, key);
    if (!found) break;
    const last = index === path.length - 1;
    const here = last && part === 'key' ? found.key : (found.value ?? found.key);
    offset = here?.range?.[0] ?? found.key?.range?.[0] ?? offset;
    node = found.value;
  }
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(1, line) + firstLine, column: Math.max(1, col) };
}

function child(node: unknown, key: string | number): { key?: Node | undefined; value?: Node | undefined } | undefined {
  if (isSeq<Node>(node)) {
    const item = node.items[Number(key)];
    return item && { key: item, value: item };
  }
  if (!isMap<Node, Node>(node)) return undefined;
  const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key));
  return pair && { key: pair.key, value: pair.value ?? undefined };
}
