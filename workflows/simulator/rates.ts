/**
 * How people behave in a simulated cohort. Every figure says where it comes from; a file of the marketer's own replaces any
 * of them, and should: no default is better than last month's report.
 */
import * as z from 'zod';

const share = z.number().min(0).max(1);
const shares = z.record(z.string(), z.number().min(0));

/** What a rates file may say; whatever it leaves out keeps its default. */
export const RatesFile = z.strictObject({
  arrivalsPerDay: z.number().positive().optional(),
  agrees: share.optional(),
  confirms: share.optional(),
  opens: share.optional(),
  clicks: share.optional(),
  visitsAfterClick: z.number().min(0).max(20).optional(),
  pricingShare: share.optional(),
  visitsPerWeek: z.number().min(0).max(50).optional(),
  asksForSalesPerWeek: share.optional(),
  unsubscribes: share.optional(),
  bounces: share.optional(),
  complains: share.optional(),
  answers: shares.optional(),
  answerHours: z.number().positive().optional(),
  fields: z.record(z.string(), shares).optional(),
});
export type RatesFile = z.infer<typeof RatesFile>;
const WholeRates = RatesFile.required();
export type Rates = { [Key in keyof RatesFile]-?: NonNullable<RatesFile[Key]> };

interface Stated {
  value: unknown;
  about: string;
  source: string;
}

const GUESS = 'an assumption of ours, to be replaced by your own figure';

/** By name: the default, what it means, and where it comes from. */
export const STATED = {
  arrivalsPerDay: { value: 20, about: 'posts of the form a day', source: GUESS },
  agrees: { value: 0.7, about: 'tick the box for marketing mail', source: GUESS },
  confirms: {
    value: 0.75,
    about: 'confirm, where the form asks for it',
    source: GUESS,
  },
  opens: {
    value: 1 / 3,
    about: 'people who open a marketing mail',
    source: 'as in the cost of a workflow (prices.ts); openings by machines are no openings here',
  },
  clicks: {
    value: 1 / 6,
    about: 'people who click in a marketing mail',
    source: 'as in the cost of a workflow (prices.ts): generous, a list that is new and asked for it',
  },
  visitsAfterClick: { value: 2, about: 'pages looked at after a click', source: GUESS },
  pricingShare: { value: 0.15, about: 'of the pages looked at are the pricing page', source: GUESS },
  visitsPerWeek: { value: 0.3, about: 'pages looked at in a week without a mail', source: GUESS },
  asksForSalesPerWeek: {
    value: 0.005,
    about: 'ask for a demo, a quote or a call in a week',
    source: GUESS,
  },
  unsubscribes: {
    value: 0.003,
    about: 'unsubscribe, of each marketing mail',
    source: GUESS,
  },
  bounces: {
    value: 0.01,
    about: 'addresses that do not exist',
    source: 'a fifth of the 5 % at which SES puts an account under review',
  },
  complains: {
    value: 0.0003,
    about: 'complain, of each marketing mail',
    source: 'a third of the 0.1 % that Gmail and SES ask senders to stay under',
  },
  answers: {
    value: { accepted: 60, 'not-ready': 25, 'bad-fit': 15 },
    about: 'what sales answers, in shares; answers that handoff.yaml does not know are left out',
    source:
      'weak: vendors write of 13-27 % of MQLs that sales takes; a threshold of fit and engagement hands over fewer, better ones',
  },
  answerHours: { value: 4, about: 'hours until sales answers, half of them sooner', source: GUESS },
  fields: {
    value: {},
    about: 'what leads say of themselves, in shares by field',
    source: 'every choice as often as the others',
  },
} as const satisfies Record<keyof Rates, Stated>;

/** The rates, with those of a file in the place of the defaults. */
export const ratesWith = (file: RatesFile = {}): Rates => {
  const defaults = Object.fromEntries(Object.entries(STATED).map(([name, { value }]) => [name, value]));
  return WholeRates.parse({ ...defaults, ...file });
};
