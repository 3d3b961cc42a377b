/** `ripen import`: an old list, page by page, as slowly as what follows from it can bear. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { type ImportFile, readImportBytes } from '../../functions/lead/import-file.ts';
import { jsonOption } from './options.ts';
import { findTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  list?: string;
  from: number;
  dryRun?: true;
  json?: true;
}

const COLUMNS = `
The first row names the columns; comma, semicolon or tab between them, UTF-8.

  email              the address; the only column that must be there
  name, …            any field of the forms or of scoring.yaml, cleaned as forms clean it
  language           vi, en, …
  source             where the lead came from (default: import)
  at                 since when it is known: 2026-03-01, or a time with its zone
  consent            marketing, another purpose of a form, or no
  consent_text       the wording that was agreed to
  consent_at         when: 2026-03-01, or a time with its zone
  consent_source     where: the page, the fair, the paper form
  consent_language, consent_proof, consent_per_day, consent_per_week
                     its language, what proves it, the number of mails promised
  status             lead (default), unsubscribed, bounced, complained: the last three are never mailed
  status_at          since when

Consent without wording, time and source is no evidence: its row is refused. A row without consent becomes a lead that gets
no marketing mail. Each row raises lead.imported (with the property list), on which a workflow may enrol.
Send the same file again at any time: no row is taken twice.`;

const rowNumber = (text: string): number => {
  const row = Number(text);
  if (!Number.isInteger(row) || row < FIRST_ROW) throw new Error('--from is the number of a row, 2 or more.');
  return row;
};

/** The header is row 1. */
const FIRST_ROW = 2;

export const importCommand = (): Command => {
  const command = new Command('import')
    .description('take leads with evidence of their consent, and addresses that must not be mailed, from a CSV file')
    .argument('<file>', 'the CSV file')
    .option('--list <name>', 'what the list is called, for workflows: fair-2027')
    .addOption(new Option('--from <row>', 'begin at this row').argParser(rowNumber).default(FIRST_ROW))
    .option('--dry-run', 'check every row, and write nothing')
    .addOption(jsonOption())
    .addHelpText('after', COLUMNS);
  for (const option of targetOptions()) command.addOption(option);
  return command.action(run);
};

const Page = z.object({
  accepted: z.number(),
  suppressed: z.number(),
  duplicates: z.number(),
  refused: z.array(z.object({ row: z.number(), reason: z.string() })),
  setAside: z.array(z.string()),
  hints: z.array(z.string()),
  next: z.number().optional(),
});
type Sum = Omit<z.infer<typeof Page>, 'next'>;

/** Small beside what Lambda takes, and an answer every few seconds for whoever watches. */
const PAGE = 200;

async function run(path: string, options: Options): Promise<void> {
  const bytes = await readFile(path).catch((error: Error) => {
    throw new Error(`${path} cannot be read: ${error.message}`);
  });
  const file = readImportBytes(bytes);
  if ('refused' in file) throw new Error(file.refused);
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  const sum = await sendAll(await findTarget(options), file, hash, options);
  if (options.json) console.log(JSON.stringify({ ...sum, ...(options.dryRun ? { dryRun: true } : {}) }));
  else console.log(told(sum, options.dryRun ?? false));
  // What was asked for was not done whole.
  if (sum.refused.length > 0) process.exitCode = 1;
}

async function sendAll(target: Target, file: ImportFile, hash: string, options: Options): Promise<Sum> {
  const sum: Sum = { accepted: 0, suppressed: 0, duplicates: 0, refused: [], setAside: [], hints: [] };
  const end = file.rows.length + FIRST_ROW;
  for (let first = options.from; first < end; ) {
    const rows = file.rows.slice(first - FIRST_ROW, first - FIRST_ROW + PAGE);
    const { list, dryRun } = options;
    const page = { kind: 'page', file: hash, header: file.header, rows, first, list, dryRun };
    const answer = await target.call('imports', page).catch((error: Error) => {
      throw new Error(
        `${error.message} Rows before ${first} are taken: go on with --from ${first}, or send the file again.`,
      );
    });
    const { next, ...taken } = Page.parse(answer);
    add(sum, taken);
    first = next ?? first + rows.length;
    showProgress(first - FIRST_ROW, file.rows.length);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  return sum;
}

function add(sum: Sum, page: Sum): void {
  sum.accepted += page.accepted;
  sum.suppressed += page.suppressed;
  sum.duplicates += page.duplicates;
  sum.refused.push(...page.refused);
  sum.setAside = page.setAside;
  sum.hints = page.hints;
}

const BAR = 30;

/** For a person who watches. */
function showProgress(done: number, all: number): void {
  if (!process.stderr.isTTY) return;
  const filled = all === 0 ? BAR : Math.round((BAR * done) / all);
  process.stderr.write(`\r${'█'.repeat(filled)}${'░'.repeat(BAR - filled)} ${done} of ${all} rows`);
}

/** More are in --json. */
const MOST_SHOWN = 50;

function told(sum: Sum, dryRun: boolean): string {
  const taken = dryRun ? 'would be taken' : 'taken';
  const refused = sum.refused.slice(0, MOST_SHOWN).map(({ row, reason }) => `row ${row}: ${reason}`);
  const more = sum.refused.length - refused.length;
  const columns = sum.setAside.map((name) => sum.hints.find((hint) => hint.startsWith(`${name}:`)) ?? name);
  return [
    ...refused,
    ...(more > 0 ? [`… and ${more} more: --json lists them all.`] : []),
    ...(columns.length > 0 ? [`Columns that nobody knows, not taken: ${columns.join('; ')}`] : []),
    `${sum.accepted} rows ${taken} (${sum.suppressed} of them addresses not to be mailed), ` +
      `${sum.duplicates} taken before, ${sum.refused.length} refused.`,
  ].join('\n');
}
