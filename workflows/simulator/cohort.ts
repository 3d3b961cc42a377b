/** A cohort of leads, simulated one by one and counted. Sums of whole numbers: however the leads are dealt out, the same. */
import { STAGES, type Stage } from '../../functions/definition/scoring.ts';
import type { Instant } from '../../functions/lead/event.ts';
import { answersFor, type Cohort, cohortPerson } from './cohort-person.ts';
import { after } from './deeds.ts';
import { live } from './live.ts';
import { formFor } from './posting.ts';
import { createChance } from './random.ts';
import type { Rates } from './rates.ts';
import type { Entry, Simulated } from './run.ts';

export interface CohortSpec {
  leads: number;
  /** Leads arrive over so many days, any hour as likely as any other. */
  arrivalDays: number;
  /** Counted from the start; what happens later is not looked at. */
  days: number;
  /** Where day 0 begins. */
  start: Instant;
  seed: string;
  /** The form that they send. */
  form?: string | undefined;
  rates: Rates;
}

/** Counts by day (0 is the first) or week; every one is a sum over leads. */
export interface Counts {
  leads: number;
  /** By mail, then by day. */
  mails: Record<string, number[]>;
  /** By stage, then by day: how many leads entered it less those that left it. */
  stages: Record<string, number[]>;
  /** By week: handed over by score, and by a hand-raise. */
  handoffs: { score: number[]; handRaise: number[] };
  /** How enrolments ended, by workflow and reason. */
  ended: Record<string, number>;
  /** Mails that a step left out, by reason. */
  skipped: Record<string, number>;
  /** Mails that were put off, by reason. */
  held: Record<string, number>;
  used: { starts: number; transitions: number; events: number; mails: number; steps: Record<string, number> };
}

export const noCounts = (): Counts => ({
  leads: 0,
  mails: {},
  stages: {},
  handoffs: { score: [], handRaise: [] },
  ended: {},
  skipped: {},
  held: {},
  used: { starts: 0, transitions: 0, events: 0, mails: 0, steps: {} },
});

const DAY_MS = 86_400_000;

/** Simulates the leads from `from` to before `to` and adds them to the counts. */
export function simulateLeads(definition: Simulated, spec: CohortSpec, from: number, to: number, counts: Counts): void {
  const { rules } = definition;
  const form = spec.form === undefined ? formFor(rules) : rules.forms[spec.form];
  if (!form) throw new Error(spec.form === undefined ? 'There is no form.' : `There is no form ${spec.form}.`);
  const cohort: Cohort = { definition, form, rates: spec.rates, answers: answersFor(form, rules.scoring, spec.rates) };
  const end = after(spec.start, spec.days * DAY_MS);
  for (let nth = from; nth < to; nth++) {
    const chance = createChance(spec.seed, nth);
    const at = after(spec.start, Math.floor(chance.next() * spec.arrivalDays * DAY_MS));
    const person = cohortPerson(cohort, nth, at, end, chance);
    addOne(counts.stages, 'lead', dayOf(at, spec.start), 1);
    const lived = live(definition, person, end, (entry) => count(counts, entry, spec.start));
    counts.leads += 1;
    addUsed(counts.used, lived.counts);
  }
}

const dayOf = (at: Instant, start: Instant): number => Math.floor((Date.parse(at) - Date.parse(start)) / DAY_MS);

const addAt = (list: number[], place: number, by = 1): void => {
  while (list.length <= place) list.push(0);
  list[place] = (list[place] ?? 0) + by;
};

function addOne(lists: Record<string, number[]>, name: string, place: number, by: number): void {
  const list = lists[name] ?? [];
  lists[name] = list;
  addAt(list, place, by);
}

const addTo = (sums: Record<string, number>, name: string, by = 1): void => {
  sums[name] = (sums[name] ?? 0) + by;
};

function count(counts: Counts, entry: Entry, start: Instant): void {
  const day = dayOf(entry.at, start);
  switch (entry.what) {
    case 'mail':
      addOne(counts.mails, entry.email, day, 1);
      counts.used.mails += 1;
      // That it was delivered is an event too.
      counts.used.events += 1;
      break;
    case 'stage':
      addOne(counts.stages, entry.from, day, -1);
      addOne(counts.stages, entry.to, day, 1);
      break;
    case 'handoff':
      if (entry.to === 'pending')
        addAt(entry.handRaise ? counts.handoffs.handRaise : counts.handoffs.score, Math.floor(day / 7));
      break;
    case 'ended':
      addTo(counts.ended, `${entry.workflow}: ${entry.why ?? 'finished'}`);
      break;
    case 'skipped':
      addTo(counts.skipped, entry.why ?? '');
      break;
    case 'held':
      addTo(counts.held, entry.why ?? '');
      break;
    default:
      break;
  }
}

function addUsed(
  used: Counts['used'],
  more: { starts: number; transitions: number; events: number; steps: Record<string, number> },
): void {
  used.starts += more.starts;
  used.transitions += more.transitions;
  used.events += more.events;
  for (const [kind, steps] of Object.entries(more.steps)) addTo(used.steps, kind, steps);
}

const addLists = (sums: number[], more: number[]): void => {
  for (const [place, value] of more.entries()) addAt(sums, place, value);
};

/** Adds one part's counts to the whole. */
export function addCounts(whole: Counts, part: Counts): void {
  whole.leads += part.leads;
  for (const key of ['mails', 'stages'] as const) {
    for (const [name, list] of Object.entries(part[key])) {
      const sums = whole[key][name] ?? [];
      whole[key][name] = sums;
      addLists(sums, list);
    }
  }
  addLists(whole.handoffs.score, part.handoffs.score);
  addLists(whole.handoffs.handRaise, part.handoffs.handRaise);
  for (const key of ['ended', 'skipped', 'held'] as const) {
    for (const [name, sum] of Object.entries(part[key])) addTo(whole[key], name, sum);
  }
  whole.used.mails += part.used.mails;
  addUsed(whole.used, part.used);
}

/** Leads in each stage at the end of each day, from what entered and left. */
export function stagesByDay(counts: Counts, days: number): Record<Stage, number[]> {
  const series = STAGES.map((stage): [Stage, number[]] => {
    const changes = counts.stages[stage] ?? [];
    let sum = 0;
    return [stage, Array.from({ length: days }, (_, day) => (sum += changes[day] ?? 0))];
  });
  return Object.fromEntries(series) as Record<Stage, number[]>;
}
