/** What may stand in scoring.yaml. */
import * as z from 'zod';
import { type ScoringField, STAGES } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { duration } from './duration.ts';
import { choices, FIELD_TYPES, fieldType } from './field-type.ts';
import { mapping } from './shape.ts';
import { address, date, domain, fieldName, line, name, oneWord, orList, prose } from './words.ts';

const points = z
  .number()
  .min(-1000, 'Points are between -1000 and 1000.')
  .max(1000, 'Points are between -1000 and 1000.');
const positive = z.number().positive('This must be more than 0.');
const share = z.number().min(0, 'This is between 0 and 100.').max(100, 'This is between 0 and 100.');
/** Checked as a condition once all names are known. */
const condition = z.unknown();

const Field = mapping({
  type: z.enum(FIELD_TYPES),
  of: choices,
  known: oneWord('at-capture', 'after-handoff').optional(),
  reason: prose.optional(),
}).transform((field, context): ScoringField => ({ ...fieldType(field, context), known: field.known ?? 'at-capture' }));

const FitRule = mapping({
  field: z.string(),
  points: z.record(z.string(), points).optional(),
  matches: z
    .array(mapping({ words: z.array(line).min(1, 'The list is empty.'), points }))
    .min(1, 'The list is empty.')
    .optional(),
});

const EngagementRule = mapping({
  on: z.string(),
  where: condition.optional(),
  points,
  per: oneWord('once', 'day', 'email', 'asset', 'event').optional(),
  cap: positive.optional(),
  halfLife: duration.optional(),
  group: z.string().optional(),
});

const StageRule = mapping({
  when: condition,
  leaveBelow: mapping({ engagement: share }).optional(),
  stay: duration.optional(),
});

/** Stages that a rule may enter; the others are entered by an answer or by hand. Not an enum: the order of the file counts. */
const ENTERED = ['iql', 'mql', 'sql', 'customer'];
const stageName = z.string().superRefine((text, context) => {
  if (ENTERED.includes(text)) return;
  const message = `A rule enters one of the stages ${ENTERED.join(', ')}.`;
  context.addIssue({ code: 'custom', message, params: { nearest: nearest(text, ENTERED) } });
});

export const ScoringFile = mapping({
  scoring: name,
  owners: mapping({ marketing: address, sales: address }),
  reviewBy: date.optional(),
  capacity: mapping({ handoffsPerWeek: positive }).optional(),
  fields: z.record(fieldName, Field).optional(),
  lists: z.record(name, z.array(domain)).optional(),
  gates: z.record(name, condition).optional(),
  fit: mapping({
    grades: mapping({ A: share, B: share, C: share }),
    rules: z.record(name, FitRule),
  }),
  engagement: mapping({
    groups: z.record(name, mapping({ cap: positive })).optional(),
    rules: z.record(name, EngagementRule),
  }),
  handRaise: mapping({ on: orList(z.string()), unless: condition.optional() }).optional(),
  stages: z.record(stageName, StageRule).optional(),
  content: z
    .record(name, z.array(z.enum(STAGES)).min(1, 'No stage is named: such a mail would never go out.'))
    .optional(),
});
export type ScoringFile = z.infer<typeof ScoringFile>;
