/** What may stand in a file of nurture/. A step is told by its one key that names a kind. */
import * as z from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import type { Again } from '../../functions/definition/workflow.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { duration, parseDuration } from './duration.ts';
import { LATER, refusal } from './later.ts';
import { MovedFile } from './moved.ts';
import { mapping, oneOf, type Params, reading, shown, what } from './shape.ts';
import { isMapping } from './source.ts';
import { name, orList, prose } from './words.ts';

const condition = z.unknown();
const stage = z.enum(STAGES);

/** `never`, `always`, or `after 180 days`. */
const again = reading<Again>((value) => {
  if (value === 'never' || value === 'always') return { value };
  const wrong = `${shown(value)} is not known here: \`never\`, \`always\`, or \`after\` and a duration, like \`after 180 days\`.`;
  if (typeof value !== 'string') return { wrong };
  if (!value.startsWith('after ')) return { wrong, params: { nearest: nearest(value, ['never', 'always']) } };
  const after = parseDuration(value.slice('after '.length));
  return 'value' in after ? { value: { after: after.value } } : after;
});

const EventTrigger = mapping({ on: z.string(), where: condition.optional(), again: again.optional() });
const StageTrigger = mapping({ on: mapping({ stage }), again: again.optional() });
const Called = mapping({ again: again.optional() });
type Trigger = z.infer<typeof EventTrigger> | z.infer<typeof StageTrigger> | z.infer<typeof Called>;

const Trigger = oneOf<Trigger>((value) => {
  if (!isMapping(value))
    return { wrong: `\`enrol\` must be a mapping, like \`{ on: form.submitted }\`, not ${what(value)}.` };
  if (isMapping(value.on)) return StageTrigger;
  return 'on' in value || 'where' in value || 'stage' in value ? EventTrigger : Called;
});

const id = name.optional();
export interface StepFile {
  id?: string | undefined;
  wait?: number;
  send?: string;
  enrol?: string;
  waitFor?: AwaitedFile;
  upTo?: number;
  then?: StepFile[] | undefined;
  otherwise?: StepFile[] | undefined;
  choose?: BranchFile[];
}
export type BranchFile = { when: unknown; then: StepFile[] } | { otherwise: StepFile[] };
export type AwaitedFile =
  | { event: string; email?: string | undefined; where?: unknown }
  | { stage: (typeof STAGES)[number] };

const steps: z.ZodType<StepFile[]> = z.lazy(() => z.array(Step));

const AwaitedEvent = mapping({ event: z.string(), email: z.string().optional(), where: condition.optional() });
const AwaitedStage = mapping({ stage });
const Awaited = oneOf<AwaitedFile>((value) => {
  if (!isMapping(value))
    return { wrong: `\`waitFor\` must be a mapping, like \`{ stage: mql }\`, not ${what(value)}.` };
  return 'stage' in value ? AwaitedStage : AwaitedEvent;
});

// biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
const When = mapping({ when: condition, then: steps });
const Otherwise = mapping({ otherwise: steps });
const Branch = oneOf<BranchFile>((value) => {
  if (!isMapping(value)) return { wrong: `A branch is a mapping of \`when:\` and \`then:\`, not ${what(value)}.` };
  return 'otherwise' in value ? Otherwise : When;
});

const KINDS: Record<string, z.ZodType<StepFile>> = {
  wait: mapping({ wait: duration, id }),
  send: mapping({ send: z.string(), id }),
  // biome-ignore lint/suspicious/noThenProperty: the definition language's own word; never awaited
  waitFor: mapping({ waitFor: Awaited, upTo: duration, then: steps.optional(), otherwise: steps.optional(), id }),
  choose: mapping({ choose: z.array(Branch).min(1, 'There is nothing to choose from.'), id }),
  enrol: mapping({ enrol: z.string(), id }),
};
export const STEP_KINDS = Object.keys(KINDS);

const Step = oneOf<StepFile>((value) => {
  if (!isMapping(value)) return { wrong: `A step is a mapping, like \`wait: 2 days\`, not ${what(value)}.` };
  const keys = Object.keys(value);
  const kinds = keys.filter((key) => STEP_KINDS.includes(key));
  const [kind] = kinds;
  const schema = kind === undefined ? undefined : KINDS[kind];
  if (!schema) return unknownKind(keys);
  if (kinds.length > 1) {
    const hint = 'Begin each step with a dash of its own.';
    return { wrong: `One step is one thing; here are ${kinds.join(' and ')}.`, params: { key: kinds[1], hint } };
  }
  return schema;
});

function unknownKind(keys: string[]): { wrong: string; params: Params } {
  const later = Object.entries(LATER.step).find(([key]) => keys.includes(key));
  if (later) return { wrong: refusal(...later), params: { key: later[0], hint: 'Take it out.' } };
  const hint = `A step is one of ${STEP_KINDS.join(', ')}.`;
  const key = keys.find((each) => nearest(each, STEP_KINDS)) ?? keys.find((each) => each !== 'id');
  if (key === undefined) return { wrong: 'The step does nothing.', params: { hint } };
  return { wrong: `There is no step \`${key}\`.`, params: { key, hint, nearest: nearest(key, STEP_KINDS) } };
}

export const WorkflowFile = mapping(
  {
    workflow: name,
    about: prose.optional(),
    enrol: Trigger.optional(),
    goal: condition.optional(),
    keepAt: orList(stage).optional(),
    moved: MovedFile.optional(),
    steps: z.array(Step),
  },
  LATER.workflow,
);
export type WorkflowFile = z.infer<typeof WorkflowFile>;
