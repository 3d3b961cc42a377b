/** AWSEvents.PutEvents: what EventBridge checks of a request and of each entry. */
import * as z from 'zod';
import { AwsError, type BusEntry } from '../part.ts';
import { busName } from './rule.ts';

const Request = z.object({
  Entries: z
    .array(
      z.object({
        Time: z.number().nullish(),
        Source: z.string().nullish(),
        Resources: z.array(z.string()).nullish(),
        DetailType: z.string().nullish(),
        Detail: z.string().nullish(),
        EventBusName: z.string().nullish(),
        TraceHeader: z.string().nullish(),
      }),
    )
    .min(1),
});
type Entry = z.infer<typeof Request>['Entries'][number];

/** An entry that may be put, or the error that stands in its place in the answer. */
export type Checked = { entry: BusEntry } | { ErrorCode: string; ErrorMessage: string };

const MAX_ENTRIES = 10;
/** 1 MB since January 2026 ("Calculating PutEvents event entry size"); the sum of all entries of a request. */
const MAX_BYTES = 1_048_576;

/** @throws AwsError when the request as a whole is refused. */
export function checkPutEvents(input: Record<string, unknown>): Checked[] {
  const request = Request.safeParse(input);
  if (!request.success) throw new AwsError('ValidationException', z.prettifyError(request.error));
  const entries = request.data.Entries;
  if (entries.length > MAX_ENTRIES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to ${MAX_ENTRIES}`,
    );
  const size = entries.reduce((sum, entry) => sum + entrySize(entry), 0);
  if (size >= MAX_BYTES)
    throw new AwsError(
      'ValidationException',
      `Total size of the entries in the request is over the limit: ${size} bytes`,
    );
  return entries.map(checkEntry);
}

function checkEntry(entry: Entry): Checked {
  if (!entry.Source) return missing('Source');
  if (!entry.DetailType) return missing('DetailType');
  if (!entry.Detail) return missing('Detail');
  if (entry.Source.startsWith('aws.') && !isByHand(entry))
    return { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' };
  const detail = parseDetail(entry.Detail);
  if (detail === undefined) return { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
  return {
    entry: {
      source: entry.Source,
      detailType: entry.DetailType,
      detail,
      ...(entry.EventBusName ? { bus: entry.EventBusName } : {}),
      ...(entry.Resources ? { resources: entry.Resources } : {}),
      ...(entry.Time ? { time: new Date(entry.Time * 1000).toISOString() } : {}),
    },
  };
}

/**
 * AWS takes its own names from nobody. Here they are taken on the default bus, the one that AWS's services put their events
 * on: nobody else could play such an event by hand, as one of SES about a mail that was never read.
 */
function isByHand({ EventBusName }: Entry): boolean {
  return busName(EventBusName || undefined) === 'default';
}

function missing(name: string): Checked {
  return {
    ErrorCode: 'InvalidArgument',
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

/** The detail must be a JSON object. */
function parseDetail(text: string): object | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

function entrySize(entry: Entry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ''), entry.Time == null ? 0 : 14);
}
