/** What may stand in scoring.yaml. */
import * as z from 'zod';
import { type ScoringField, STAGES } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { condition, where } from './condition-shape.ts';
import { duration } from './duration.ts';
import { choices, FIELD_TYPES, fieldType } from './field-type.ts';
import { mapping } from './shape.ts';
import { told } from './told.ts';
import { address, date, domain, fieldName, line, name, oneWord, orList, prose } from './words.ts';

const points = z
  .number()
  .min(-1000, 'Points are between -1000 and 1000.')
  .max(1000, 'Points are between -1000 and 1000.');
const positive = z.number().positive('This must be more than 0.');
const share = z.number().min(0, 'This is between 0 and 100.').max(100, 'This is between 0 and 100.');

const Field = mapping({
  type: told(z.enum(FIELD_TYPES), 'What an answer is. A `choice` needs `of`.', { example: 'text' }),
  of: told(choices, 'What may be chosen.', { example: ['1-9', '10-49', '50-249', '250+'], otherwise: 'none' }),
  known: told(
    oneWord('at-capture', 'after-handoff').optional(),
    'When the answer is known. A score that reads what only sales finds out is a leak: an error.',
    { example: 'at-capture', otherwise: '`at-capture`' },
  ),
  reason: told(prose.optional(), 'Why a field is needed that tells of health, belief, age and the like.', {
    example: 'The product is for nurses alone.',
    otherwise: 'none: an error for such a field',
  }),
}).transform((field, context): ScoringField => ({ ...fieldType(field, context), known: field.known ?? 'at-capture' }));

const FitRule = mapping({
  field: told(z.string(), 'The field that the rule reads.', { example: 'companySize' }),
  points: told(
    z.record(z.string(), points).optional(),
    'Points by answer; `other` for any other. Unanswered gives 0.',
    {
      example: { '1-9': 5, '10-49': 20, other: 0 },
      otherwise: '`matches` instead',
    },
  ),
  matches: told(
    z
      .array(
        mapping({
          words: told(
            z.array(line).min(1, 'The list is empty.'),
            'Words to look for, whatever the case and the accents.',
            {
              example: ['giám đốc', 'director'],
            },
          ),
          points: told(points, 'The points where one of the words occurs.', { example: 35 }),
        }),
      )
      .min(1, 'The list is empty.')
      .optional(),
    'For a text: the first entry of which a word occurs.',
    { example: [{ words: ['director'], points: 35 }], otherwise: '`points` instead' },
  ),
});

const EngagementRule = mapping({
  on: told(z.string(), 'The event that counts. Only acts of people do.', { example: 'page.viewed' }),
  where: told(where.optional(), 'What the properties of the event must be.', {
    example: { category: 'pricing' },
    otherwise: 'any',
  }),
  points: told(points, 'The points that one event gives; negative ones take.', { example: 8 }),
  per: told(
    oneWord('once', 'day', 'email', 'asset', 'event').optional(),
    'How often it may give them: once for ever, once a day, once for each mail or asset, or at each event.',
    { example: 'day', otherwise: '`event`' },
  ),
  cap: told(positive.optional(), 'The most that the rule is ever worth.', { example: 24, otherwise: 'no cap' }),
  halfLife: told(duration.optional(), 'The time in which its worth halves.', {
    example: '7 days',
    otherwise: 'it stays',
  }),
  group: told(z.string().optional(), 'The group whose cap it shares.', { example: 'web', otherwise: 'none' }),
});

const StageRule = mapping({
  when: told(condition, 'What must hold to enter the stage.', { example: { conversions: '>= 1' } }),
  leaveBelow: told(
    mapping({
      engagement: told(share, 'The shown number of engagement below which the lead falls back.', { example: 15 }),
    }).optional(),
    'When the clock takes the lead back to the stage before.',
    { example: { engagement: 15 }, otherwise: 'it stays' },
  ),
  stay: told(duration.optional(), 'How long below before it falls back.', {
    example: '24 hours',
    otherwise: 'at once',
  }),
});

/** Stages that a rule may enter; the others are entered by an answer or by hand. Not an enum: the order of the file counts. */
const ENTERED = ['iql', 'mql', 'sql', 'customer'];
const stageName = z.string().superRefine((text, context) => {
  if (ENTERED.includes(text)) return;
  const message = `A rule enters one of the stages ${ENTERED.join(', ')}.`;
  context.addIssue({ code: 'custom', message, params: { nearest: nearest(text, ENTERED) } });
});

const grade = (letter: string, example: number) => told(share, `The least fit for grade ${letter}.`, { example });

export const ScoringFile = mapping({
  scoring: told(name, 'A name for these rules.', { example: 'b2b-software' }),
  owners: told(
    mapping({
      marketing: told(address, 'Who answers for the rules in marketing.', { example: 'lan@example.com' }),
      sales: told(address, 'Who answers for the rules in sales.', { example: 'minh@example.com' }),
    }),
    'The two people who agree on the rules.',
    { example: { marketing: 'lan@example.com', sales: 'minh@example.com' } },
  ),
  reviewBy: told(date.optional(), 'The day by which both look at the rules again; overdue warns.', {
    example: '2027-03-31',
    otherwise: 'no day',
  }),
  capacity: told(
    mapping({
      handoffsPerWeek: told(positive, 'How many leads sales can take in a week.', { example: 40 }),
    }).optional(),
    'What sales can take.',
    { example: { handoffsPerWeek: 40 }, otherwise: 'not known' },
  ),
  fields: told(z.record(fieldName, Field).optional(), 'All that a rule may read of a lead, by name.', {
    example: { companySize: { type: 'choice', of: ['1-9', '10-49', '50-249', '250+'] } },
    otherwise: 'none',
  }),
  lists: told(z.record(name, z.array(domain)).optional(), 'Lists of domains for `emailDomain`, by name.', {
    example: { competitors: ['rival.example'] },
    otherwise: 'none',
  }),
  gates: told(
    z.record(name, condition).optional(),
    'Conditions by name that must all hold before a score makes a lead `mql`.',
    { example: { consented: { consent: 'marketing' } }, otherwise: 'none' },
  ),
  fit: told(
    mapping({
      grades: told(
        mapping({ A: grade('A', 70), B: grade('B', 50), C: grade('C', 30) }),
        'The least fit for each grade; below C is D.',
        { example: { A: 70, B: 50, C: 30 } },
      ),
      rules: told(z.record(name, FitRule), 'Rules by name. Their points sum to 0 to 100.', {
        example: { size: { field: 'companySize', points: { '1-9': 5, other: 40 } } },
      }),
    }),
    'Who the lead is. It does not fade.',
    { example: { grades: { A: 70, B: 50, C: 30 }, rules: { area: { field: 'country', points: { VN: 100 } } } } },
  ),
  engagement: told(
    mapping({
      groups: told(
        z
          .record(name, mapping({ cap: told(positive, 'The most that its rules give together.', { example: 45 }) }))
          .optional(),
        'Groups of rules with a cap, by name.',
        { example: { web: { cap: 45 } }, otherwise: 'none' },
      ),
      rules: told(z.record(name, EngagementRule), 'Rules by name. Their worth sums to 0 to 100.', {
        example: { page: { on: 'page.viewed', points: 1, cap: 10 } },
      }),
    }),
    'What the lead does. It fades.',
    { example: { rules: { page: { on: 'page.viewed', points: 1, cap: 10 } } } },
  ),
  handRaise: told(
    mapping({
      on: told(orList(z.string()), 'The events by which somebody asks for sales.', { example: ['demo.requested'] }),
      unless: told(condition.optional(), 'Whose request goes to marketing instead.', {
        example: { grade: 'D' },
        otherwise: "nobody's",
      }),
    }).optional(),
    'Who asks for sales goes there at once.',
    { example: { on: ['demo.requested'] }, otherwise: 'nobody does' },
  ),
  stages: told(z.record(stageName, StageRule).optional(), 'When a lead enters each stage, in their order.', {
    example: { iql: { when: { conversions: '>= 1' } } },
    otherwise: 'none is entered by a rule',
  }),
  content: told(
    z.record(name, z.array(z.enum(STAGES)).min(1, 'No stage is named: such a mail would never go out.')).optional(),
    'Classes of mails, and the stages that may get them.',
    { example: { educational: ['lead', 'iql', 'mql'] }, otherwise: 'none: only transactional mail' },
  ),
});
export type ScoringFile = z.infer<typeof ScoringFile>;
