/** The funnel: of the leads that came in a time, how many have reached each stage, and how long that took. */
import type { Stage } from '../definition/scoring.ts';
import type { Lead } from './lead.ts';

/** What leads can be told apart by: where they stand, came from, went through, and the definition that judged them last. */
export const FUNNEL_BY = ['stage', 'source', 'workflow', 'version'] as const;
export type FunnelBy = (typeof FUNNEL_BY)[number];

/** In order: who has reached one has passed those before it. */
const WAY = ['iql', 'mql', 'sql', 'customer'] as const satisfies readonly Stage[];

type Counted = Pick<Lead, 'createdAt' | 'stage' | 'stageSince' | 'reached' | 'source' | 'enrolments' | 'definition'>;

export interface Reached {
  leads: number;
  /** Of those who reached the stage before (of all, for the first): 0 to 1, three decimals; undefined where there are none. */
  conversion?: number;
  /** The median from the lead's making, one decimal. */
  days?: number;
}

export interface FunnelRow {
  /** The stage, source, workflow or version; a lead in several workflows counts in each. */
  key: string;
  leads: number;
  reached: Record<(typeof WAY)[number], Reached>;
}

const keysOf: Record<FunnelBy, (lead: Counted) => string[]> = {
  stage: ({ stage }) => [stage],
  source: ({ source }) => [source.first?.channel ?? 'unknown'],
  workflow: ({ enrolments }) => {
    const names = Object.keys(enrolments);
    return names.length > 0 ? names : ['none'];
  },
  version: ({ definition }) => [definition],
};

/** When a lead first reached a stage or one beyond it; undefined: not yet. Ms since the epoch. */
const reachedAt = (lead: Counted, stage: (typeof WAY)[number]): number | undefined => {
  // A lead of before this was noted: where it stands says as much.
  const noted = { [lead.stage]: lead.stageSince, ...lead.reached };
  const times = WAY.slice(WAY.indexOf(stage)).flatMap((each) => noted[each] ?? []);
  return times.length > 0 ? Math.min(...times.map((at) => Date.parse(at))) : undefined;
};

const median = (sorted: number[]): number | undefined => {
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  return low === undefined || high === undefined ? undefined : (low + high) / 2;
};

const rounded = (value: number, decimals: number): number => Number(value.toFixed(decimals));

const DAY = 86_400_000;

const reachedBy = (leads: readonly Counted[]): FunnelRow['reached'] => {
  let before = leads.length;
  const entries = WAY.map((stage) => {
    const took = leads.flatMap((lead) => {
      const at = reachedAt(lead, stage);
      return at === undefined ? [] : [Math.max(0, at - Date.parse(lead.createdAt)) / DAY];
    });
    const days = median(took.sort((a, b) => a - b));
    const of = before;
    before = took.length;
    const reached: Reached = {
      leads: took.length,
      ...(of > 0 && { conversion: rounded(took.length / of, 3) }),
      ...(days !== undefined && { days: rounded(days, 1) }),
    };
    return [stage, reached] as const;
  });
  return Object.fromEntries(entries) as FunnelRow['reached'];
};

/** One row for each key, the largest first; of as many leads, by name. */
export const funnelOf = (leads: readonly Counted[], by: FunnelBy): FunnelRow[] => {
  const groups = new Map<string, Counted[]>();
  for (const lead of leads) {
    for (const key of keysOf[by](lead)) {
      const group = groups.get(key);
      if (group) group.push(lead);
      else groups.set(key, [lead]);
    }
  }
  return [...groups]
    .map(([key, own]) => ({ key, leads: own.length, reached: reachedBy(own) }))
    .sort((a, b) => b.leads - a.leads || (a.key < b.key ? -1 : 1));
};
