/** Checks the Liquid of a mail: what it may read, and that nothing which may be missing is printed bare. */
import {
  CaptureTag,
  IfTag,
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
import { argumentFaults, FILTERS, isFilled, mayComeToNothing } from './liquid-filters.ts';
import type { Fault } from './source.ts';

/** Offset in the checked text, and what is wrong there. */
export interface LiquidFault extends Fault {
  at: number;
}

/** Every variable that a mail may read, by its path: whether it is always there. */
export type Variables = ReadonlyMap<string, 'there' | 'may be missing'>;

const TAGS = ['if', 'unless', 'case', 'assign', 'capture', 'comment', 'raw', '#'];
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
    if (template instanceof IfTag) checkBranches(template, check);
    else if (template.children) checkTemplates(childrenOf(template), inner(template, check));
  }
}

/** What is made in a branch is not there after it: the lead may have gone by another. */
const inner = (template: Template, check: Check): Check =>
  template instanceof CaptureTag ? check : { ...check, own: new Set(check.own) };

/** Under `{% if lead.size %}` there is a size. */
function checkBranches({ branches, elseTemplates = [] }: IfTag, check: Check): void {
  for (const { value, templates } of branches) {
    const there = askedFor(value).map((path) => [path, 'there'] as const);
    checkTemplates(templates, {
      ...check,
      own: new Set(check.own),
      variables: new Map([...check.variables, ...there]),
    });
  }
  checkTemplates(elseTemplates, { ...check, own: new Set(check.own) });
}

/** The variables that a condition asks for by their names alone, all of which must be there: `a and b`. */
function askedFor({ initial, filters }: Value): string[] {
  const names = initial.postfix.filter((token) => TypeGuards.isPropertyAccessToken(token));
  const others = initial.postfix.filter((token) => !TypeGuards.isPropertyAccessToken(token));
  return filters.length === 0 && others.every((token) => token.getText() === 'and') ? names.map(pathOf) : [];
}

function childrenOf(template: Template): Template[] {
  const children: unknown = template.children ? toValueSync(template.children(false, true)) : [];
  return Array.isArray(children) ? children : [];
}

/** `prints`: the value itself ends up in the mail, so that it must be there or be filled in. */
function checkValue(value: Value, prints: boolean, at: number, check: Check): void {
  const unknown = value.filters.some(({ name }) => !FILTERS.includes(name));
  const filled = unknown || isFilled(value.filters);
  const accesses = value.initial.postfix.filter((token) => TypeGuards.isPropertyAccessToken(token));
  for (const access of accesses) checkVariable(access, prints && !filled, check);
  if (prints && value.initial.postfix.length > 1 && accesses.length === value.initial.postfix.length) {
    check.say({ at, message: 'Two variables stand side by side.', hint: 'Put each into braces of its own.' });
  }
  const [first] = accesses;
  if (prints && first && isThere(first, check) && mayComeToNothing(value.filters)) {
    const message = `\`${pathOf(first)}\` may be no date and no number: say what to write then.`;
    check.say({ at, message, hint: 'Add `| default: "…"` at the end.' });
  }
  for (const filter of value.filters) {
    if (!FILTERS.includes(filter.name)) check.say({ at, ...unknownFilter(filter.name) });
    for (const fault of argumentFaults(filter)) check.say({ at, ...fault });
    for (const each of filter.args.flat())
      if (TypeGuards.isPropertyAccessToken(each)) checkVariable(each, prints, check);
  }
}

const isThere = (token: PropertyAccessToken, { variables, own }: Check): boolean =>
  own.has(pathOf(token)) || variables.get(pathOf(token)) === 'there';

const unknownFilter = (name: string): Fault => ({
  message: `There is no filter \`${name}\` in a mail.`,
  nearest: nearest(name, FILTERS),
  hint: `Filters: ${FILTERS.join(', ')}.`,
});

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
