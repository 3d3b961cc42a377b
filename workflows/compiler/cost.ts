/** What a workflow costs, computed from its compiled form and the price table. */
import type { Step, Workflow } from '../../functions/definition/workflow.ts';
import { INVOCATION, PRICES, REACTION, REACTIONS, START, STEP, type Use } from './prices.ts';
import { successors } from './step-graph.ts';

/** Dollars for 1,000 leads that go the way. */
export interface Cost {
  /** Mails that one lead gets; a fraction on average over several ways. */
  mails: number;
  /** State transitions of one execution. */
  transitions: number;
  dollars: { ses: number; stepFunctions: number; lambda: number; dynamodb: number; eventBridge: number; logs: number };
  total: number;
  /** All but SES, divided by SES; undefined for a workflow that mails nothing. */
  infrastructureShare?: number;
}

export interface WorkflowCost {
  workflow: string;
  /** The way that costs most. */
  longest: Cost;
  /** Each branch taken as often as the others. */
  average: Cost;
}

/** Counts along a way, per lead. */
interface Tally extends Use {
  mails: number;
  transitions: number;
}

const NOTHING: Tally = { lambda: 0, writes: 0, reads: 0, busEvents: 0, mails: 0, transitions: 0 };
const KEYS = ['lambda', 'writes', 'reads', 'busEvents', 'mails', 'transitions'] as const;

const sum = (...tallies: Partial<Tally>[]): Tally => {
  const total = { ...NOTHING };
  for (const key of KEYS) for (const tally of tallies) total[key] += tally[key] ?? 0;
  return total;
};
const scale = (tally: Partial<Tally>, factor: number): Tally => {
  const scaled = { ...NOTHING };
  for (const key of KEYS) scaled[key] = (tally[key] ?? 0) * factor;
  return scaled;
};

/** The cost of each workflow, for 1,000 leads each. Holds and retries are rare and left out. */
export function workflowCost(workflow: Workflow): WorkflowCost {
  // The start of the execution, its state "Start" and its end are transitions too.
  const start = sum(START, { transitions: 2 });
  const longest = along(workflow, (ways) => ways.reduce((a, b) => (dollars(a).total >= dollars(b).total ? a : b)));
  const average = along(workflow, (ways) => sum(...ways.map((way) => scale(way, 1 / ways.length))));
  return { workflow: workflow.name, longest: dollars(sum(start, longest)), average: dollars(sum(start, average)) };
}

/** Sums up the steps from the first on; `choose` makes one tally out of those of the ways on. */
function along(workflow: Workflow, choose: (ways: Tally[]) => Tally): Tally {
  const known = new Map<string, Tally>();
  const from = (id: string | null): Tally => {
    const step = id === null ? undefined : workflow.steps[id];
    if (!step || id === null) return NOTHING;
    const found = known.get(id) ?? sum(useOf(step), choose(waysOf(step).map(({ to, use }) => sum(use, from(to)))));
    known.set(id, found);
    return found;
  };
  return from(workflow.first);
}

/** Where a step leads, once for each outcome, and what that outcome alone costs. */
function waysOf(step: Step): { to: string | null; use: Partial<Tally> }[] {
  if (step.kind === 'waitFor') {
    // The deadline passes through one look at the lead.
    return [
      { to: step.then, use: {} },
      { to: step.otherwise, use: { transitions: 1 } },
    ];
  }
  if (step.kind === 'split') return step.variants.map(({ go }) => ({ to: go, use: {} }));
  if (step.kind !== 'choose') return [{ to: step.next, use: {} }];
  const hasOtherwise = step.branches.some(({ when }) => when === undefined);
  const ways = [...step.branches.map(({ go }) => go), ...(hasOtherwise ? [] : [step.next])];
  return ways.map((to) => ({ to, use: {} }));
}

function useOf(step: Step): Tally {
  // Several ways on need a Choice.
  const branches = successors(step).length > 1 ? 1 : 0;
  const mail = step.kind === 'send' ? sum(REACTIONS, { mails: 1 }) : NOTHING;
  return sum(STEP[step.kind], { transitions: 1 + branches }, mail);
}

/** What was used, counted: of a simulated cohort, say. */
export function usedCost(
  used: { steps: Partial<Record<Step['kind'], number>> } & Record<
    'starts' | 'transitions' | 'mails' | 'events',
    number
  >,
): Cost {
  const steps = Object.entries(STEP).map(([kind, use]) => scale(use, used.steps[kind as Step['kind']] ?? 0));
  const reactions = scale(REACTION, used.events);
  const tally = sum(...steps, scale(START, used.starts), reactions, {
    mails: used.mails,
    transitions: used.transitions,
  });
  return dollars(tally, 1);
}

function dollars(tally: Tally, leads = 1000): Cost {
  const { lambdaRequest, lambdaGbSecond, writeUnit, readUnit, busEvent, sesMail, transition, logGb } = PRICES;
  const parts = {
    ses: leads * tally.mails * sesMail,
    stepFunctions: leads * tally.transitions * transition,
    lambda: leads * tally.lambda * (lambdaRequest + INVOCATION.gbSeconds * lambdaGbSecond),
    dynamodb: leads * (tally.writes * writeUnit + tally.reads * readUnit),
    eventBridge: leads * tally.busEvents * busEvent,
    logs: leads * tally.lambda * INVOCATION.logGb * logGb,
  };
  const total = Object.values(parts).reduce((a, b) => a + b, 0);
  const share = parts.ses > 0 ? { infrastructureShare: (total - parts.ses) / parts.ses } : {};
  return { mails: tally.mails, transitions: tally.transitions, dollars: parts, total, ...share };
}
