/**
 * One row of an imported file: a lead with what is known of it and the evidence of its consent, or an address that must not
 * be mailed. Its reasons for refusing say no value of the row.
 */
import type { Rules } from '../definition/definition.ts';
import type { FieldValue } from '../definition/scoring.ts';
import { parseEmailAddress, partsOf } from './email-address.ts';
import { isInEmailLists } from './email-lists.ts';
import type { ConsentAct, Happening, Instant } from './event.ts';
import { cleanText, cutText, isBlank } from './field-value.ts';
import { isStaff, languageOf } from './form-submission.ts';
import { readField } from './form-values.ts';
import type { Columns, OwnColumn } from './import-columns.ts';
import { consentOf, type Own, readTime, wrongTime } from './import-evidence.ts';
import type { EmailAddress, Lead } from './lead.ts';
import { MARKETING } from './suppression.ts';

export interface ImportFacts {
  /** Stands for the file's content: the same row of the same file is taken once. */
  file: string;
  /** As a spreadsheet counts: the header is row 1. */
  row: number;
  /** What the file is called, for workflows that start with it. */
  list?: string | undefined;
  now: Instant;
}

export type ImportRow =
  | { refused: string }
  | { blank: true }
  | { email: EmailAddress; happening: Happening; keeps?: undefined }
  /** An address not to be mailed: what is kept of it where it has no lead. */
  | { email: EmailAddress; happening: Happening; keeps: Pick<Lead, 'suppressed' | 'stopped'> };

/** Values that a spreadsheet would run. A leading apostrophe is how one is kept from it, and no part of the value. */
const unguarded = (cell: string): string => cell.replace(/^\s*'(?=[=+\-@\t\r])/, '');
const isFormula = (cell: string): boolean => /^\s*(?:=|[+\-@]\S*[(|!])/.test(cell);

interface Cells {
  own: Own;
  fields: Record<string, FieldValue>;
}

const cellsOf = (cells: readonly string[], { columns }: Columns): Cells | { refused: string } => {
  const own = new Map<OwnColumn, string>();
  const fields: Record<string, FieldValue> = {};
  for (const [i, column] of columns.entries()) {
    const cell = unguarded(cells[i] ?? '');
    if (!column || isBlank(cell)) continue;
    const name = 'own' in column ? column.own : column.field;
    const isPhone = 'field' in column && column.type.type === 'phone';
    if (!isPhone && isFormula(cell)) return { refused: `The column ${name} holds a formula.` };
    if ('own' in column) {
      own.set(column.own, cleanText(cell));
      continue;
    }
    const { value, error } = readField(column.field, column.type, { [column.field]: [cell] });
    if (error) return { refused: error.message };
    if (value !== undefined) fields[column.field] = value;
  }
  return { own: (name) => own.get(name), fields };
};

type Status = 'lead' | 'unsubscribed' | 'bounced' | 'complained';
/** Also in the words that other systems export. */
const STATUSES: Record<string, Status> = {
  ...{ lead: 'lead', active: 'lead', subscribed: 'lead', confirmed: 'lead' },
  ...{ unsubscribed: 'unsubscribed', 'opted out': 'unsubscribed', optout: 'unsubscribed', unsub: 'unsubscribed' },
  ...{ bounced: 'bounced', 'hard bounce': 'bounced', 'hard bounced': 'bounced', cleaned: 'bounced' },
  ...{ complained: 'complained', complaint: 'complained', 'spam complaint': 'complained', spam: 'complained' },
};

const withdrawn: ConsentAct = { purpose: MARKETING, action: 'withdrawn', method: 'import' };

interface Silenced {
  happening: Omit<Happening, 'key' | 'at'>;
  keeps: Pick<Lead, 'suppressed' | 'stopped'>;
}

/** What happened to an address that must not be mailed, and what is kept of it. */
const silenced = (reason: Exclude<Status, 'lead'>, at: Instant): Silenced => {
  const data = { by: 'import' };
  if (reason === 'unsubscribed')
    return {
      happening: { type: 'email.unsubscribed', actor: 'human', data, consent: [withdrawn] },
      keeps: { stopped: { reason, at } },
    };
  const keeps = { suppressed: { reason, at }, stopped: { reason, at } };
  return reason === 'bounced'
    ? { happening: { type: 'email.bounced', actor: 'machine', data: { ...data, bounce: 'hard' } }, keeps }
    : { happening: { type: 'email.complained', actor: 'machine', data, consent: [withdrawn] }, keeps };
};

/** Reads one row by its columns. */
export const readImportRow = (
  cells: readonly string[],
  columns: Columns,
  rules: Rules,
  { file, row, list, now }: ImportFacts,
): ImportRow => {
  if (cells.every(isBlank)) return { blank: true };
  if (cells.length > columns.columns.length) return { refused: 'The row has more cells than the header has columns.' };
  if (cells.some((cell) => !cell.isWellFormed())) return { refused: 'The row holds characters that are not valid.' };
  const read = cellsOf(cells, columns);
  if ('refused' in read) return read;
  const { own, fields } = read;
  const parsed = parseEmailAddress(own('email') ?? '');
  if (!parsed.ok) return { refused: `The address is not accepted: ${parsed.why}.` };
  const email = parsed.address;
  const status = STATUSES[(own('status') ?? 'lead').toLowerCase().replaceAll('-', ' ')];
  if (!status) return { refused: 'The column status must be lead, unsubscribed, bounced or complained.' };
  const key = `import:${file}:${row}`;
  if (status !== 'lead') {
    const when = readTime(own('status_at'), now, true);
    if (when === 'wrong') return wrongTime('status_at');
    const at = when ?? now;
    const { happening, keeps } = silenced(status, at);
    return { email, happening: { key, at, ...happening }, keeps };
  }
  return leadOf({ email, own, fields, key, list, now }, rules);
};

interface LeadCells extends Cells {
  email: EmailAddress;
  key: string;
  list: string | undefined;
  now: Instant;
}

const leadOf = ({ email, own, fields, key, list, now }: LeadCells, rules: Rules): ImportRow => {
  if (isStaff(email, rules.settings)) return { refused: 'The own staff are no leads.' };
  const consent = consentOf(own, rules);
  if (consent && 'refused' in consent) return consent;
  // What nobody signed in person for must not be mailed: such boxes are read by many, and some are traps.
  if (!consent && isInEmailLists(partsOf(email.deliverTo), ['role'], {}))
    return { refused: 'The address is of a role (such as info@): it is taken with evidence of consent alone.' };
  const [given, at] = [readTime(own('consent_at'), now), readTime(own('at'), now)];
  if (given === 'wrong') return wrongTime('consent_at');
  if (at === 'wrong') return wrongTime('at');
  const language = languageOf(own('language'), rules.settings);
  if (own('language') !== undefined && language === undefined)
    return { refused: 'The column language must be a language tag, such as vi or en.' };
  const channel = cutText(own('source') ?? 'import', 100);
  return {
    email,
    happening: {
      key,
      type: 'lead.imported',
      // A consent counts from when it was given: what the person said later stands above it.
      at: given ?? at ?? now,
      actor: 'human',
      data: { ...(list !== undefined && { list }) },
      fields,
      source: { channel },
      ...(language !== undefined && { language }),
      ...(consent && { consent: [consent] }),
    },
  };
};
