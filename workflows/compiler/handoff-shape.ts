/** What may stand in handoff.yaml. */
import * as z from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import { nearest } from '../../functions/lead/nearest.ts';
import { condition } from './condition-shape.ts';
import { duration } from './duration.ts';
import { hours } from './hours.ts';
import { mapping, oneOf, shown } from './shape.ts';
import { isMapping } from './source.ts';
import { told } from './told.ts';
import { address, name, oneWord } from './words.ts';

const Assign = mapping({
  where: told(condition.optional(), 'The leads that it is about; the first entry that holds assigns.', {
    example: { country: 'TH' },
    otherwise: 'all others; needed at the end',
  }),
  to: told(z.array(address).min(1, 'Nobody is named.'), 'Who in sales gets them.', { example: ['an@example.com'] }),
  by: told(oneWord('turns', 'first').optional(), 'In turns, or always the first.', {
    example: 'turns',
    otherwise: '`turns`',
  }),
});

type Notify = 'email' | { webhook: string };
const Webhook: z.ZodType<Notify> = mapping({
  webhook: told(z.string(), 'A webhook of the settings.', { example: 'crm' }),
});
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
  handoff: told(name, 'A name for it.', { example: 'sales' }),
  when: told(condition, 'What makes a lead ready: looked at when it is entered.', {
    example: { any: [{ stage: 'mql' }, { handRaise: true }] },
  }),
  assign: told(z.array(Assign).min(1, 'Nobody gets the leads.'), 'Who gets which leads, in order.', {
    example: [{ to: ['an@example.com', 'binh@example.com'], by: 'turns' }],
  }),
  notify: told(z.array(Notify).min(1, 'Nobody is told.').optional(), 'How they are told: `email`, webhooks.', {
    example: ['email', { webhook: 'crm' }],
    otherwise: '`[email]`',
  }),
  answer: told(
    mapping({
      within: told(
        mapping({
          handRaise: told(duration, 'For a lead who asked.', { example: '15 minutes' }),
          otherwise: told(duration, 'For a lead by score.', { example: '4 hours' }),
        }),
        'How long they have, counted in `hours`.',
        { example: { handRaise: '15 minutes', otherwise: '4 hours' } },
      ),
      hours: told(hours, 'When sales works.', {
        example: { days: 'mon-fri', from: '08:00', to: '18:00', zone: 'Asia/Ho_Chi_Minh' },
      }),
      remind: told(oneWord('half-way').optional(), 'When the one it was given to is reminded.', {
        example: 'half-way',
        otherwise: 'never',
      }),
      escalateTo: told(address.optional(), 'Who is told when the time is over.', {
        example: 'head-of-sales@example.com',
        otherwise: 'nobody',
      }),
    }),
    'When an answer is due.',
    {
      example: {
        within: { handRaise: '15 minutes', otherwise: '4 hours' },
        hours: { days: 'mon-fri', from: '08:00', to: '18:00', zone: 'Asia/Ho_Chi_Minh' },
      },
    },
  ),
  outcomes: told(
    z.record(
      name,
      mapping({
        stage: told(z.enum(STAGES), 'The stage that the answer brings.', { example: 'recycled' }),
        enrol: told(z.string().optional(), 'A workflow that the lead enters then.', {
          example: 'quarterly-digest',
          otherwise: 'none',
        }),
        rest: told(duration.optional(), 'How long no score hands the lead over again; a request does.', {
          example: '30 days',
          otherwise: 'not at all',
        }),
        after: told(oneWord('accepted').optional(), 'The answer that must have come before.', {
          example: 'accepted',
          otherwise: 'none; `accepted` for `won` and `lost`',
        }),
      }),
    ),
    'What each answer means, by its name. `accepted` is needed.',
    { example: { accepted: { stage: 'sql' } } },
  ),
});
export type HandoffFile = z.infer<typeof HandoffFile>;
