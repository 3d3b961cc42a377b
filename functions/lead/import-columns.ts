/** The columns of an imported file: what each cell of a row is. */
import type { Rules } from '../definition/definition.ts';
import type { FormField } from '../definition/form.ts';
import { knownFields } from './known-fields.ts';
import { nearest } from './nearest.ts';

/** Columns with a meaning of their own, as `ripen import --help` explains them. */
export const OWN_COLUMNS = [
  'email',
  'language',
  'at',
  'source',
  'status',
  'status_at',
  'consent',
  'consent_text',
  'consent_at',
  'consent_source',
  'consent_language',
  'consent_proof',
  'consent_per_day',
  'consent_per_week',
] as const;
export type OwnColumn = (typeof OWN_COLUMNS)[number];

/** By its place in a row. */
export type Column = { own: OwnColumn } | { field: string; type: FormField } | undefined;

export interface Columns {
  columns: Column[];
  /** Columns that nobody knows, as they are called: their cells are not taken. */
  setAside: string[];
  /** What their authors may have meant, where something is near. */
  hints: string[];
}

const ALIASES: Record<string, string> = { emailaddress: 'email', mail: 'email', fullname: 'name', locale: 'language' };

/** Case, spaces, hyphens and underscores do not count: “Company Size” is `companySize`. */
const plain = (name: string): string => {
  const bare = name
    .normalize('NFC')
    .toLowerCase()
    .replace(/[\s_.\-\u200b\ufeff]/g, '');
  return ALIASES[bare] ?? bare;
};

/** What each column is, or why the file cannot be read. */
export const readColumns = (
  header: readonly string[],
  rules: Pick<Rules, 'forms' | 'scoring'>,
): Columns | { refused: string } => {
  // The column `language` is the lead's own, whatever a form makes of it.
  const { language: _, ...fields } = knownFields(rules);
  const known = new Map<string, Column>([
    ...Object.entries(fields).map(([field, type]): [string, Column] => [plain(field), { field, type }]),
    ...OWN_COLUMNS.map((own): [string, Column] => [plain(own), { own }]),
  ]);
  const seen = new Set<string>();
  for (const name of header.map(plain)) {
    if (known.has(name) && seen.has(name)) return { refused: `Two columns are called ${name}.` };
    seen.add(name);
  }
  if (!seen.has('email')) return { refused: 'The file has no column “email”: its first row must name the columns.' };
  const columns = header.map((name) => known.get(plain(name)));
  const setAside = header
    .filter((name, i) => columns[i] === undefined && name.trim() !== '')
    .map((name) => name.trim());
  const names = [...OWN_COLUMNS, ...Object.keys(fields)];
  const hints = setAside.flatMap((name) => {
    const near = nearest(name, names);
    return near === undefined ? [] : [`${name}: did you mean ${near}?`];
  });
  return { columns, setAside, hints };
};
