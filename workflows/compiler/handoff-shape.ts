/** What may stand in handoff.yaml. */
import * as z from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { duration } from './duration.ts';
import { hours } from './hours.ts';
import { mapping, oneOf, shown } from './shape.ts';
import { isMapping } from './source.ts';
import { address, name, oneWord } from './words.ts';

const condition = z.unknown();

const Assign = mapping({
  where: condition.optional(),
  to: z.array(address).min(1, 'Nobody is named.'),
  by: oneWord('turns', 'first').optional(),
});

type Notify = 'email' | { webhook: string };
const Webhook: z.ZodType<Notify> = mapping({ webhook: z.string() });
const Mail: z.ZodType<Notify> = z.literal('email');
const Notify = oneOf<Notify>(
  (value) => {
    if (isMapping(value)) return Webhook;
    if (value === 'email') return Mail;
    const params = { nearest: nearest(String(value), ['email']) };
    return { wrong: `${shown(value)} is no way to notify: \`email\`, or \`{ webhook: … }\`.`, params };
  },
  () => [Mail, Webhook],
);

export const HandoffFile = mapping({
  handoff: name,
  when: condition,
  assign: z.array(Assign).min(1, 'Nobody gets the leads.'),
  notify: z.array(Notify).min(1, 'Nobody is told.').optional(),
  answer: mapping({
    within: mapping({ handRaise: duration, otherwise: duration }),
    hours,
    remind: oneWord('half-way').optional(),
    escalateTo: address.optional(),
  }),
  outcomes: z.record(
    name,
    mapping({
      stage: z.enum(STAGES),
      enrol: z.string().optional(),
      rest: duration.optional(),
      after: oneWord('accepted').optional(),
    }),
  ),
});
export type HandoffFile = z.infer<typeof HandoffFile>;
