/**
 * Liquid in a compiled email becomes the mail of one lead. Markup in values is escaped in the HTML part; the subject
 * and the text part are plain. A variable that does not exist is an error, so that nobody reads "Hello ,".
 */
import { Liquid, LiquidError, type Template } from 'liquidjs';
import type { Email } from '../definition/settings.ts';
import { greeting } from './greeting.ts';
import { type DateForm, dateText, moneyText } from './mail-formats.ts';
import { oneLine } from './mail-header.ts';
import type { MailVariables } from './mail-variables.ts';

export interface RenderedMail {
  subject: string;
  html: string;
  text: string;
}

interface Parsed {
  /** What was parsed: a mail that was mended under the same version is parsed anew. */
  email: Email;
  subject: Template[];
  html: Template[];
  text: Template[];
}

// Values of people and templates of marketers: neither may read a file, nor run long.
const LIMITS = { parseLimit: 2_000_000, renderLimit: 2000, memoryLimit: 50_000_000 };
const NO_FILES = { templates: {} };
const STRICT = { strictVariables: true, strictFilters: true, lenientIf: true, ownPropertyOnly: true };

const engines = new Map<string, Liquid>();
const parsed = new Map<string, Parsed>();
// A definition has tens of mails; a warm function that outlives many publications starts its cache anew.
const KEEP = 500;

/** The engine of one language and kind of part; its filters write in that language. */
function engineFor(language: string, kind: 'html' | 'text'): Liquid {
  const key = `${kind} ${language}`;
  const known = engines.get(key);
  if (known) return known;
  const escaping = kind === 'html' ? { outputEscape: 'escape' as const } : {};
  const engine = new Liquid({ ...STRICT, ...LIMITS, ...NO_FILES, ...escaping });
  engine.registerFilter('greeting', (name: unknown) => greeting(typeof name === 'string' ? name : '', language));
  engine.registerFilter('date', function (value: unknown, ...args: unknown[]) {
    return dateText(value, language, dateForm(args), String(this.context.getSync(['company', 'zone'])));
  });
  engine.registerFilter('money', (value: unknown, currency: unknown) => moneyText(value, language, currency));
  engines.set(key, engine);
  return engine;
}

/** `date: "short", calendar: "gregory"`: a word alone is the style, words with a name are pairs. */
function dateForm(args: unknown[]): DateForm {
  const named = args.filter((arg) => Array.isArray(arg)).map(([name, value]) => [String(name), value]);
  return { style: args.find((arg) => !Array.isArray(arg)), ...Object.fromEntries(named) };
}

const isSame = (a: Email, b: Email): boolean => a.html === b.html && a.text === b.text && a.subject === b.subject;

function parse(definition: string, email: Email): Parsed {
  const key = `${definition} ${email.name} ${email.language}`;
  const known = parsed.get(key);
  if (known && isSame(known.email, email)) return known;
  if (parsed.size >= KEEP) parsed.clear();
  const text = engineFor(email.language, 'text');
  const made = {
    email,
    subject: text.parse(email.subject),
    html: engineFor(email.language, 'html').parse(email.html),
    text: text.parse(email.text),
  };
  parsed.set(key, made);
  return made;
}

/**
 * The mail as one lead gets it.
 * @param definition the hash that the email is of: the key of the cache of parsed templates.
 * @throws ParseError, UndefinedVariableError and the like of liquidjs for a template that does not hold; the
 * messages quote the template, never a value.
 */
export function renderEmail(definition: string, email: Email, variables: MailVariables): RenderedMail {
  const templates = parse(definition, email);
  const scope = { ...variables };
  const text = engineFor(email.language, 'text');
  return {
    subject: oneLine(text.renderSync(templates.subject, scope)),
    html: engineFor(email.language, 'html').renderSync(templates.html, scope),
    text: text.renderSync(templates.text, scope),
  };
}

/** Whether a mail could not be rendered because of what its template says. */
export const isFaultOfTemplate = (error: unknown): boolean => LiquidError.is(error);
