/** Checks settings.yaml and fills in its defaults. */
import * as z from 'zod';
import type { Settings } from '../../functions/definition/settings.ts';
import { SOFT_BOUNCES } from '../../functions/lead/soft-bounces.ts';
import { parseDuration } from './duration.ts';
import { compileMailSettings, mailKeys } from './mail-settings.ts';
import { frequency, SUNSET, sunset } from './send-shape.ts';
import { mapping, reading, shown } from './shape.ts';
import type { Source } from './source.ts';
import { fail, warn } from './source.ts';
import { told } from './told.ts';
import { address, country, domain, language, line, link, name, zone } from './words.ts';

const secret = z
  .string()
  .regex(
    /^[A-Z][A-Z0-9_]{0,63}$/,
    'Write the name of the secret, in capitals like `CRM_WEBHOOK`, never the secret itself.',
  );
/** Liquid in a setting would be run in every mail. */
const plainLine = line.refine((text) => !/\{\{|\{%/.test(text), 'A setting holds no Liquid.');

/** Ten mails in a row that come back are no bad week any more. */
const MOST_SOFT_BOUNCES = 10;
const bounces = z
  .number()
  .int('Soft bounces are counted in whole numbers.')
  .min(1, 'At least one soft bounce: 0 would suppress everybody.')
  .max(
    MOST_SOFT_BOUNCES,
    `At most ${MOST_SOFT_BOUNCES} soft bounces in a row: mailing on costs the sender’s reputation.`,
  );

const HOUR = 3_600_000;
/** A waiting step would wait for nothing else. */
const clickHold = reading<number>(
  (text) => {
    if (/^0 seconds?$/.test(String(text).trim())) return { value: 0 };
    const read = parseDuration(text);
    if ('value' in read && read.value > HOUR)
      return { wrong: `${shown(text)} is too long: a click is held for an hour at most.` };
    return read;
  },
  { type: 'string' },
);

export const SettingsFile = mapping({
  name: told(plainLine.optional(), 'What the company is called in mails and on pages.', {
    example: 'Cash Clarity',
    otherwise: '`Ripen`',
  }),
  from: told(
    mapping({
      name: told(plainLine, 'The name of the sender.', { example: 'Lan at Cash Clarity' }),
      address: told(address, 'The address of the sender, at a domain that SES may send for.', {
        example: 'lan@mail.example.com',
      }),
    }).optional(),
    'Who mails come from.',
    {
      example: { name: 'Lan at Cash Clarity', address: 'lan@mail.example.com' },
      otherwise: 'the name, at an address that works on this machine alone',
    },
  ),
  replyTo: told(address.optional(), 'Where answers to mails go.', {
    example: 'lan@example.com',
    otherwise: 'to the sender',
  }),
  postalAddress: told(plainLine.optional(), 'Where the company is: marketing mail must say it.', {
    example: '12 Nguyễn Huệ, District 1, Ho Chi Minh City, Vietnam',
    otherwise: 'a warning, and an error when deployed',
  }),
  site: told(link.optional(), 'The page of the company.', { example: 'https://www.example.com', otherwise: 'none' }),
  languages: told(
    z.array(language).min(1, 'At least one language is needed.').optional(),
    'The languages of mails; the first is the fallback.',
    {
      example: ['en', 'vi', 'th'],
      otherwise: '`[en]`',
    },
  ),
  zone: told(zone.optional(), 'The time zone where a lead tells none.', {
    example: 'Asia/Ho_Chi_Minh',
    otherwise: '`UTC`',
  }),
  staffDomains: told(z.array(domain).optional(), 'Domains of the own people: never leads.', {
    example: ['example.com'],
    otherwise: 'none',
  }),
  webhooks: told(
    z
      .record(
        name,
        mapping({
          url: told(link, 'Where it is called.', { example: 'https://crm.example.com/hooks/leads' }),
          secret: told(
            secret,
            'The name of the secret that signs it, never the secret: `Ripen-Signature` is `v1=` and the hex HMAC-SHA-256 of `Ripen-Id.Ripen-Timestamp.body` under it.',
            { example: 'CRM_WEBHOOK' },
          ),
        }),
      )
      .optional(),
    'Other systems that are told of leads, by name. Each call is signed; the README shows how a receiver checks it.',
    {
      example: { crm: { url: 'https://crm.example.com/hooks/leads', secret: 'CRM_WEBHOOK' } },
      otherwise: 'none',
    },
  ),
  softBounces: told(bounces.optional(), 'So many soft bounces in a row suppress an address.', {
    example: 5,
    otherwise: '5',
  }),
  sunset: told(
    sunset.optional(),
    'Who does nothing about so many marketing mails in a row gets them more slowly, then none. `never`: mail goes on.',
    { example: { slowAfter: '11 mails', stopAfter: '16 mails' }, otherwise: 'these numbers' },
  ),
  frequency: told(
    z.record(country, frequency).optional(),
    'How often marketing mail may reach a lead of a country at most, all workflows together. Promises and choices hold beside it.',
    { example: { VN: '3 per day' }, otherwise: 'as promised or chosen' },
  ),
  clickHold: told(
    clickHold.optional(),
    'How long a click is held: bursts show only later. Within the minute after it is judged to be a person’s or a machine’s. `0 seconds`: judged as it comes.',
    { example: '90 seconds', otherwise: '90 seconds' },
  ),
  ...mailKeys,
});
export type SettingsFile = z.infer<typeof SettingsFile>;

/** So that a folder without the file runs locally. The address cannot be delivered to or from (RFC 2606). */
export const DEFAULT_LANGUAGES = ['en'];
const LIMITS = { softBounces: SOFT_BOUNCES, clickHold: 90_000 };
const DEFAULTS = { name: 'Ripen', address: 'hello@example.com', zone: 'UTC' };

/** What stands for settings that cannot be read: without a language, so that nothing more is said about languages. */
export const unreadSettings = (): Settings => ({
  name: DEFAULTS.name,
  from: { name: DEFAULTS.name, address: DEFAULTS.address },
  languages: [],
  zone: DEFAULTS.zone,
  staffDomains: [],
  webhooks: {},
  ...LIMITS,
  subjectLabel: {},
  topics: {},
});

/** The settings with every default filled in. `deployed`: people get the mails, so what the law asks for must be there. */
export function compileSettings(file: SettingsFile, source: Source, deployed = false): Settings {
  const name = file.name ?? DEFAULTS.name;
  if (file.postalAddress === undefined) {
    const hint = 'Add `postalAddress:` to settings.yaml; deploying needs it.';
    const say = deployed ? fail : warn;
    say({ source, path: [] }, 'There is no postal address: marketing mail must show one.', { hint });
  }
  const { replyTo, postalAddress, site } = file;
  const languages = [...new Set(file.languages ?? DEFAULT_LANGUAGES)];
  return {
    name,
    from: file.from ?? { name, address: DEFAULTS.address },
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(postalAddress === undefined ? {} : { postalAddress }),
    ...(site === undefined ? {} : { site }),
    languages,
    zone: file.zone ?? DEFAULTS.zone,
    staffDomains: file.staffDomains ?? [],
    webhooks: file.webhooks ?? {},
    ...LIMITS,
    ...(file.sunset === 'never' ? {} : { sunset: file.sunset ?? SUNSET }),
    ...(file.frequency === undefined ? {} : { frequency: file.frequency }),
    ...(file.softBounces === undefined ? {} : { softBounces: file.softBounces }),
    ...(file.clickHold === undefined ? {} : { clickHold: file.clickHold }),
    ...compileMailSettings(file, { source, path: [] }, languages),
  };
}
