/** The keys of settings.yaml that shape the mails: the look of the frame, the topics, the label that a law asks for. */
import * as z from 'zod';
import type { Settings } from '../../functions/definition/settings.ts';
import { contrast, LIGHT } from './colour.ts';
import { mapping, reading, shown } from './shape.ts';
import { below, fail, type Spot, warn } from './source.ts';
import { told } from './told.ts';
import { country, language, line, name } from './words.ts';

/** WCAG 2.2, 1.4.3: what text needs to stand out. */
const READABLE = 4.5;

const colour = reading<string>(
  (value) => {
    if (typeof value !== 'string' || !/^#[0-9a-f]{6}$/i.test(value)) {
      return { wrong: `${shown(value)} is not a colour: write it in quotes, like \`"#0b5cad"\`.` };
    }
    const ratio = contrast(value, LIGHT.page);
    if (ratio >= READABLE) return { value: value.toLowerCase() };
    const hint = 'Take a darker one: links and buttons are written in it.';
    const wrong = `${shown(value)} is too pale to be read on the page of a mail: ${ratio.toFixed(1)} to 1, where ${READABLE} is the least.`;
    return { wrong, params: { hint } };
  },
  { type: 'string', pattern: '^#[0-9a-fA-F]{6}$' },
);
const picture = z
  .string()
  .refine((text) => /^https:\/\//i.test(text) && URL.canParse(text), 'A picture in a mail must come from `https://`.');
const plain = line.refine((text) => !/\{\{|\{%/.test(text), 'A setting holds no Liquid.');

/** To be spread into the mapping of settings.yaml. */
export const mailKeys = {
  brand: told(
    mapping({
      logo: told(picture.optional(), 'A picture at the top of mails.', {
        example: 'https://www.example.com/logo.png',
        otherwise: 'the name',
      }),
      colour: told(colour.optional(), 'The colour of links and buttons, in quotes.', {
        example: '#0b5cad',
        otherwise: 'a dark blue',
      }),
    }).optional(),
    'How the built-in frame of the mails looks.',
    { example: { colour: '#0b5cad' }, otherwise: 'plain' },
  ),
  topics: told(
    z.record(name, z.record(language, plain)).optional(),
    'What recipients may choose from: the title of each topic by language.',
    { example: { 'cash-flow': { en: 'Cash flow', vi: 'Dòng tiền', th: 'กระแสเงินสด' } }, otherwise: 'none' },
  ),
  subjectLabel: told(
    z.record(country, plain.max(20, 'A label has 20 characters at most.')).optional(),
    'What the law of a country puts before the subject of marketing mail. Whose country is not known counts as living in the zone of the workspace.',
    { example: { VN: '[QC]' }, otherwise: 'nothing' },
  ),
};
const MailKeys = z.object(mailKeys);

/** The settings of these keys with their defaults. Wordings that are missing are said. */
export function compileMailSettings(
  { brand, topics = {}, subjectLabel = {} }: z.infer<typeof MailKeys>,
  root: Spot,
  languages: readonly string[],
): Pick<Settings, 'brand' | 'topics' | 'subjectLabel'> {
  for (const [topic, titles] of Object.entries(topics)) checkTitles(titles, below(root, 'topics', topic), languages);
  const { logo, colour } = brand ?? {};
  const look = { ...(logo === undefined ? {} : { logo }), ...(colour === undefined ? {} : { colour }) };
  return { topics, subjectLabel, ...(brand ? { brand: look } : {}) };
}

/** Recipients choose by the titles, so each language needs one. */
function checkTitles(titles: Record<string, string>, spot: Spot, languages: readonly string[]): void {
  const [first = '', ...others] = languages;
  if (titles[first] === undefined) {
    fail(spot, `The title in \`${first}\`, the first language, is missing.`, { key: true });
    return;
  }
  const missing = others.filter((language) => titles[language] === undefined);
  if (missing.length === 0) return;
  warn(spot, `The title in ${missing.map((each) => `\`${each}\``).join(', ')} is missing: \`${first}\` is shown.`, {
    key: true,
  });
}
