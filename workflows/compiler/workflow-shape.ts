/** What may stand in a file of nurture/. */
import * as z from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import type { Again } from '../../functions/definition/workflow.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { condition, where } from './condition-shape.ts';
import { parseDuration } from './duration.ts';
import { MovedFile } from './moved.ts';
import { SendFile } from './send-shape.ts';
import { mapping, oneOf, reading, shown, what } from './shape.ts';
import { isMapping } from './source.ts';
import { Step } from './step-shape.ts';
import { told } from './told.ts';
import { line, name, orList, prose } from './words.ts';

const stage = z.enum(STAGES);

/** `never`, `always`, or `after 180 days`. */
const again = reading<Again>(
  (value) => {
    if (value === 'never' || value === 'always') return { value };
    const wrong = `${shown(value)} is not known here: \`never\`, \`always\`, or \`after\` and a duration, like \`after 180 days\`.`;
    if (typeof value !== 'string') return { wrong };
    if (!value.startsWith('after ')) return { wrong, params: { nearest: nearest(value, ['never', 'always']) } };
    const after = parseDuration(value.slice('after '.length));
    return 'value' in after ? { value: { after: after.value } } : after;
  },
  { type: 'string', pattern: '^(never|always|after [0-9].*)$' },
);

const Once = told(again.optional(), 'Whether a lead may go through again, never two at a time.', {
  example: 'after 180 days',
  otherwise: '`never`',
});
const EventTrigger = mapping({
  on: told(z.string(), 'The event that enrols a lead.', { example: 'form.submitted' }),
  where: told(where.optional(), 'What the properties of the event must be.', {
    example: { form: 'cash-flow-guide' },
    otherwise: 'any',
  }),
  again: Once,
});
const StageTrigger = mapping({
  on: told(mapping({ stage: told(stage, 'The stage whose entering enrols a lead.', { example: 'mql' }) }), 'A stage.', {
    example: { stage: 'mql' },
  }),
  again: Once,
});
const Called = mapping({ again: Once });
type Trigger = z.infer<typeof EventTrigger> | z.infer<typeof StageTrigger> | z.infer<typeof Called>;

const Trigger = oneOf<Trigger>(
  (value) => {
    if (!isMapping(value))
      return { wrong: `\`enrol\` must be a mapping, like \`{ on: form.submitted }\`, not ${what(value)}.` };
    if (isMapping(value.on)) return StageTrigger;
    return 'on' in value || 'where' in value || 'stage' in value ? EventTrigger : Called;
  },
  () => [EventTrigger, StageTrigger, Called],
);

const because = told(line.optional(), 'The reason that the timeline shows.', {
  example: 'cancelled',
  otherwise: 'the event, or `exit`',
});
const ExitOn = mapping({
  on: told(z.string(), 'An event that ends the enrolment.', { example: 'subscription.cancelled' }),
  where: told(where.optional(), 'What the properties of the event must be.', {
    example: { plan: 'trial' },
    otherwise: 'any',
  }),
  because,
});
const ExitWhen = mapping({
  when: told(condition, 'A condition that is looked at before each step and at each event of the lead.', {
    example: { tag: 'vip' },
  }),
  because,
});
type ExitFile = z.infer<typeof ExitOn> | z.infer<typeof ExitWhen>;
const Exit = oneOf<ExitFile>(
  (value) => {
    if (isMapping(value)) return 'when' in value ? ExitWhen : ExitOn;
    return { wrong: `An exit is a mapping, like \`{ on: subscription.cancelled }\`, not ${what(value)}.` };
  },
  () => [ExitOn, ExitWhen],
);

export const WorkflowFile = mapping({
  workflow: told(name, "The workflow's name: that of its file.", { example: 'guide-to-demo' }),
  about: told(prose.optional(), 'What the workflow is for, in a sentence.', {
    example: 'Readers of the guide learn enough to want a demo.',
    otherwise: 'nothing',
  }),
  enrol: told(Trigger.optional(), 'What brings a lead in.', {
    example: { on: 'form.submitted', where: { form: 'cash-flow-guide' }, again: 'after 180 days' },
    otherwise: 'an `enrol` step or an outcome of a handoff alone',
  }),
  goal: told(
    condition.optional(),
    'What the workflow is for: when it holds, the lead leaves at once. A stage: reached or passed.',
    {
      example: { stage: 'sql' },
      otherwise: 'none: the lead goes to the end',
    },
  ),
  exit: told(z.array(Exit).optional(), 'What else ends it early, each with its reason.', {
    example: [{ on: 'subscription.cancelled', because: 'cancelled' }],
    otherwise: 'nothing',
  }),
  keepAt: told(
    orList(stage).optional(),
    'Stages whose entering does not end it, of sql, customer, disqualified and recycled.',
    {
      example: ['customer'],
      otherwise: 'none: each of them ends it',
    },
  ),
  send: told(SendFile.optional(), 'When and how often its marketing mail may go out.', {
    example: { window: { days: 'mon-fri', from: '08:00', to: '18:00' }, zone: 'lead', cap: { perDay: 1, perWeek: 2 } },
    otherwise: 'when it is due, as often as promised or chosen',
  }),
  moved: told(
    MovedFile.optional(),
    'Where leads go that stand at steps of an older version: old steps to new ones, or to `end`.',
    {
      example: { 'old-letter': 'three-leaks' },
      otherwise: 'they stay with their version',
    },
  ),
  steps: told(z.array(Step), 'What is done, in order.', { example: [{ wait: '2 days' }, { send: 'three-leaks' }] }),
});
export type WorkflowFile = z.infer<typeof WorkflowFile>;
