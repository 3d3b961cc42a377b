/** Checks the Liquid of a mail: what it may read, and that nothing which may be missing is printed bare. */
import {
  Liquid,
  LiquidError,
  Output,
  type PropertyAccessToken,
  type Template,
  TypeGuards,
  toValueSync,
  Value,
} from 'liquidjs';
import { nearest } from '../../functions/lead/nearest.ts';
import type { Fault } from './source.ts';

/** Offset in the checked text, and what is wrong there. */
export interface LiquidFault extends Fault {
  at: number;
}

/** Every variable that a mail may read, by its path: whether it is always there. */
export type Variables = ReadonlyMap<string, 'there' | 'may be missing'>;

const TAGS = ['if', 'unless', 'case', 'assign', 'capture', 'comment', 'raw', '#'];
/** Filters of texts and numbers. Left out: those for lists, which a mail has none of, and `raw`, which lets HTML through. */
const FILTERS = [
  ...['default', 'append', 'prepend', 'capitalize', 'downcase', 'upcase', 'strip', 'lstrip', 'rstrip', 'size'],
  ...['replace', 'replace_first', 'remove', 'remove_first', 'truncate', 'truncatewords', 'url_encode'],
  ...['abs', 'at_least', 'at_most', 'ceil', 'floor', 'round', 'plus', 'minus', 'times', 'divided_by', 'modulo'],
];
const OWN_FILTERS = ['greeting', 'date', 'money'];
/** These give words where there is no value. */
const FILLERS = ['default', 'greeting'];

const engine = new Liquid({ strictFilters: false, parseLimit: 2_000_000 });
for (const tag of Object.keys(engine.tags)) if (!TAGS.includes(tag)) delete engine.tags[tag];

/** All that is wrong with a text; empty when it will render for every lead. */
export function liquidFaults(text: string, variables: Variables): LiquidFault[] {
  let templates: Template[];
  try {
    templates = engine.parse(text);
  } catch (error) {
    return [parseFault(error, text)];
  }
  const faults: LiquidFault[] = [];
  checkTemplates(templates, { variables, own: new Set(), say: (fault) => faults.push(fault) });
  return faults;
}

function parseFault(error: unknown, text: string): LiquidFault {
  if (!LiquidError.is(error)) return { at: 0, message: 'This is not valid Liquid.' };
  const said = (error.originalError?.message ?? error.message).replace(/, line:\d+, col:\d+$/, '');
  const message = said.replaceAll(/(?:\s|\\n)+/g, ' ').trim();
  const [, tag] = /^tag "(.*)" not found$/.exec(message) ?? [];
  const at = Math.min(error.token.begin, text.length);
  if (tag === undefined) return { at, message: `This is not valid Liquid: ${message}.` };
  const hint = `Tags of a mail: ${TAGS.filter((each) => each !== '#').join(', ')}.`;
  return { at, message: `There is no tag \`${tag}\` in a mail.`, nearest: nearest(tag, TAGS), hint };
}

interface Check {
  variables: Variables;
  /** Names made by `assign` and `capture` so far. */
  own: Set<string>;
  say(fault: LiquidFault): void;
}

function checkTemplates(templates: Template[], check: Check): void {
  for (const template of templates) {
    const prints = template instanceof Output || /^\{%-?\s*assign\b/.test(template.token.getText());
    for (const argument of template.arguments?.() ?? []) {
      if (argument instanceof Value) checkValue(argument, prints, template.token.begin, check);
      else if (TypeGuards.isPropertyAccessToken(argument)) checkVariable(argument, false, check);
    }
    for (const name of template.localScope?.() ?? []) check.own.add(name.getText().replaceAll(/["']/g, ''));
    if (template.children) checkTemplates(childrenOf(template), check);
  }
}

function childrenOf(template: Template): Template[] {
  const children: unknown = template.children ? toValueSync(template.children(false, true)) : [];
  return Array.isArray(children) ? children : [];
}

/** `prints`: the value itself ends up in the mail, so that it must be there or be filled in. */
function checkValue(value: Value, prints: boolean, at: number, check: Check): void {
  const known = [...FILTERS, ...OWN_FILTERS];
  const unknown = value.filters.some(({ name }) => !known.includes(name));
  const filled = unknown || value.filters.some(({ name }) => FILLERS.includes(name));
  const accesses = value.initial.postfix.filter((token) => TypeGuards.isPropertyAccessToken(token));
  for (const access of accesses) checkVariable(access, prints && !filled, check);
  if (prints && value.initial.postfix.length > 1 && accesses.length === value.initial.postfix.length) {
    check.say({ at, message: 'Two variables stand side by side.', hint: 'Put each into braces of its own.' });
  }
  for (const { name, args } of value.filters) {
    if (!known.includes(name)) {
      const hint = `Filters: ${known.join(', ')}.`;
      check.say({ at, message: `There is no filter \`${name}\` in a mail.`, nearest: nearest(name, known), hint });
    }
    for (const each of args.flat()) if (TypeGuards.isPropertyAccessToken(each)) checkVariable(each, prints, check);
  }
}

function checkVariable(token: PropertyAccessToken, mustBeThere: boolean, { variables, own, say }: Check): void {
  const path = pathOf(token);
  const at = token.begin;
  const state = variables.get(path);
  if (own.has(path)) return;
  if (state === undefined) {
    const known = [...variables.keys(), ...own];
    const hint = hintFor(path, known);
    say({ at, message: `There is no variable \`${path}\`.`, nearest: nearest(path, known), hint });
  } else if (mustBeThere && state === 'may be missing') {
    const filter = path === 'lead.name' ? '| greeting' : '| default: "…"';
    const message = `\`${path}\` may be missing: say what to write then.`;
    say({ at, message, hint: `Write \`{{ ${path} ${filter} }}\`.` });
  }
}

function hintFor(path: string, known: string[]): string {
  const root = path.split('.')[0] ?? '';
  const siblings = known.filter((each) => each.startsWith(`${root}.`));
  return siblings.length > 0 ? `Known: ${siblings.join(', ')}.` : `Known: ${known.join(', ')}.`;
}

const pathOf = (token: PropertyAccessToken): string =>
  token.props.map((prop) => prop.getText().replaceAll(/["'[\]]/g, '')).join('.');
