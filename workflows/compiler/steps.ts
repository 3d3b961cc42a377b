/** Flattens nested steps into a graph in reading order, and checks what each step names. */
import type { Step } from '../../functions/definition/workflow.ts';
import { type Lists, makeStep } from './make-step.ts';
import type { Names } from './names.ts';
import { below, fail, type Spot, warn } from './source.ts';
import type { AwaitedFile, BranchFile, StepFile, VariantFile } from './step-shape.ts';

export interface FlatSteps {
  first: string | null;
  /** In reading order; `next` names what follows, across the ends of branches. */
  steps: Record<string, Step>;
  /** Where each step is written. */
  spots: Map<string, Spot>;
}

/** A step with its id, before it is known what follows. */
interface Planned {
  id: string;
  file: StepFile;
  spot: Spot;
  thenSteps: Planned[];
  otherwiseSteps: Planned[];
  branches: Planned[][];
  variants: Planned[][];
}

/** Flattens the steps at the spot. A second step of one id is said, and gets another one so that checking goes on. */
export function flattenSteps(files: StepFile[], spot: Spot, names: Names): FlatSteps {
  const spots = new Map<string, Spot>();
  const planned = plan(files, spot, '', spots);
  checkMails(planned, names);
  const linked: Linked = { names, steps: new Map() };
  const first = link(planned, null, linked);
  const inOrder = [...spots.keys()].flatMap((id): [string, Step][] => {
    const step = linked.steps.get(id);
    return step ? [[id, step]] : [];
  });
  return { first, steps: Object.fromEntries(inOrder), spots };
}

function plan(files: StepFile[], spot: Spot, prefix: string, taken: Map<string, Spot>): Planned[] {
  const counts = new Map<string, number>();
  return files.map((file, index) => {
    const kind = kindOf(file);
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    const at = below(spot, index);
    const wanted = file.id ?? file.send ?? `${prefix}${kind}-${count}`;
    const id = claim(wanted, file, at, taken);
    return {
      id,
      file,
      spot: at,
      thenSteps: plan(file.then ?? [], below(at, 'then'), `${id}-then-`, taken),
      otherwiseSteps: plan(file.otherwise ?? [], below(at, 'otherwise'), `${id}-otherwise-`, taken),
      branches: (file.choose ?? []).map((branch, number) =>
        plan(stepsOf(branch), below(at, 'choose', number, branchKey(branch)), `${id}-${number + 1}-`, taken),
      ),
      variants: (file.split ?? []).map((variant, number) =>
        plan(stepsIn(variant), below(at, 'split', number, 'then'), `${id}-${variantName(variant)}-`, taken),
      ),
    };
  });
}

/** The id, or another one when it is taken. */
function claim(wanted: string, file: StepFile, spot: Spot, taken: Map<string, Spot>): string {
  const other = taken.get(wanted);
  let id = wanted;
  for (let count = 2; taken.has(id); count++) id = `${wanted}-${count}`;
  taken.set(id, spot);
  if (!other) return id;
  const { line } = other.source.place(other.path);
  const again = file.send !== undefined && file.id === undefined;
  const message = again
    ? `\`${wanted}\` is the id of the step in line ${line} already, and a step that sends has the id of its mail.`
    : `The step in line ${line} has the id \`${wanted}\` already.`;
  fail(spot, message, { hint: again ? 'Give one of them an `id:` of its own.' : 'Ids are unique in a workflow.' });
  return id;
}

/** The word for the kind in an id. */
const kindOf = (file: StepFile): string => {
  if (file.waitFor !== undefined) return 'wait-for';
  const kinds = ['wait', 'send', 'choose', 'split', 'set', 'tag', 'untag', 'webhook'] as const;
  return kinds.find((kind) => file[kind] !== undefined) ?? 'enrol';
};
const branchKey = (branch: BranchFile) => ('when' in branch ? 'then' : 'otherwise');
const stepsOf = (branch: BranchFile): StepFile[] => ('when' in branch ? branch.then : branch.otherwise);
const stepsIn = (variant: VariantFile): StepFile[] => ('variant' in variant ? (variant.then ?? []) : []);
const variantName = (variant: VariantFile): string => ('variant' in variant ? variant.variant : 'hold-out');

interface Linked {
  names: Names;
  steps: Map<string, Step>;
}

/** Links a list of steps whose last leads to `after`; returns where the list begins. */
function link(list: Planned[], after: string | null, linked: Linked): string | null {
  for (const [index, step] of list.entries()) {
    const next = list[index + 1]?.id ?? after;
    const lists: Lists = {
      // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
      then: link(step.thenSteps, next, linked),
      otherwise: link(step.otherwiseSteps, next, linked),
      branches: step.branches.map((branch) => link(branch, next, linked)),
      variants: step.variants.map((variant) => link(variant, next, linked)),
    };
    linked.steps.set(step.id, makeStep({ id: step.id, next }, step.file, step.spot, lists, linked.names));
  }
  return list[0]?.id ?? after;
}

/** Waiting for a click on a mail that this workflow does not send is a slip, unless a form sent it. */
function checkMails(planned: Planned[], names: Names): void {
  const all = planned.flatMap(function every(step: Planned): Planned[] {
    const inside = [step.thenSteps, step.otherwiseSteps, ...step.branches, ...step.variants];
    return [step, ...inside.flat().flatMap(every)];
  });
  const sent = new Set(all.map(({ file }) => file.send));
  for (const { file, spot } of all) {
    for (const { email, at } of mailsOf(file.waitFor, below(spot, 'waitFor'))) {
      if (sent.has(email) || names.delivered.has(email) || !names.emails.names.has(email)) continue;
      warn(below(at, 'email'), `Neither this workflow nor a form sends \`${email}\`.`);
    }
  }
}

function mailsOf(awaited: AwaitedFile | undefined, spot: Spot): { email: string; at: Spot }[] {
  if (!awaited) return [];
  if ('any' in awaited) return awaited.any.flatMap((each, index) => mailsOf(each, below(spot, 'any', index)));
  return 'event' in awaited && awaited.email !== undefined ? [{ email: awaited.email, at: spot }] : [];
}
