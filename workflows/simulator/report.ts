/** What a simulated cohort came to, in figures for people and programs. */
import type { Stage } from '../../functions/definition/scoring.ts';
import { type Cost, usedCost } from '../compiler/cost.ts';
import { type CohortSpec, type Counts, stagesByDay } from './cohort.ts';
import { type Rates, STATED } from './rates.ts';
import type { Simulated } from './run.ts';

export interface Report {
  seed: string;
  definition: string;
  leads: number;
  /** The first day, in the workspace's zone: YYYY-MM-DD. */
  from: string;
  days: { day: string; mails: number; byMail: Record<string, number>; stages: Record<Stage, number> }[];
  weeks: { from: string; handoffs: number; byScore: number; byHandRaise: number; capacity?: number }[];
  mails: Record<string, number>;
  ended: Record<string, number>;
  skipped: Record<string, number>;
  held: Record<string, number>;
  cost: Cost;
  rates: { name: string; value: unknown; about: string; source: string }[];
}

const DAY_MS = 86_400_000;

/** The report of the counts. Days without anything stand too. */
export function reportOf({ rules }: Simulated, spec: CohortSpec, counts: Counts): Report {
  const first = Date.parse(spec.start);
  const dayOf = (day: number): string =>
    new Intl.DateTimeFormat('sv-SE', { timeZone: rules.settings.zone }).format(
      new Date(first + day * DAY_MS + DAY_MS / 2),
    );
  const stages = stagesByDay(counts, spec.days);
  const capacity = rules.scoring.capacity?.handoffsPerWeek;
  const weeks = Math.ceil(spec.days / 7);
  const sum = (list: number[] | undefined): number => (list ?? []).reduce((a, b) => a + b, 0);
  return {
    seed: spec.seed,
    definition: rules.hash,
    leads: counts.leads,
    from: dayOf(0),
    days: Array.from({ length: spec.days }, (_, day) => {
      const byMail = Object.entries(counts.mails).flatMap(([name, list]): [string, number][] =>
        list[day] ? [[name, list[day]]] : [],
      );
      const now = Object.entries(stages).map(([stage, list]) => [stage, list[day] ?? 0]);
      return {
        day: dayOf(day),
        mails: sum(byMail.map(([, number]) => number)),
        byMail: Object.fromEntries(byMail),
        stages: Object.fromEntries(now) as Record<Stage, number>,
      };
    }),
    weeks: Array.from({ length: weeks }, (_, week) => {
      const [byScore, byHandRaise] = [counts.handoffs.score[week] ?? 0, counts.handoffs.handRaise[week] ?? 0];
      const room = capacity === undefined ? {} : { capacity };
      return { from: dayOf(week * 7), handoffs: byScore + byHandRaise, byScore, byHandRaise, ...room };
    }),
    mails: sorted(Object.fromEntries(Object.entries(counts.mails).map(([name, list]) => [name, sum(list)]))),
    ended: sorted(counts.ended),
    skipped: sorted(counts.skipped),
    held: sorted(counts.held),
    cost: usedCost(counts.used),
    rates: ratesTold(spec.rates),
  };
}

/** The most frequent first; of equals by name, so that the order never depends on chance. */
const sorted = (sums: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(sums).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)));

const ratesTold = (rates: Rates): Report['rates'] =>
  Object.entries(STATED).map(([name, { value, about, source }]) => {
    const used = Object.entries(rates).find(([key]) => key === name)?.[1];
    const own = JSON.stringify(used) !== JSON.stringify(value);
    return { name, value: used, about, source: own ? 'your rates file' : source };
  });

/** The report for a terminal. */
export function reportText(report: Report): string {
  const { leads, mails, weeks, cost, held, skipped, ended, days, seed } = report;
  const last = days.at(-1);
  const capacity = weeks.find((week) => week.capacity !== undefined)?.capacity;
  const over = weeks.filter((week) => capacity !== undefined && week.handoffs > capacity).length;
  const room =
    capacity === undefined ? '' : `; room for ${capacity} a week, too few in ${over} of ${weeks.length} weeks`;
  const total = weeks.reduce((sum, { handoffs }) => sum + handoffs, 0);
  return [
    `${leads.toLocaleString('en')} leads over ${days.length} days (seed ${seed})`,
    ...table('Mails', mails),
    ...table('Stages at the end', last?.stages ?? {}),
    `Handoffs: ${total}${room}`,
    ...table('Ended', ended),
    ...table('Put off', held),
    ...table('Left out', skipped),
    `Cost: $${cost.total.toFixed(2)} (SES $${cost.dollars.ses.toFixed(2)}, all else $${(cost.total - cost.dollars.ses).toFixed(2)})`,
  ].join('\n');
}

const table = (title: string, sums: Record<string, number>): string[] => {
  const rows = Object.entries(sums).filter(([, sum]) => sum > 0);
  return rows.length === 0 ? [] : [title, ...rows.map(([name, sum]) => `  ${String(sum).padStart(8)}  ${name}`)];
};
