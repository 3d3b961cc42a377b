/** A workflow in a marketer's words: conditions, triggers, goals and rules, as pictures and pages say them. */
import type { Condition, Scalar, Test } from '../definition/condition.ts';
import type { Weekday } from '../definition/handoff.ts';
import type { Again, Awaited, Exit, SendRules, Until, Workflow } from '../definition/workflow.ts';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const;

/** A duration in the largest unit that measures it whole, days at most: "14 days". @param ms milliseconds */
export function durationWords(ms: number): string {
  const [unit, length] = UNITS.find(([, each]) => ms >= each && ms % each === 0) ?? ['second', 1000];
  const count = Math.round(ms / length);
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

const oneOf = (values: readonly Scalar[]): string => values.map(String).join(' or ');

function testWords(test: Test): string {
  if ('oneOf' in test) return `is ${oneOf(test.oneOf)}`;
  const signs = { '>=': '≥', '<=': '≤', '!=': '≠' } as const;
  return `${signs[test.compare as keyof typeof signs] ?? test.compare} ${test.than}`;
}

/** A condition as one would say it: "problem is payroll and fit ≥ 50". */
export function conditionWords(condition: Condition): string {
  switch (condition.kind) {
    case 'any':
    case 'all':
      return condition.of.map(inWords).join(condition.kind === 'any' ? ' or ' : ' and ');
    case 'not':
      return `not ${inWords(condition.of)}`;
    case 'field':
      return `${condition.field} ${testWords(condition.test)}`;
    case 'property':
      return `${condition.property} ${testWords(condition.test)}`;
    case 'consent':
      return `consent to ${condition.purpose}`;
    case 'tag':
      return `tagged ${condition.tags.join(' or ')}`;
    case 'emailDomain':
      return `email domain in ${condition.lists.join(' or ')}`;
    case 'handRaise':
      return condition.is ? 'asks for sales' : 'does not ask for sales';
    case 'handoff':
      return `sales answers ${testWords(condition.test).replace(/^is /, '')}`;
    default:
      return `${condition.kind} ${testWords(condition.test)}`;
  }
}

/** A part of a larger condition: in brackets where "or" and "and" could be read two ways. */
const inWords = (condition: Condition): string =>
  'of' in condition && condition.kind !== 'not' && condition.of.length > 1
    ? `(${conditionWords(condition)})`
    : conditionWords(condition);

const whereWords = (where: Condition | undefined): string => (where ? ` where ${conditionWords(where)}` : '');

/** What a step waits for. */
export function awaitedWords(awaited: Awaited): string {
  if ('any' in awaited) return awaited.any.map(awaitedWords).join(', or ');
  if ('stage' in awaited) return `stage ${awaited.stage} is reached`;
  return `${awaited.event}${awaited.email === undefined ? '' : ` of ${awaited.email}`}${whereWords(awaited.where)}`;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** "mon–fri", "tue, thu". */
function dayWords(days: readonly Weekday[]): string {
  const places = days.map((day) => DAYS.indexOf(day)).sort((a, b) => a - b);
  const [first = 0, last = 0] = [places[0], places.at(-1)];
  const isRun = places.length > 2 && last - first === places.length - 1;
  return isRun ? `${DAYS[first]}–${DAYS[last]}` : places.map((place) => DAYS[place]).join(', ');
}

const zoneWords = (zone: string): string => (zone === 'lead' ? "the lead's time" : zone);

/** Until when a step waits. */
export function untilWords(until: Until): string {
  if ('days' in until) return `${dayWords(until.days)} at ${until.at} (${zoneWords(until.zone)})`;
  const before = until.before === undefined ? '' : `${durationWords(until.before)} before `;
  return `${before}the day in ${until.field}, at ${until.at} (${zoneWords(until.zone)})`;
}

function againWords(again: Again): string {
  if (again === 'never') return 'once';
  return again === 'always' ? 'as often as it happens' : `again ${durationWords(again.after)} after the last one`;
}

/** What enrols a lead, and how often. */
export function triggerWords({ enrol }: Workflow): string {
  const again = againWords(enrol.again);
  if (enrol.on === 'stage') return `Entering stage ${enrol.stage}, ${again}`;
  if (enrol.on === 'call') return `Another workflow or an answer of sales, ${again}`;
  return `${enrol.event}${whereWords(enrol.where)}, ${again}`;
}

/** What ends an enrolment before its last step, one line each. */
export function endWords({ goal, exits = [], keepAt }: Workflow): string[] {
  return [
    // Of a goal a stage means "reached or passed".
    ...(goal ? [`Goal: ${conditionWords(goal)}${goal.kind === 'stage' ? ', or a later one' : ''}`] : []),
    ...exits.map(exitWords),
    ...(keepAt.length > 0 ? [`Stays in at stage ${keepAt.join(', ')}`] : []),
  ];
}

function exitWords(exit: Exit): string {
  const when = 'on' in exit ? `${exit.on}${whereWords(exit.where)}` : conditionWords(exit.when);
  return `Exit (${exit.reason}): ${when}`;
}

/** When mail may go out and how much of it; empty without rules. */
export function sendWords(send: SendRules | undefined): string {
  const { window, cap } = send ?? {};
  const caps = [
    ...(cap?.perDay === undefined ? [] : [`${cap.perDay} a day`]),
    ...(cap?.perWeek === undefined ? [] : [`${cap.perWeek} a week`]),
  ];
  const parts = [
    ...(window && send ? [`${dayWords(window.days)} ${window.from}–${window.to} (${zoneWords(send.zone)})`] : []),
    ...(caps.length > 0 ? [`at most ${caps.join(' and ')}`] : []),
  ];
  return parts.length > 0 ? `Mail: ${parts.join(', ')}` : '';
}
