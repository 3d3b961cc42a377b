/** The times and the evidence of consent in a row of an imported file. */
import { createHash } from 'node:crypto';
import type { Rules } from '../definition/definition.ts';
import type { ConsentAct, Instant } from './event.ts';
import { cutText, LONGEST_TEXT } from './field-value.ts';
import type { OwnColumn } from './import-columns.ts';
import { MARKETING } from './suppression.ts';
import { instantOf } from './told-time.ts';
import { isNoAnswer, yesOrNo } from './yes-no.ts';

/** The cell of a column, where it is not blank. */
export type Own = (name: OwnColumn) => string | undefined;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const OLDEST = '2000-01-01T00:00:00.000Z';

/** An instant with its zone, or a day: its beginning in UTC, or its end (`late`), but never what is still to come. */
export const readTime = (text: string | undefined, now: Instant, late = false): Instant | undefined | 'wrong' => {
  if (text === undefined) return undefined;
  const isDay = DATE.test(text);
  const at = instantOf(isDay ? `${text}T${late ? '23:59:59.999' : '00:00:00.000'}Z` : text.replace(' ', 'T'));
  if (at === undefined) return 'wrong';
  // A date that rolled over, such as 31 June, is none.
  if (isDay && !at.startsWith(text)) return 'wrong';
  if (isDay && late && text === now.slice(0, 10)) return now;
  return at > now || at < OLDEST ? 'wrong' : at;
};

export const wrongTime = (column: OwnColumn): { refused: string } => ({
  refused: `The column ${column} must be a past day (2026-03-01) or a time with its zone (2026-03-01T09:00:00+07:00).`,
});

const promiseOf = (own: Own): ConsentAct['frequency'] | 'wrong' => {
  const [perDay, perWeek] = [own('consent_per_day'), own('consent_per_week')].map((text) =>
    text === undefined ? undefined : /^[1-9]\d?$/.test(text) ? Number(text) : Number.NaN,
  );
  if (Number.isNaN(perDay) || Number.isNaN(perWeek)) return 'wrong';
  if (perDay === undefined && perWeek === undefined) return undefined;
  return { ...(perDay !== undefined && { perDay }), ...(perWeek !== undefined && { perWeek }) };
};

const EVIDENCE = ['consent_text', 'consent_at', 'consent_source'] as const;

/** The consent of the row with its evidence; undefined: it claims none. */
export const consentOf = (own: Own, rules: Rules): ConsentAct | undefined | { refused: string } => {
  const said = own('consent');
  const answer = said === undefined ? undefined : yesOrNo(said);
  const claims = said === undefined ? EVIDENCE.some((name) => own(name) !== undefined) : !isNoAnswer(said);
  if (!claims || answer === false) return undefined;
  const purpose = said === undefined || answer ? MARKETING : said;
  const purposes = new Set([MARKETING, ...Object.values(rules.forms).flatMap(({ consent }) => Object.keys(consent))]);
  if (!purposes.has(purpose))
    return { refused: `The column consent must be one of ${[...purposes].join(', ')}, or no.` };
  const missing = EVIDENCE.find((name) => own(name) === undefined);
  if (missing) return { refused: `Consent without evidence: the column ${missing} is empty.` };
  const text = own('consent_text') ?? '';
  if (text.length > LONGEST_TEXT)
    return { refused: `The column consent_text is longer than ${LONGEST_TEXT} characters.` };
  const frequency = promiseOf(own);
  if (frequency === 'wrong') return { refused: 'A promised number of mails must be a whole number from 1 to 99.' };
  const [language, proof] = [own('consent_language'), own('consent_proof')];
  return {
    purpose,
    action: 'granted',
    method: 'import',
    text,
    textHash: sha256(text),
    source: cutText(own('consent_source') ?? '', 500),
    ...(language !== undefined && { language: language.slice(0, 35) }),
    ...(proof !== undefined && { proof: cutText(proof, 500) }),
    ...(frequency && { frequency }),
  };
};
