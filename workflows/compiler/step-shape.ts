// biome-ignore-all lint/suspicious/noThenProperty: the definition language's own word; never awaited
/** What may stand in a list of steps. A step is told by its one key that names a kind. */
import * as z from 'zod';
import type { Weekday } from '../../functions/definition/handoff.ts';
import { type FieldValue, STAGES } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { condition, where } from './condition-shape.ts';
import { duration } from './duration.ts';
import { days, wallClock } from './hours.ts';
import { mapping, oneOf, type Params, what } from './shape.ts';
import { isMapping } from './source.ts';
import { told } from './told.ts';
import { fieldName, leadZone, name, orList } from './words.ts';

const stage = z.enum(STAGES);
const id = told(name.optional(), 'The name of the step, unique in the workflow and the same over edits.', {
  example: 'first-look',
  otherwise: "the mail's name, or the kind and the place: `wait-1`",
});

export interface StepFile {
  id?: string | undefined;
  wait?: number | { until: UntilFile };
  send?: string;
  transactional?: boolean | undefined;
  enrol?: string;
  waitFor?: AwaitedFile;
  upTo?: number;
  then?: StepFile[] | undefined;
  otherwise?: StepFile[] | undefined;
  choose?: BranchFile[];
  split?: VariantFile[];
  set?: Record<string, FieldValue>;
  tag?: string[];
  untag?: string[];
  webhook?: string;
}
export type BranchFile = { when: unknown; then: StepFile[] } | { otherwise: StepFile[] };
export type VariantFile = { variant: string; share: number; then?: StepFile[] | undefined } | { holdOut: number };
type OneAwaited = { event: string; email?: string | undefined; where?: unknown } | { stage: (typeof STAGES)[number] };
export type AwaitedFile = OneAwaited | { any: OneAwaited[] };
export type UntilFile =
  | {
      field: string;
      before?: number | undefined;
      at?: string | undefined;
      zone?: string | undefined;
      upTo?: number | undefined;
    }
  | { days: Weekday[]; at?: string | undefined; zone?: string | undefined };

const steps: z.ZodType<StepFile[]> = z.lazy(() => z.array(Step));

const at = told(wallClock.optional(), 'The time of the day, in quotes.', { example: '09:00', otherwise: '`"09:00"`' });
const zone = told(leadZone.optional(), "Whose clock it is: `lead` for the lead's own, or the name of a time zone.", {
  example: 'Asia/Bangkok',
  otherwise: '`lead`',
});
const UntilDate = mapping({
  field: told(z.string(), 'The field of the lead that holds the date. Not known or past: the step is over at once.', {
    example: 'trialEnds',
  }),
  before: told(duration.optional(), 'How long before that date.', {
    example: '2 days',
    otherwise: 'on the day itself',
  }),
  at,
  zone,
  upTo: told(duration.optional(), 'The most that is waited; a date further away is not waited for any longer.', {
    example: '30 days',
    otherwise: '`90 days`',
  }),
});
const UntilDay = mapping({
  days: told(days, 'The next of these days of the week, today included while the hour is still to come.', {
    example: 'tue',
  }),
  at,
  zone,
});
const Until = oneOf<UntilFile>(
  (value) => {
    if (!isMapping(value))
      return { wrong: `\`until\` must be a mapping, like \`{ days: tue, at: "09:00" }\`, not ${what(value)}.` };
    return 'days' in value ? UntilDay : UntilDate;
  },
  () => [UntilDate, UntilDay],
);
const WaitUntil = mapping({
  until: told(Until, 'A date in a field of the lead, or a day of the week.', { example: { days: 'tue', at: '09:00' } }),
});
const Wait = oneOf<number | { until: UntilFile }>(
  (value) => (isMapping(value) ? WaitUntil : duration),
  () => [duration, WaitUntil],
);

const AwaitedEvent = mapping({
  event: told(z.string(), 'The event to wait for.', { example: 'email.clicked' }),
  email: told(z.string().optional(), 'The mail that the event is about.', {
    example: 'three-leaks',
    otherwise: 'any mail',
  }),
  where: told(where.optional(), 'What the properties of the event must be.', {
    example: { link: 'https://www.example.com/check' },
    otherwise: 'any',
  }),
});
const AwaitedStage = mapping({
  stage: told(stage, 'The stage that must be reached; a later one will do.', { example: 'mql' }),
});
const One = oneOf<OneAwaited>(
  (value) => {
    if (!isMapping(value))
      return { wrong: `\`waitFor\` must be a mapping, like \`{ stage: mql }\`, not ${what(value)}.` };
    return 'stage' in value ? AwaitedStage : AwaitedEvent;
  },
  () => [AwaitedEvent, AwaitedStage],
);
const Several = mapping({
  any: told(z.array(One).min(1, 'The list is empty: it would be waited in vain.'), 'Whichever of these comes first.', {
    example: [{ event: 'webinar.attended' }, { stage: 'mql' }],
  }),
});
const Awaited = oneOf<AwaitedFile>(
  (value) => (isMapping(value) && 'any' in value ? Several : One),
  () => [One, Several],
);

const when = told(condition, 'The first branch whose condition holds is taken.', { example: { fit: '>= 50' } });
const When = mapping({
  when,
  then: told(steps, 'The steps of this branch.', { example: [{ send: 'three-leaks', id: 'again' }] }),
});
const Otherwise = mapping({
  otherwise: told(steps, 'The steps where no condition holds; the last branch.', {
    example: [{ send: 'three-leaks', id: 'again' }],
  }),
});
const Branch = oneOf<BranchFile>(
  (value) => {
    if (!isMapping(value)) return { wrong: `A branch is a mapping of \`when:\` and \`then:\`, not ${what(value)}.` };
    return 'otherwise' in value ? Otherwise : When;
  },
  () => [When, Otherwise],
);

const percent = z
  .number()
  .int('A share is a whole number of percent.')
  .min(1, 'A share is 1 to 100 percent.')
  .max(100, 'A share is 1 to 100 percent.');
const Variant = mapping({
  variant: told(name, 'The name of the variant.', { example: 'short' }),
  share: told(percent, 'The percentage of leads that get it. All shares, and `holdOut`, sum to 100.', { example: 50 }),
  then: told(steps.optional(), 'The steps of this variant.', {
    example: [{ send: 'three-leaks', id: 'again' }],
    otherwise: 'none: straight on',
  }),
});
const HoldOut = mapping({
  holdOut: told(percent, 'The percentage of leads that leave the workflow here, to compare with.', { example: 10 }),
});
const VariantOrHoldOut = oneOf<VariantFile>(
  (value) => {
    if (!isMapping(value))
      return { wrong: `A variant is a mapping of \`variant:\`, \`share:\` and \`then:\`, not ${what(value)}.` };
    return 'holdOut' in value ? HoldOut : Variant;
  },
  () => [Variant, HoldOut],
);

const fieldValue = z.union([z.string(), z.number(), z.boolean()], {
  error: 'This is a text, a number, true or false.',
});

const KINDS: Record<string, z.ZodType<StepFile>> = {
  wait: mapping({
    wait: told(Wait, 'How long to wait from the moment the step before was done, or until when.', {
      example: '2 days',
    }),
    id,
  }),
  send: mapping({
    send: told(z.string(), 'The mail to send, by the name of its files.', { example: 'three-leaks' }),
    transactional: told(
      z.boolean().optional(),
      'The mail was asked for: it goes whatever consent, stage, window and caps say. Its class must be `transactional`.',
      { example: true, otherwise: "what the mail's class says" },
    ),
    id,
  }),
  waitFor: mapping({
    waitFor: told(Awaited, 'What to wait for: an event, a stage, or any of several.', { example: { stage: 'mql' } }),
    upTo: told(duration, 'How long to wait at most.', { example: '3 days' }),
    then: told(steps.optional(), 'The steps once it has happened.', {
      example: [{ send: 'three-leaks', id: 'again' }],
      otherwise: 'straight on',
    }),
    otherwise: told(steps.optional(), 'The steps when it has not happened in time.', {
      example: [{ send: 'three-leaks', id: 'again' }],
      otherwise: 'straight on',
    }),
    id,
  }),
  choose: mapping({
    choose: told(
      z.array(Branch).min(1, 'There is nothing to choose from.'),
      'Branches, of which the first whose `when` holds is taken; without one, the next step.',
      { example: [{ when: { fit: '>= 50' }, then: [{ send: 'three-leaks', id: 'again' }] }, { otherwise: [] }] },
    ),
    id,
  }),
  split: mapping({
    split: told(
      z.array(VariantOrHoldOut).min(1, 'There is nothing to split into.'),
      'Variants by share. A lead gets the same one for ever.',
      {
        example: [
          { variant: 'short', share: 50, then: [{ send: 'three-leaks', id: 'again' }] },
          { variant: 'long', share: 40, then: [] },
          { holdOut: 10 },
        ],
      },
    ),
    id,
  }),
  set: mapping({
    set: told(
      z.record(fieldName, fieldValue).refine((fields) => Object.keys(fields).length > 0, 'No field is named.'),
      'Fields of the lead and the values that they get.',
      { example: { problem: 'payroll' } },
    ),
    id,
  }),
  tag: mapping({ tag: told(orList(name), 'A tag that the lead gets, or a list.', { example: 'vip' }), id }),
  untag: mapping({ untag: told(orList(name), 'A tag that the lead loses, or a list.', { example: 'vip' }), id }),
  webhook: mapping({
    webhook: told(z.string(), 'A webhook of the settings that is told of the lead, signed.', { example: 'crm' }),
    id,
  }),
  enrol: mapping({
    enrol: told(z.string(), 'Another workflow that the lead enters, as that one allows.', {
      example: 'quarterly-digest',
    }),
    id,
  }),
};
export const STEP_KINDS = Object.keys(KINDS);

/** One step. */
export const Step = oneOf<StepFile>(
  (value) => {
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
  },
  () => Object.values(KINDS),
);

function unknownKind(keys: string[]): { wrong: string; params: Params } {
  const hint = `A step is one of ${STEP_KINDS.join(', ')}.`;
  const key = keys.find((each) => nearest(each, STEP_KINDS)) ?? keys.find((each) => each !== 'id');
  if (key === undefined) return { wrong: 'The step does nothing.', params: { hint } };
  return { wrong: `There is no step \`${key}\`.`, params: { key, hint, nearest: nearest(key, STEP_KINDS) } };
}
