/** Reads one YAML text: the strict subset that a definition may use, with the place of every value. */
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  type YAMLError,
  type YAMLMap,
} from 'yaml';
import { type Path, placeIn, type Source } from './source.ts';

/** Deeper than any honest file, far above any stack's end. */
const DEEPEST = 40;
/** Names that JavaScript objects have of themselves. */
const UNUSABLE = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf']);
const PLAIN_NUMBER = /^-?(?:0|[1-9]\d{0,14})(?:\.\d+)?$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/;

/**
 * Parses a text. Never throws: what is wrong stands in the source's problems, and `sound` is false then.
 * `firstLine` counts the lines of the file before the text (the front matter of a mail has one).
 */
export function readYaml(file: string, text: string, firstLine = 0): Source {
  const lines = new LineCounter();
  const source: Source = { file, raw: undefined, sound: false, place: () => ({ line: 1, column: 1 }), problems: [] };
  const deep = tooDeep(text);
  if (deep !== undefined) {
    const before = text.slice(0, deep).split('\n');
    const place = { line: before.length + firstLine, column: (before.at(-1)?.length ?? 0) + 1 };
    source.problems.push({ severity: 'error', file, ...place, message: 'This is nested too deeply.' });
    return source;
  }
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const [document, second] = 'empty' in parsed ? [] : parsed;
  if (!document) {
    complain(source, lines, firstLine, 0, 'The file is empty.');
    return source;
  }
  source.place = (path: Path, part = 'value') => placeIn(document.contents, lines, path, part, firstLine);
  const say = (offset: number, message: string, hint?: string) =>
    complain(source, lines, firstLine, offset, message, hint);
  // After the first thing that is no YAML, the parser only guesses.
  const isDouble = ({ code }: YAMLError) => code === 'DUPLICATE_KEY';
  const faults = [...document.errors, ...document.warnings];
  for (const error of [...faults.filter(isDouble), ...faults.filter((each) => !isDouble(each)).slice(0, 1)]) {
    const { message, hint } = parseFault(error, text);
    say(error.pos[0], message, hint);
  }
  if (second) say(second.range[0], 'A second document begins here; a definition file holds one.', 'Remove the `---`.');
  if (document.directives?.yaml.explicit) say(0, 'A `%YAML` directive is not part of the definition language.');
  // Of a broken text only the names are of use.
  source.raw = plain(document.contents, faults.length === 0 ? say : () => {}, 0);
  if (source.problems.length === 0 && source.raw === null) say(0, 'The file is empty.');
  source.sound = source.problems.length === 0;
  return source;
}

/** Where the brackets, or the dashes of one line, go deeper than the parser's stack could follow. */
function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') depth--;
    if (depth > 10 * DEEPEST) return at;
  }
  const dashes = new RegExp(`^(?:[ \\t]*[-?:](?=[ \\t])){${10 * DEEPEST}}`, 'm').exec(text);
  return dashes?.index;
}

type Say = (offset: number, message: string, hint?: string) => void;

function complain(source: Source, lines: LineCounter, firstLine: number, at: number, message: string, hint?: string) {
  const { line, col } = lines.linePos(at);
  const place = { line: Math.max(1, line) + firstLine, column: Math.max(1, col) };
  const said = source.problems.some((each) => each.line === place.line && each.column === place.column);
  if (said) return;
  source.problems.push({ severity: 'error', file: source.file, ...place, message, ...(hint ? { hint } : {}) });
}

/** What a parser's error means to a marketer. */
function parseFault(error: YAMLError, text: string): { message: string; hint?: string } {
  const [at, end] = error.pos;
  if (error.code === 'DUPLICATE_KEY') {
    const key = /^["']?([^:"'\n]+)/.exec(text.slice(at))?.[1]?.trim() ?? 'This key';
    return { message: `\`${key}\` stands twice in this mapping.`, hint: 'Remove one of the two.' };
  }
  const tab = /^ *\t/.test(text.slice(text.lastIndexOf('\n', at - 1) + 1, end));
  if (error.code === 'TAB_AS_INDENT' || tab)
    return { message: 'The line is indented with a tab.', hint: 'Use spaces.' };
  if (error.code === 'MULTIPLE_ANCHORS' || error.code === 'BAD_ALIAS') return { message: ALIASES };
  const quoted = error.code === 'BLOCK_AS_IMPLICIT_KEY' || error.code === 'BAD_SCALAR_START';
  const hint = quoted ? { hint: 'A text with a colon in it, or with a sign at its beginning, needs quotes.' } : {};
  return { ...hint, message: `This is not valid YAML: ${error.message.split('\n')[0]}` };
}

const ALIASES = 'Anchors and aliases (`&`, `*`) are not part of the definition language.';

/** The plain value of a node. Complains about all that the language leaves out. */
function plain(node: Node | null, say: Say, depth: number): unknown {
  if (node === null) return null;
  const at = node.range?.[0] ?? 0;
  if (isAlias(node)) {
    say(at, ALIASES, 'Write the value out.');
    return undefined;
  }
  if ('anchor' in node && node.anchor) say(at, ALIASES, 'Write the value out where it is used.');
  if (node.tag) say(at, 'Tags (`!`) are not part of the definition language.');
  if (depth > DEEPEST) {
    say(at, 'This is nested too deeply.');
    return undefined;
  }
  if (isMap<Node, Node | null>(node)) return plainMapping(node, say, depth);
  if (isSeq<Node | null>(node)) return node.items.map((item) => plain(item, say, depth + 1));
  return isScalar(node) ? plainScalar(node, at, say) : undefined;
}

function plainMapping(map: YAMLMap<Node, Node | null>, say: Say, depth: number): Record<string, unknown> {
  const mapping: Record<string, unknown> = {};
  for (const pair of map.items) {
    const key = plainKey(pair, say);
    if (key !== undefined) mapping[key] = plain(pair.value, say, depth + 1);
  }
  return mapping;
}

function plainKey({ key }: Pair<Node, Node | null>, say: Say): string | undefined {
  const at = key?.range?.[0] ?? 0;
  if (!isScalar(key) || key.value === null || key.value === '') {
    say(at, 'The key of a mapping must be a name.', 'Braces in plain text need quotes around them.');
    return undefined;
  }
  if (key.anchor) say(at, ALIASES);
  const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
  if (name === '<<') say(at, 'Merge keys (`<<`) are not part of the definition language.', 'Write the keys out.');
  else if (UNUSABLE.has(name)) say(at, `\`${name}\` cannot be used as a name.`);
  else return name;
  return undefined;
}

function plainScalar(node: Scalar, at: number, say: Say): unknown {
  const { value } = node;
  if (typeof value === 'number' && !PLAIN_NUMBER.test(node.source ?? '')) {
    say(at, `\`${node.source}\` is not a plain decimal number.`, 'If it is meant as text, put it in quotes.');
  }
  if (typeof value === 'string' && CONTROL.test(value)) say(at, 'The text holds a control character.');
  return typeof value === 'bigint' ? Number(value) : value;
}
