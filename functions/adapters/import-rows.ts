/**
 * Taking the rows of an imported file, some at once. A row is taken once, by its number and the file that it stands in, so
 * that a file can be sent again from anywhere. Enrolments that follow start slowly: a list may be as long as it likes.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Rules } from '../definition/definition.ts';
import type { Instant } from '../lead/event.ts';
import type { Columns } from '../lead/import-columns.ts';
import { type ImportRow, readImportRow } from '../lead/import-row.ts';
import { act, type Outcome } from './act.ts';
import { keepNo } from './keep-no.ts';

/** Rows of as many leads, some 20 ms each. */
const AT_ONCE = 16;
/**
 * Machines that are started a second: a fifteenth of what Step Functions takes in the long run (300 a second), and a little
 * above what SES commonly sends (14 a second), so that their first mails do not pile up.
 */
const STARTS_A_SECOND = 20;
/** With 29 s for an answer: so many rows, or so many starts, and the rest is asked for by a cursor. */
const MOST_ROWS = 2000;
const MOST_STARTS = 400;

export interface Rows {
  /** Stands for the file's content. */
  file: string;
  columns: Columns;
  rows: string[][];
  /** The number of the first of them. */
  first: number;
  list?: string | undefined;
  /** Looked at only: nothing is written. */
  dryRun: boolean;
}

export interface Imported {
  /** Rows that took effect. */
  accepted: number;
  /** Of them, addresses that are not mailed any more. */
  suppressed: number;
  /** Rows that were taken before. */
  duplicates: number;
  refused: { row: number; reason: string }[];
  /** The number of the first row that was not looked at. */
  next?: number;
}

type Taken = 'accepted' | 'suppressed' | 'duplicate';

/** Takes rows until all are taken, or as many as fit into one answer. @throws what AWS throws; rows before it are taken. */
export async function importRows(file: Rows, rules: Rules, at: Instant): Promise<Imported> {
  const imported: Imported = { accepted: 0, suppressed: 0, duplicates: 0, refused: [] };
  const last = Math.min(file.rows.length, MOST_ROWS);
  let starts = 0;
  for (let from = 0; from < last; from += AT_ONCE) {
    if (starts >= MOST_STARTS) return { ...imported, next: file.first + from };
    const started = await takeSome(file, from, Math.min(from + AT_ONCE, last), rules, at, imported);
    starts += started;
    if (started > 0) await pause((1000 * started) / STARTS_A_SECOND);
  }
  return last < file.rows.length ? { ...imported, next: file.first + last } : imported;
}

/** @returns how many enrolments it started. */
async function takeSome(
  file: Rows,
  from: number,
  to: number,
  rules: Rules,
  at: Instant,
  sum: Imported,
): Promise<number> {
  const { columns, list, first } = file;
  const starts = file.rows.slice(from, to).map(async (cells, i) => {
    const row = first + from + i;
    const read = readImportRow(cells, columns, rules, { file: file.file, row, list, now: at });
    if ('blank' in read) return 0;
    if ('refused' in read) {
      sum.refused.push({ row, reason: read.refused });
      return 0;
    }
    const { taken, started } = file.dryRun ? wouldTake(read) : await take(read, at);
    if (taken === 'duplicate') sum.duplicates++;
    else sum.accepted++;
    if (taken === 'suppressed') sum.suppressed++;
    return started;
  });
  const started = await Promise.all(starts);
  sum.refused.sort((a, b) => a.row - b.row);
  return started.reduce((all, one) => all + one, 0);
}

type Readable = Extract<ImportRow, { email: object }>;

const wouldTake = ({ keeps }: Readable): { taken: Taken; started: number } => ({
  taken: keeps ? 'suppressed' : 'accepted',
  started: 0,
});

async function take({ email, happening, keeps }: Readable, at: Instant): Promise<{ taken: Taken; started: number }> {
  if (!keeps) {
    const outcome = await act({ email }, [happening], { at });
    return { taken: outcome.kind === 'duplicate' ? 'duplicate' : 'accepted', started: startedBy(outcome) };
  }
  const kept = await keepNo(email, keeps);
  if (kept.kind !== 'lead') return { taken: kept.kind === 'known' ? 'duplicate' : 'suppressed', started: 0 };
  const outcome = await act({ leadId: kept.leadId }, [happening], { at, patient: true });
  return { taken: outcome.kind === 'duplicate' ? 'duplicate' : 'suppressed', started: 0 };
}

const startedBy = (outcome: Outcome): number =>
  outcome.kind === 'applied'
    ? outcome.events.flatMap(({ changes }) => changes).filter(({ what, to }) => what === 'enrolment' && to === 'active')
        .length
    : 0;
