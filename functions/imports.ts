/**
 * `POST /api/imports`: leads with evidence of their consent, and addresses that must not be mailed, from a CSV; and the same
 * in pages, as `ripen import` sends them. Emits what each row causes: enrolments, a handoff.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { currentRules } from './adapters/definitions.ts';
import { type Imported, importRows, type Rows } from './adapters/import-rows.ts';
import { now } from './clock.ts';
import type { Rules } from './definition/definition.ts';
import { log } from './http/log.ts';
import { json, problem } from './http/problem.ts';
import { type HttpRequest, type HttpResponse, mediaType, requestOf } from './http/request.ts';
import type { Instant } from './lead/event.ts';
import { type Columns, readColumns } from './lead/import-columns.ts';
import { readImportBytes } from './lead/import-file.ts';

/** What Lambda takes (6 MB), less what API Gateway adds where it encodes the body. */
const MOST_BYTES = 4 * 1024 * 1024;
const CSV = ['text/csv', 'application/csv', 'application/vnd.ms-excel', 'text/plain', 'application/octet-stream', ''];

const listName = z.string().check(z.regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/), z.maxLength(64));

/** A page of a file, as the command sends it. */
const page = z.object({
  kind: z.literal('page'),
  file: z.string(),
  header: z.array(z.string()),
  rows: z.array(z.array(z.string())),
  first: z.number(),
  list: z.optional(listName),
  dryRun: z.optional(z.boolean()),
});

export async function handler(event: unknown): Promise<HttpResponse | object> {
  const sent = page.safeParse(event);
  return sent.success ? takePage(sent.data) : answerTo(requestOf(event));
}

/** @throws Error saying what is wrong with the page. */
async function takePage({ header, dryRun = false, ...rest }: z.infer<typeof page>): Promise<object> {
  const at = now();
  const rules = await currentRules(at);
  const columns = readColumns(header, rules);
  if ('refused' in columns) throw new Error(columns.refused);
  const { columns: _, ...told } = columns;
  return { ...(await take({ ...rest, columns, dryRun }, rules, at)), ...told };
}

async function answerTo(request: HttpRequest): Promise<HttpResponse> {
  const asked = readQuery(request.query);
  if ('refused' in asked) return problem(400, asked.refused);
  if (!CSV.includes(mediaType(request))) return problem(415, 'The content type must be text/csv.');
  if (request.body.length > MOST_BYTES)
    return problem(413, 'The body is larger than 4 MB: send the file in parts, or with “ripen import”.');
  const read = readImportBytes(request.body);
  if ('refused' in read) return problem(422, read.refused);
  const at = now();
  try {
    const rules = await currentRules(at);
    const columns = readColumns(read.header, rules);
    if ('refused' in columns) return problem(422, columns.refused);
    const { first, list, dryRun } = asked;
    const file = createHash('sha256').update(request.body).digest('hex').slice(0, 32);
    const rows = read.rows.slice(first - FIRST_ROW);
    return json(200, answerOf(await take({ file, columns, rows, first, list, dryRun }, rules, at), columns));
  } catch (error) {
    log.error('an import could not be stored', { error });
    const answer = problem(
      503,
      'Not all rows could be stored. Please send the same request again: no row is taken twice.',
    );
    return { ...answer, headers: { ...answer.headers, 'retry-after': '5' } };
  }
}

/** The header is row 1. */
const FIRST_ROW = 2;

type Asked = Pick<Rows, 'first' | 'list' | 'dryRun'>;

function readQuery(query: URLSearchParams): Asked | { refused: string } {
  const unknown = [...query.keys()].find((name) => !['cursor', 'list', 'dry-run'].includes(name));
  if (unknown !== undefined) return { refused: `There is no query parameter ${unknown}.` };
  const cursor = query.get('cursor') ?? String(FIRST_ROW);
  if (!/^\d{1,9}$/.test(cursor) || Number(cursor) < FIRST_ROW)
    return { refused: 'The query parameter cursor must be one that an import gave.' };
  const list = query.get('list') ?? undefined;
  if (list !== undefined && !listName.safeParse(list).success)
    return { refused: 'The query parameter list must be a name in lower case, such as fair-2027.' };
  const dryRun = query.get('dry-run') ?? 'false';
  if (dryRun !== 'true' && dryRun !== 'false') return { refused: 'The query parameter dry-run must be true or false.' };
  return { first: Number(cursor), list, dryRun: dryRun === 'true' };
}

async function take(rows: Rows, rules: Rules, at: Instant): Promise<Imported> {
  const imported = await importRows(rows, rules, at);
  log.info('rows were imported', { count: imported.accepted, outcome: rows.dryRun ? 'dry run' : 'imported' });
  return imported;
}

/** `cursor`: send the same body again with it, for the rows that are left. */
const answerOf = ({ next, ...imported }: Imported, { setAside }: Columns): object => ({
  ...imported,
  ...(setAside.length > 0 ? { setAside } : {}),
  ...(next === undefined ? {} : { cursor: String(next) }),
});
