/** What a marketer would call a step. Titles become names of states, so they are unique and of plain characters. */
import type { Step } from '../../functions/definition/workflow.ts';
import { durationText } from './duration.ts';
import { isMapping } from './source.ts';
import type { AwaitedFile, StepFile, UntilFile } from './step-shape.ts';

/** A state's name has 80 characters at most; "Branch (…)" and " (12)" need their share. */
const LONGEST = 64;
/** The time of the day where a wait names none. */
export const DEFAULT_AT = '09:00';
const VERBS: Record<string, string> = {
  'email.clicked': 'click on',
  'email.opened': 'opening of',
  'email.replied': 'reply to',
};

/** `wait`: the duration as it is written. */
export function stepTitle(file: StepFile, wait: unknown): string {
  if (file.send !== undefined) return `Send ${file.send}`;
  if (file.enrol !== undefined) return `Enrol in ${file.enrol}`;
  if (file.webhook !== undefined) return `Call ${file.webhook}`;
  if (file.waitFor !== undefined) return cut(`Wait for ${awaitedText(file.waitFor)}`);
  if (file.split !== undefined) return cut(`Split into ${file.split.map(variantText).join(' and ')}`);
  if (file.choose === undefined) return notingTitle(file) ?? timeTitle(file.wait, wait);
  const asked = new Set(file.choose.flatMap((branch) => ('when' in branch ? keysOf(branch.when) : [])));
  return cut(asked.size === 0 ? 'Choose' : `Choose by ${[...asked].join(' and ')}`);
}

function notingTitle({ set, tag, untag }: StepFile): string | undefined {
  if (set) return cut(`Set ${Object.keys(set).join(' and ')}`);
  if (tag) return cut(`Tag ${tag.join(' and ')}`);
  return untag && cut(`Untag ${untag.join(' and ')}`);
}

const timeTitle = (wait: StepFile['wait'], written: unknown): string =>
  typeof wait === 'object' ? cut(`Wait until ${untilText(wait.until)}`) : waitTitle(String(written));

export const waitTitle = (duration: string): string => `Wait ${duration.trim().replaceAll(/\s+/g, ' ')}`;

function untilText(until: UntilFile): string {
  // A colon is not for names of states.
  if ('days' in until) return `${until.days.join(' or ')} ${(until.at ?? DEFAULT_AT).replace(':', '.')}`;
  return until.before === undefined ? until.field : `${durationText(until.before)} before ${until.field}`;
}

type VariantFile = NonNullable<StepFile['split']>[number];
const variantText = (variant: VariantFile): string => ('variant' in variant ? variant.variant : 'hold-out');

function awaitedText(awaited: AwaitedFile): string {
  if ('any' in awaited) return awaited.any.map(awaitedText).join(' or ');
  if ('stage' in awaited) return awaited.stage;
  if (awaited.email === undefined) return awaited.event;
  return `${VERBS[awaited.event] ?? `${awaited.event} of`} ${awaited.email}`;
}

/** The words that a condition asks about. */
function keysOf(condition: unknown): string[] {
  if (Array.isArray(condition)) return condition.flatMap(keysOf);
  if (!isMapping(condition)) return [];
  return Object.entries(condition).flatMap(([key, value]) =>
    ['any', 'all', 'not'].includes(key) ? keysOf(value) : [key],
  );
}

const cut = (text: string): string => (text.length > LONGEST ? text.slice(0, LONGEST).trimEnd() : text);

/** Numbers the titles that stand twice: "Wait 2 days (2)". Changes the steps. */
export function uniqueTitles(steps: Step[]): void {
  const taken = new Set<string>();
  for (const step of steps) {
    let title = step.title;
    for (let count = 2; taken.has(title); count++) title = `${step.title} (${count})`;
    taken.add(title);
    step.title = title;
  }
}
