/** Makes one step of its file, and checks what it names. */
import type { Awaited, Step, Until } from '../../functions/definition/workflow.ts';
import { LONGEST_UNTIL_MS } from '../../functions/lead/until.ts';
import { readCondition, type Scope } from './condition.ts';
import { checkEventName } from './event-name.ts';
import { type Names, requireName } from './names.ts';
import { compileNoting } from './set-step.ts';
import { below, fail, type Spot, valueAt } from './source.ts';
import { compileSplit } from './split.ts';
import type { AwaitedFile, BranchFile, StepFile, UntilFile } from './step-shape.ts';
import { DEFAULT_AT, stepTitle } from './step-title.ts';

/** Where the lists of steps inside a step begin; where an empty one leads. */
export interface Lists {
  then: string | null;
  otherwise: string | null;
  branches: (string | null)[];
  variants: (string | null)[];
}

/** The step; of a faulty one something to go on checking with. */
export function makeStep(
  { id, next }: { id: string; next: string | null },
  file: StepFile,
  spot: Spot,
  lists: Lists,
  names: Names,
): Step {
  const base = { id, title: stepTitle(file, valueAt(spot.source.raw, [...spot.path, 'wait'])), next };
  if (file.send !== undefined) return { ...base, ...sendOf(file.send, file, spot, names) };
  if (file.waitFor !== undefined) {
    const awaited = readAwaited(file.waitFor, below(spot, 'waitFor'), names);
    const { then, otherwise } = lists;
    return { ...base, kind: 'waitFor', awaited, upTo: file.upTo ?? 0, then, otherwise };
  }
  if (file.choose !== undefined) {
    checkBranches(file.choose, below(spot, 'choose'));
    return { ...base, kind: 'choose', branches: branchesOf(file.choose, spot, lists, names) };
  }
  if (file.split !== undefined) return { ...base, ...compileSplit(file.split, below(spot, 'split'), lists.variants) };
  if (file.set !== undefined || file.tag !== undefined || file.untag !== undefined) {
    return { ...base, ...compileNoting(file, spot, names) };
  }
  return { ...base, ...lastKinds(file, spot, names) };
}

/** What a step of a kind has of its own; of several kinds, one of them. */
type Kind<K extends Step['kind']> = K extends K ? Omit<Extract<Step, { kind: K }>, 'id' | 'title' | 'next'> : never;

function lastKinds(file: StepFile, spot: Spot, names: Names): Kind<'webhook' | 'enrol' | 'wait' | 'waitUntil'> {
  const { wait = 0, webhook, enrol } = file;
  if (webhook !== undefined) {
    requireName(below(spot, 'webhook'), webhook, names.webhooks);
    return { kind: 'webhook', webhook };
  }
  if (enrol !== undefined) {
    requireName(below(spot, 'enrol'), enrol, names.workflows);
    return { kind: 'enrol', workflow: enrol };
  }
  if (typeof wait === 'number') return { kind: 'wait', for: wait };
  return { kind: 'waitUntil', until: untilOf(wait.until, below(spot, 'wait', 'until'), names) };
}

function sendOf(email: string, { transactional }: StepFile, spot: Spot, names: Names): Kind<'send'> {
  requireName(below(spot, 'send'), email, names.emails);
  const given = names.emailClasses.get(email);
  const asked = given === 'transactional';
  if (transactional !== undefined && given !== undefined && transactional !== asked) {
    const message = asked
      ? `The mail \`${email}\` is transactional by its class.`
      : `The mail \`${email}\` is of the class \`${given}\`: it carries what marketing mail must carry.`;
    const hint = asked ? 'Take the key out, or give the mail another class.' : 'Give the mail `class: transactional`.';
    fail(below(spot, 'transactional'), message, { key: true, hint });
  }
  return { kind: 'send', email, transactional: asked };
}

function untilOf(until: UntilFile, spot: Spot, names: Names): Until {
  const { at = DEFAULT_AT, zone = 'lead' } = until;
  if ('days' in until) return { days: until.days, at, zone };
  const { field, before, upTo = LONGEST_UNTIL_MS } = until;
  const known = requireName(below(spot, 'field'), field, {
    word: 'field',
    home: 'scoring.yaml and forms/',
    names: new Set(names.leadFields.keys()),
    open: !names.fieldsKnown,
  });
  const type = names.leadFields.get(field)?.type?.type;
  if (known && type !== undefined && type !== 'date') {
    const hint = `Declare it in scoring.yaml: \`${field}: { type: date }\`.`;
    fail(below(spot, 'field'), `\`${field}\` is a ${type}, and no date.`, { hint });
  }
  return { field, at, ...(before === undefined ? {} : { before }), upTo, zone };
}

function branchesOf(files: BranchFile[], spot: Spot, lists: Lists, names: Names): Kind<'choose'>['branches'] {
  const scope: Scope = { of: 'lead', names, fields: names.leadFields, noAct: true };
  return files.map((branch, number) => {
    const at = below(spot, 'choose', number, 'when');
    const when = 'when' in branch ? { when: readCondition(branch.when, at, scope) } : {};
    return { ...when, go: lists.branches[number] ?? null };
  });
}

function checkBranches(branches: BranchFile[], spot: Spot): void {
  const seen = new Set<string>();
  for (const [number, branch] of branches.entries()) {
    const at = below(spot, number);
    if ('otherwise' in branch) {
      if (number < branches.length - 1) fail(at, '`otherwise` must be the last branch.', { key: true });
      continue;
    }
    const condition = JSON.stringify(branch.when);
    if (seen.has(condition)) fail(at, 'A branch before has the same condition: this one is never reached.');
    seen.add(condition);
  }
}

type OneAwaited = Exclude<Awaited, { any: unknown }>;
type OneFile = Exclude<AwaitedFile, { any: unknown }>;

function readAwaited(file: AwaitedFile, spot: Spot, names: Names): Awaited {
  if (!('any' in file)) return readOne(file, spot, names);
  return { any: file.any.map((each, index) => readOne(each, below(spot, 'any', index), names)) };
}

function readOne(file: OneFile, spot: Spot, names: Names): OneAwaited {
  if ('stage' in file) return { stage: file.stage };
  const { event, email, where } = file;
  checkEventName(below(spot, 'event'), event);
  if (email !== undefined) {
    requireName(below(spot, 'email'), email, names.emails);
    if (!event.startsWith('email.')) fail(below(spot, 'email'), `\`${event}\` is not about an email.`, { key: true });
  }
  return {
    event,
    ...(email === undefined ? {} : { email }),
    ...(where === undefined
      ? {}
      : { where: readCondition(where, below(spot, 'where'), { of: 'event', names, event }) }),
  };
}
