/** How a condition looks to editors. What it may hold is checked by condition.ts, once all names are known. */
import * as z from 'zod';
import { STAGES } from '../../functions/definition/scoring.ts';
import { shownAs } from './shape.ts';
import { told } from './told.ts';

const number = z.union([z.number(), z.string()]);
const names = z.union([z.string(), z.array(z.string())]);
const words = <Word extends string>(all: readonly Word[]) => z.union([z.enum(all), z.array(z.enum(all))]);
const conditions = z.lazy(() => z.array(condition));

/** All keys of the lead itself; any other key is one of its fields. */
const Lead = z.looseObject({
  any: told(conditions.optional(), 'One of these conditions must hold.', {
    example: [{ grade: 'A' }, { fit: '>= 50' }],
  }),
  all: told(conditions.optional(), 'All of these conditions must hold.', {
    example: [{ grade: 'A' }, { engagement: '>= 10' }],
  }),
  not: told(z.lazy(() => condition).optional(), 'This condition must not hold.', { example: { stage: 'customer' } }),
  stage: told(
    words(STAGES).optional(),
    'The stage of the lead; in a `goal` and a `waitFor`: that stage or a later one.',
    { example: ['iql', 'mql'] },
  ),
  grade: told(
    words(['A', 'B', 'C', 'D', 'unknown']).optional(),
    'The grade that is read off `fit`; `unknown` below C while a fit field is unanswered.',
    { example: ['A', 'B'] },
  ),
  fit: told(number.optional(), 'Who the lead is: 0 to 100.', { example: '>= 50' }),
  engagement: told(number.optional(), 'What the lead did lately, as the shown number: 0 to 100.', { example: '>= 30' }),
  conversions: told(number.optional(), 'How many forms the lead has sent.', { example: '>= 1' }),
  consent: told(names.optional(), 'A purpose to which the lead has agreed.', { example: 'marketing' }),
  tag: told(names.optional(), 'A tag that the lead has; of a list, one of them.', { example: 'vip' }),
  emailStatus: told(words(['unknown', 'verified', 'undeliverable']).optional(), 'What is known of the address.', {
    example: ['verified', 'unknown'],
  }),
  emailDomain: told(
    names.optional(),
    'A list of the scoring file that holds the domain of the address, or one of `free-mail`, `disposable`, `role`.',
    { example: 'free-mail' },
  ),
  handRaise: told(z.boolean().optional(), 'Holds at the event alone by which the lead asked for sales.', {
    example: true,
  }),
  handoff: told(names.optional(), 'Holds at the answer of sales alone that gave this outcome.', {
    example: 'accepted',
  }),
});

/** About a lead: a mapping of which all keys must hold. */
export const condition = shownAs(() => Lead);

const wheres = z.lazy(() => z.array(where));
const Event = z.looseObject({
  any: told(wheres.optional(), 'One of these must hold.', { example: [{ plan: 'trial' }, { plan: 'free' }] }),
  all: told(wheres.optional(), 'All of these must hold.', { example: [{ minutes: '>= 20' }, { minutes: '< 90' }] }),
  not: told(z.lazy(() => where).optional(), 'This must not hold.', { example: { plan: 'trial' } }),
});

/** About one event: its properties. */
export const where = shownAs(() => Event);
