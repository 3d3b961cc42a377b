/** When and how often mail may go out: `send:` of a workflow, `frequency:` of a consent, `sunset:` of the settings. */
import * as z from 'zod';
import type { SendRules } from '../../functions/definition/workflow.ts';
import { days, wallClock } from './hours.ts';
import { mapping, oneOf, reading, shown, what } from './shape.ts';
import { isMapping } from './source.ts';
import { told } from './told.ts';
import { leadZone } from './words.ts';

const EVERY_DAY = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Said already: a key that there is not may have been meant for the one that is missing. */
const isFaulty = ({ issues }: { issues: unknown[] }): boolean => issues.length > 0;

/** More a day or a week is no cap that a reader would notice. */
const MOST = 100;
const count = (of: string) =>
  z
    .number()
    .int(`${of} are counted in whole numbers.`)
    .min(1, 'A cap of 0 would send nothing: `ripen pause` holds a workflow.')
    .max(MOST, `${MOST} are the most.`);

const Window = mapping({
  days: told(days.optional(), 'The days on which the window opens.', { example: 'mon-fri', otherwise: 'every day' }),
  from: told(wallClock.optional(), 'When it opens, by the clock of the zone.', {
    example: '08:00',
    otherwise: 'midnight',
  }),
  to: told(
    wallClock.optional(),
    'When it closes. A window that ends before it begins lasts overnight, until that hour of the next day.',
    { example: '18:00', otherwise: 'midnight' },
  ),
}).transform((window, context): NonNullable<SendRules['window']> => {
  const { from = '00:00', to = '24:00' } = window;
  const empty = from === to || from === '24:00';
  if (!isFaulty(context) && (empty || Object.keys(window).length === 0)) {
    const message = empty
      ? `The window opens at ${from} and closes at ${to}: it is never open.`
      : 'The window names neither days nor hours.';
    const hint = 'Write it like `{ days: mon-fri, from: "08:00", to: "18:00" }`.';
    context.addIssue({ code: 'custom', message, params: { hint, ...(empty && { key: window.to ? 'to' : 'from' }) } });
  }
  return { days: [...(window.days ?? EVERY_DAY)], from, to };
});

const Cap = mapping({
  perDay: told(count('Mails').optional(), 'On one calendar day of the lead.', { example: 1, otherwise: 'no cap' }),
  perWeek: told(count('Mails').optional(), 'Within any 7 days.', { example: 2, otherwise: 'no cap' }),
}).transform((cap, context): NonNullable<SendRules['cap']> => {
  const { perDay, perWeek } = cap;
  if (!isFaulty(context) && perDay === undefined && perWeek === undefined) {
    context.addIssue({ code: 'custom', message: 'The cap names no number.', params: { hint: 'Take it out.' } });
  }
  return { ...(perDay !== undefined && { perDay }), ...(perWeek !== undefined && { perWeek }) };
});

export const SendFile = mapping({
  window: told(
    Window.optional(),
    'Days and hours at which marketing mail may go out; what is due at another time goes out when it opens.',
    { example: { days: 'mon-fri', from: '08:00', to: '18:00' }, otherwise: 'at any time' },
  ),
  zone: told(leadZone.optional(), 'By whose clock: the lead’s own, or that of the zone named here.', {
    example: 'lead',
    otherwise: 'the lead’s',
  }),
  cap: told(
    Cap.optional(),
    'How many marketing mails a lead gets at most, those of all workflows together. A consent’s promise and the person’s own choice hold beside it.',
    { example: { perDay: 1, perWeek: 2 }, otherwise: 'as promised or chosen' },
  ),
}).transform((file, context): SendRules => {
  const { window, zone: named = 'lead', cap } = file;
  const fault = (message: string, key?: string) =>
    context.addIssue({ code: 'custom', message, params: { hint: 'Take it out.', ...(key && { key }) } });
  if (isFaulty(context)) return { zone: named };
  if (!window && !cap) fault('`send` names neither a window nor a cap.');
  else if (!window && file.zone !== undefined) fault('The zone is that of a window, and there is none.', 'zone');
  return { ...(window && { window }), zone: named, ...(cap && { cap }) };
});

type Frequency = { perDay?: number; perWeek?: number };

/** `2 per week`, `1 per day`. */
export const frequency = reading<Frequency>(
  (value) => {
    const wrong = `${shown(value)} is no frequency: write it like \`2 per week\` or \`1 per day\`.`;
    const match = /^(\d{1,3})\s*(?:per|a|\/)\s*(day|week)$/i.exec(typeof value === 'string' ? value.trim() : '');
    const [, number = '', unit = ''] = match ?? [];
    if (!match) return { wrong };
    const times = Number(number);
    const meant = `${times} per ${unit.toLowerCase()}`;
    if (value !== meant) return { wrong, params: { nearest: meant } };
    if (times < 1 || times > MOST) return { wrong: `A promise is of 1 to ${MOST} mails, not of ${times}.` };
    return { value: unit === 'day' ? { perDay: times } : { perWeek: times } };
  },
  { type: 'string', pattern: '^[1-9][0-9]* per (day|week)$' },
);

/** `11 mails`, as a number. */
const mails = reading<number>(
  (value) => {
    const match = /^(\d{1,3}) mails?$/.exec(typeof value === 'string' ? value.trim() : '');
    const times = Number(match?.[1]);
    if (match && times >= 1 && times <= MOST) return { value: times };
    if (match) return { wrong: `A number of mails is from 1 to ${MOST}.` };
    const meant = typeof value === 'number' ? `${value} mails` : undefined;
    return { wrong: `${shown(value)} is no number of mails: write it like \`16 mails\`.`, params: { nearest: meant } };
  },
  { type: 'string', pattern: '^[1-9][0-9]* mails?$' },
);

/**
 * HubSpot leaves a contact out after 11 mails without any engagement, and one who had engaged before after 16 ("Understand
 * graymail", knowledge.hubspot.com, July 2025). Nobody is stopped at 11 here: mail slows down first.
 */
export const SUNSET = { slowAfter: 11, stopAfter: 16 };

export type Sunset = typeof SUNSET;

const SunsetNumbers: z.ZodType<Sunset> = mapping({
  slowAfter: told(mails.optional(), 'Then at most one mail in two weeks.', {
    example: '11 mails',
    otherwise: `${SUNSET.slowAfter} mails`,
  }),
  stopAfter: told(mails.optional(), 'Then none: the workflow ends for this lead at its next mail.', {
    example: '16 mails',
    otherwise: `${SUNSET.stopAfter} mails`,
  }),
}).transform((file, context): Sunset => {
  const { stopAfter = SUNSET.stopAfter, slowAfter = Math.min(SUNSET.slowAfter, stopAfter) } = file;
  if (slowAfter > stopAfter) {
    const message = `Mail slows down after ${slowAfter} mails and stops after ${stopAfter}: it would never slow down.`;
    context.addIssue({ code: 'custom', message, params: { key: 'slowAfter' } });
  }
  return { slowAfter, stopAfter };
});

/** `never`, or after how many marketing mails in a row without any act of the person mail slows down, and stops. */
export const sunset = oneOf<Sunset | 'never'>(
  (value) => {
    if (value === 'never') return z.literal('never');
    if (isMapping(value)) return SunsetNumbers;
    const hint = 'Write it like `{ slowAfter: 11 mails, stopAfter: 16 mails }`, or `never`.';
    return { wrong: `\`sunset\` must be a mapping or \`never\`, not ${what(value)}.`, params: { hint } };
  },
  () => [z.literal('never'), SunsetNumbers],
);
