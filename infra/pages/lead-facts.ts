/** What is known of a lead beside its stage and scores, in words. */
import { html } from 'hono/html';
import { z } from 'zod';
import { timeTag } from './shell.ts';

type Html = ReturnType<typeof html>;
type Words = Html | string;

const Frequency = z.looseObject({ perDay: z.number().optional(), perWeek: z.number().optional() });
const Touch = z.looseObject({
  channel: z.string().optional(),
  utm: z.record(z.string(), z.string()).optional(),
  referrer: z.string().optional(),
  page: z.string().optional(),
});
const Stop = z.looseObject({ reason: z.string(), at: z.string(), why: z.string().optional() });

/** What the API says of a lead that is none of its fields. */
const Own = z.object({
  email: z.string(),
  language: z.string().optional(),
  emailStatus: z.string().optional(),
  emailLabels: z.array(z.string()).optional(),
  suppressed: Stop.optional(),
  stopped: Stop.optional(),
  audience: z.string().optional(),
  restUntil: z.string().optional(),
  handoff: z.looseObject({ status: z.string(), handRaise: z.boolean() }).optional(),
  preferences: z
    .looseObject({
      topicsOff: z.array(z.string()).optional(),
      frequency: Frequency.optional(),
      pausedUntil: z.string().optional(),
    })
    .optional(),
  stageSince: z.string().optional(),
  updatedAt: z.string().optional(),
  conversions: z.number().optional(),
  consents: z
    .record(z.string(), z.looseObject({ state: z.string(), at: z.string(), frequency: Frequency.optional() }))
    .optional(),
  source: z.looseObject({ first: Touch.optional(), last: Touch.optional() }).optional(),
});
type Own = z.infer<typeof Own>;

/** They stand elsewhere on the page. */
const ELSEWHERE = ['id', 'stage', 'grade', 'fit', 'engagement', 'version', 'createdAt', 'enrolments', 'name'];

/** A row each, the lead's own fields after its address. */
export function facts(lead: Record<string, unknown>, zone: string): Html {
  const own = Own.parse(lead);
  const shown = new Set([...Object.keys(Own.shape), ...ELSEWHERE]);
  const fields = Object.entries(lead).filter(([name, value]) => !shown.has(name) && typeof value !== 'object');
  const rows: (Row | undefined)[] = [
    ['Email', own.email],
    ...fields.map(([name, value]): Row => [labelOf(name), String(value)]),
    own.language ? ['Language', own.language] : undefined,
    own.audience ? ['Asks as', own.audience] : undefined,
    ...mailRows(own, zone),
    ...wayRows(own, zone),
  ];
  return html`<table class="facts"><tbody>${rows.map((row) => (row ? html`<tr><th scope="row">${row[0]}</th><td>${row[1]}</td></tr>` : ''))}</tbody></table>`;
}

type Row = [string, Words];

/** `companySize` as a person reads it: "Company size". */
function labelOf(field: string): string {
  const words = field.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const ADDRESS: Record<string, string> = {
  unknown: 'not confirmed yet',
  verified: 'takes mail',
  undeliverable: 'takes no mail',
};

function mailRows(
  { emailStatus, emailLabels = [], consents = {}, suppressed, stopped, preferences }: Own,
  zone: string,
) {
  const { topicsOff = [], frequency, pausedUntil } = preferences ?? {};
  const chosen = [
    topicsOff.length > 0 ? html`nothing on ${topicsOff.join(', ')}` : '',
    frequency ? html`at most ${often(frequency)}` : '',
    pausedUntil ? html`a pause until ${timeTag(pausedUntil, zone)}` : '',
  ].filter((each) => each !== '');
  const ended = (stop: z.infer<typeof Stop>) =>
    html`${stop.reason}, ${timeTag(stop.at, zone)}${stop.why ? `: ${stop.why}` : ''}`;
  const rows: (Row | undefined)[] = [
    emailStatus ? ['Address', [ADDRESS[emailStatus] ?? emailStatus, ...emailLabels].join(', ')] : undefined,
    ...Object.entries(consents).map(
      ([purpose, { state, at, frequency }]): Row => [
        `Consent: ${purpose}`,
        html`${state} ${timeTag(at, zone)}${frequency ? `, at most ${often(frequency)}` : ''}`,
      ],
    ),
    suppressed ? ['No mail at all', ended(suppressed)] : undefined,
    stopped ? ['No marketing mail', ended(stopped)] : undefined,
    chosen.length > 0 ? ['Chose', html`${chosen.map((each, n) => html`${n > 0 ? '; ' : ''}${each}`)}`] : undefined,
  ];
  return rows;
}

function wayRows({ handoff, restUntil, stageSince, updatedAt, conversions, source = {} }: Own, zone: string) {
  const rows: (Row | undefined)[] = [
    handoff
      ? [
          'Sales',
          `${handoff.status === 'pending' ? 'asked, no answer yet' : handoff.status}${handoff.handRaise ? '; the lead asked for it' : ''}`,
        ]
      : undefined,
    restUntil ? ['Rests until', timeTag(restUntil, zone)] : undefined,
    conversions === undefined ? undefined : ['Conversions', String(conversions)],
    source.first ? ['Came first by', wayOf(source.first)] : undefined,
    source.last ? ['Came last by', wayOf(source.last)] : undefined,
    stageSince ? ['At this stage since', timeTag(stageSince, zone)] : undefined,
    updatedAt ? ['Changed last', timeTag(updatedAt, zone)] : undefined,
  ];
  return rows;
}

const often = ({ perDay, perWeek }: z.infer<typeof Frequency>): string =>
  [perDay === undefined ? '' : `${perDay} a day`, perWeek === undefined ? '' : `${perWeek} a week`]
    .filter(Boolean)
    .join(', ');

/** `email · newsletter · spring`, then from which page to which. */
const wayOf = ({ channel, utm = {}, referrer, page }: z.infer<typeof Touch>): string =>
  [channel, ...Object.values(utm), referrer && `from ${referrer}`, page && `to ${page}`].filter(Boolean).join(' · ') ||
  'not known';
