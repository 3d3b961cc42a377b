/** Events and random histories for the tests of the domain. */
import fc from 'fast-check';
import type { Scoring } from '../../functions/definition/scoring.ts';
import type { LeadEvent } from '../../functions/lead/event.ts';
import { derivedId } from '../../functions/lead/id.ts';
import { DAY, HOUR } from './example-scoring.ts';

/** Monday 1 March 2027, 09:00 in Vietnam. */
export const START = Date.parse('2027-03-01T02:00:00.000Z');
export const ZONE = 'Asia/Ho_Chi_Minh';

export const instant = (ms: number): string => new Date(ms).toISOString();
export const dayOf = (days: number): string => instant(START + days * DAY);

/** An event with sound defaults; its id follows from its key. */
export const eventOf = (key: string, at: string, more: Partial<LeadEvent>): LeadEvent => ({
  id: derivedId('evt', at, key),
  leadId: 'lead_1',
  key,
  type: 'page.viewed',
  at,
  actor: 'human',
  data: {},
  recordedAt: at,
  definition: 'd1',
  changes: [],
  ...more,
});

const name = fc.constantFrom('alpha', 'beta', 'gamma', 'delta');
const eventType = fc.constantFrom(
  'page.viewed',
  'form.submitted',
  'email.clicked',
  'webinar.attended',
  'handoff.rejected',
);
const properties = fc.record({
  category: fc.constantFrom('pricing', 'careers', 'blog'),
  email: fc.constantFrom('m1', 'm2'),
  asset: fc.constantFrom('a1', 'a2'),
  conversion: fc.constantFrom('download', 'demo'),
  depth: fc.constantFrom('deep', 'shallow'),
  minutes: fc.integer({ min: 0, max: 60 }),
});

/** A lead's log, within 60 days of the start, by any actor, some of it superseded, at instants that may coincide. */
export const histories: fc.Arbitrary<LeadEvent[]> = fc
  .array(
    fc.record({
      after: fc.integer({ min: 0, max: 60 * 24 }),
      type: eventType,
      actor: fc.constantFrom('human', 'human', 'human', 'machine', 'proxy', 'sales', 'clock'),
      data: properties,
      fields: fc.option(fc.record({ country: fc.constantFrom('VN', 'US', 'TH') }), { nil: undefined }),
      superseded: fc.integer({ min: 0, max: 9 }),
      purpose: fc.option(fc.constantFrom('granted', 'confirmed', 'withdrawn'), { nil: undefined }),
    }),
    { maxLength: 40 },
  )
  .map((drawn) =>
    drawn.map(({ after, type, actor, data, fields, superseded, purpose }, place) =>
      eventOf(`k${place}`, instant(START + after * HOUR), {
        type,
        actor,
        data,
        ...(fields && { fields }),
        ...(superseded === 0 && { superseded: true }),
        ...(purpose && { consent: [{ purpose: 'marketing', action: purpose, method: 'box' }] }),
      }),
    ),
  );

const engagementRule = (least: number) =>
  fc.record({
    on: eventType,
    points: fc.integer({ min: least, max: 40 }),
    per: fc.constantFrom('once', 'day', 'email', 'asset', 'event'),
    cap: fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }),
    halfLife: fc.option(fc.integer({ min: 1, max: 90 * 24 }), { nil: undefined }),
    group: fc.option(fc.constantFrom('web', 'email'), { nil: undefined }),
  });

/** A definition with random rules of engagement and fit; `least` is the fewest points that an engagement rule may give. */
export const scorings = (base: Scoring, least = -40): fc.Arbitrary<Scoring> =>
  fc
    .record({
      rules: fc.dictionary(name, engagementRule(least), { minKeys: 1 }),
      web: fc.integer({ min: 1, max: 80 }),
      email: fc.integer({ min: 1, max: 80 }),
      sizes: fc.tuple(fc.float({ min: -60, max: 60, noNaN: true }), fc.integer({ min: -60, max: 90 })),
      area: fc.integer({ min: -60, max: 90 }),
    })
    .map(({ rules, web, email, sizes, area }) => ({
      ...base,
      fit: {
        ...base.fit,
        rules: {
          size: { field: 'companySize', points: { '1-9': sizes[0], '10-49': sizes[1] } },
          area: { field: 'country', points: { VN: area }, other: 3 },
        },
      },
      engagement: {
        groups: { web: { cap: web }, email: { cap: email } },
        rules: Object.fromEntries(
          Object.entries(rules).map(([key, { cap, halfLife, group, ...rule }]) => [
            key,
            {
              ...rule,
              ...(cap !== undefined && { cap }),
              ...(halfLife !== undefined && { halfLife: halfLife * HOUR }),
              ...(group !== undefined && { group }),
            },
          ]),
        ),
      },
    }));
