/** The filters that a mail may use, and whether something is left to read when there is no value. */
import { TypeGuards, type Value } from 'liquidjs';
import { DATE_CALENDARS, DATE_STYLES, isCurrency } from '../../functions/lead/mail-formats.ts';
import { isZone } from '../../functions/lead/zone.ts';
import type { Fault } from './source.ts';

type Filter = Value['filters'][number];
type Argument = Filter['args'][number];

/** Nothing stays nothing. `date` and `money` make nothing of what is no date and no number. */
const KEEP_NOTHING = [
  ...['capitalize', 'downcase', 'upcase', 'strip', 'lstrip', 'rstrip', 'remove', 'remove_first'],
  ...['truncate', 'truncatewords', 'url_encode', 'date', 'money'],
];
/** These make a piece of a sentence of nothing, or a number. */
const CHANGE_NOTHING = [
  ...['append', 'prepend', 'size', 'replace', 'replace_first'],
  ...['abs', 'at_least', 'at_most', 'ceil', 'floor', 'round', 'plus', 'minus', 'times', 'divided_by', 'modulo'],
];
/** These give words where there is no value. */
const FILLERS = ['default', 'greeting'];

/** Left out of Liquid's own: those for lists, which a mail has none of, and `raw`, which lets HTML through. */
export const FILTERS = [...FILLERS, ...KEEP_NOTHING, ...CHANGE_NOTHING];

/** Whether a value that may be missing is filled in, before anything is made of the gap and after a date or an amount. */
export function isFilled(filters: Filter[]): boolean {
  let filled = false;
  for (const { name } of filters) {
    if (FILLERS.includes(name)) filled = true;
    else if (name === 'date' || name === 'money') filled = false;
    else if (!filled && CHANGE_NOTHING.includes(name)) return false;
  }
  return filled;
}

/** Whether a date or an amount is made of what may be none, and nothing is said to be written then, or too late. */
export const mayComeToNothing = (filters: Filter[]): boolean => {
  const last = filters.findLastIndex(({ name }) => name === 'date' || name === 'money');
  const after = filters.slice(last + 1);
  const filler = after.findIndex(({ name }) => FILLERS.includes(name));
  const gap = filler < 0 ? after : after.slice(0, filler);
  return last >= 0 && (filler < 0 || gap.some(({ name }) => CHANGE_NOTHING.includes(name)));
};

/** What is wrong with what is written behind the colon of a filter. */
export function argumentFaults({ name, args }: Filter): Fault[] {
  if (name === 'default' && literal(args[0])?.trim() === '') {
    return [
      {
        message: 'The default is empty: a gap would be read.',
        hint: 'Write words, or put the sentence into `{% if … %}`.',
      },
    ];
  }
  if (name === 'money') return moneyFaults(args);
  return name === 'date' ? args.flatMap(dateFaults) : [];
}

function moneyFaults(args: Argument[]): Fault[] {
  const hint = 'Write it with its currency: `| money: "VND"`.';
  if (args.length !== 1) return [{ message: 'An amount needs a currency.', hint }];
  const currency = literal(args[0]);
  if (currency === undefined || isCurrency(currency)) return [];
  return [{ message: `There is no currency \`${currency}\`.`, hint }];
}

function dateFaults(argument: Argument): Fault[] {
  const key = Array.isArray(argument) ? (argument[0] ?? 'style') : 'style';
  const value = literal(argument);
  const allowed: Record<string, readonly string[]> = {
    style: DATE_STYLES,
    time: DATE_STYLES,
    calendar: DATE_CALENDARS,
  };
  if (key === 'zone') {
    const hint = 'Write it like `zone: "Asia/Bangkok"`.';
    return value === undefined || isZone(value) ? [] : [{ message: `There is no time zone \`${value}\`.`, hint }];
  }
  const words = allowed[key];
  if (!words)
    return [{ message: `A date has no \`${key}\`.`, hint: 'It has a style, `time:`, `calendar:` and `zone:`.' }];
  if (value === undefined || words.includes(value)) return [];
  return [{ message: `A date cannot be written \`${value}\`.`, hint: `One of ${words.join(', ')}.` }];
}

/** The text of an argument that is written in quotes. */
function literal(argument: Argument | undefined): string | undefined {
  const token = Array.isArray(argument) ? argument[1] : argument;
  return token !== undefined && TypeGuards.isQuotedToken(token) ? token.content : undefined;
}
