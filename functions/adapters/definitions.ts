/**
 * The published definitions: immutable parts under their hash, kept in memory for ever, and the pointer that says which
 * is in force, kept for a second.
 */
import {
  TransactionCanceledException,
  TransactionInProgressException,
  type TransactWriteItem,
} from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { Definition, Manifest, Published, Rules } from '../definition/definition.ts';
import type { Email, Settings } from '../definition/settings.ts';
import { env } from '../env.ts';
import type { Instant } from '../lead/event.ts';
import { manifestKey, mendedKey, pointerKey, publicationItem } from './definition-items.ts';
import { readPart, writePart } from './definition-part.ts';
import { getItem, putItem, toItem, values } from './dynamo.ts';
import { sendTransaction } from './transaction.ts';

const pointerShape = z.object({
  hash: z.string(),
  publication: z.number(),
  at: z.string(),
  paused: z.object({
    all: z.exactOptional(z.literal(true)),
    reason: z.exactOptional(z.string()),
    at: z.exactOptional(z.string()),
    since: z.exactOptional(z.string()),
    workflows: z.array(z.string()),
  }),
});
const manifestShape = z.object({
  hash: z.string(),
  at: z.string(),
  parts: z.array(z.string()),
  machines: z.record(z.string(), z.string()),
});

const POINTER_FOR_MS = 1000;
let pointer: { published: Promise<Published>; readAt: number } | undefined;
const loaded = new Map<string, Rules>();
const parts = new Map<string, Promise<unknown>>();

/**
 * Which definition is in force. At most a second old, and never older than the publication that is asked for: a
 * profile judged by a newer one says so.
 * @throws Error when nothing has been published yet.
 */
export async function published(now: Instant, { atLeast = 0 } = {}): Promise<Published> {
  const at = Date.parse(now);
  const fresh = pointer && Math.abs(at - pointer.readAt) < POINTER_FOR_MS;
  if (pointer && fresh) {
    const known = await pointer.published;
    if (known.publication >= atLeast) return known;
  }
  const read = readPointer();
  pointer = { published: read, readAt: at };
  read.catch(() => {
    pointer = undefined;
  });
  return read;
}

async function readPointer(): Promise<Published> {
  const item = await getItem(pointerKey);
  if (!item) throw new Error('No definition has been published yet.');
  return z.parse(pointerShape, item.body);
}

/** The rules of a definition. @throws Error when they are not stored or not whole. */
export async function rules(hash: string): Promise<Rules> {
  const known = loaded.get(hash);
  if (known) return known;
  const stored = await once(hash, 'rules', rulesShape);
  if (!stored || stored.hash !== hash) throw new Error(`The rules of definition ${hash} are not stored.`);
  const read = { ...stored, settings: { ...SINCE, ...stored.settings } };
  loaded.set(hash, read);
  return read;
}

/** What settings of definitions lack that were published before these were read: as it was then. */
const SINCE: Pick<Settings, 'softBounces' | 'clickHold' | 'subjectLabel' | 'topics'> = {
  softBounces: 5,
  clickHold: 90_000,
  subjectLabel: {},
  topics: {},
};

/** The rules in force. */
export const currentRules = async (now: Instant): Promise<Rules> => rules((await published(now)).hash);

/** The rules that are in memory already. */
export const loadedRules = (hash: string): Rules | undefined => loaded.get(hash);

// Written by `storeDefinition` from typed values and proven by a hash: the outline is enough.
const rulesShape = z.custom<Rules>(
  (value) => z.looseObject({ hash: z.string(), scoring: z.looseObject({}) }).safeParse(value).success,
);
const emailShape = z.custom<Email>(
  (value) => z.looseObject({ subject: z.string(), html: z.string() }).safeParse(value).success,
);
const machineShape = z.record(z.string(), z.unknown());

/**
 * An email in a language, or else in the first language of the definition's settings; the mended one, where it was
 * mended more than a second ago.
 * @throws Error when there is neither.
 */
export async function email(hash: string, name: string, language: string, now: Instant): Promise<Email> {
  const mended = await mendedParts(hash, now);
  const read = (part: string) => once(hash, mended[part] ?? part, emailShape);
  const own = await read(emailPart(name, language));
  if (own) return own;
  const fallback = (await rules(hash)).settings.languages[0] ?? 'en';
  const other = await read(emailPart(name, fallback));
  if (!other) throw new Error(`Definition ${hash} has no email ${name}.`);
  return other;
}

const mendedShape = z.object({ parts: z.record(z.string(), z.string()) });
const mended = new Map<string, { publication: number; parts: Promise<Record<string, string>> }>();

/** By the name of a part: the part that stands for it since. Read once for each publication, as mending counts as one. */
async function mendedParts(hash: string, now: Instant): Promise<Record<string, string>> {
  const { publication } = await published(now);
  const known = mended.get(hash);
  if (known && known.publication >= publication) return known.parts;
  const parts = readMended(hash);
  mended.set(hash, { publication, parts });
  parts.catch(() => mended.delete(hash));
  return parts;
}

/** The mended parts as they are now. */
export async function readMended(hash: string): Promise<Record<string, string>> {
  const item = await getItem(mendedKey(hash));
  return item ? z.parse(mendedShape, item).parts : {};
}

/** The machine of a workflow as it was compiled. */
export const machine = (hash: string, workflow: string): Promise<object | undefined> =>
  once(hash, `machine/${workflow}`, machineShape);

/** The parts and machines of a definition, or undefined when it was never published whole. */
export async function manifest(hash: string): Promise<Manifest | undefined> {
  const item = await getItem(manifestKey(hash));
  return item && z.parse(manifestShape, item.body);
}

export const emailPart = (name: string, language: string): string => `email/${name}/${language}`;

/** Reads a part once: asked for again while it is read, the same reading serves; a failed one is tried anew. */
async function once<T>(hash: string, name: string, shape: z.ZodMiniType<T>): Promise<T | undefined> {
  const id = `${hash}/${name}`;
  const reading = parts.get(id) ?? readPart(hash, name);
  parts.set(id, reading);
  try {
    const part = await reading;
    // One that is missing may be written yet.
    if (part === undefined) parts.delete(id);
    return part === undefined ? undefined : z.parse(shape, part);
  } catch (error) {
    parts.delete(id);
    throw error;
  }
}

/** Writes all parts of a definition; writing them again changes nothing. @returns their names. */
export async function storeDefinition(definition: Definition): Promise<string[]> {
  const { emails, machines, ...rest } = definition;
  const classes = Object.fromEntries(
    Object.entries(emails).map(([name, languages]) => [name, Object.values(languages)[0]?.class ?? '']),
  );
  const content: [string, object][] = [
    ['rules', { ...rest, classes } satisfies Rules],
    ...Object.entries(emails).flatMap(([name, languages]) =>
      Object.entries(languages).map(([language, mail]): [string, object] => [emailPart(name, language), mail]),
    ),
    ...Object.entries(machines).map(([name, machine]): [string, object] => [`machine/${name}`, machine]),
  ];
  await Promise.all(content.map(([name, part]) => writePart(definition.hash, name, part)));
  return content.map(([name]) => name);
}

/** Written last but the pointer: from now on the definition is whole. */
export const writeManifest = (manifest: Manifest): Promise<void> =>
  putItem({ ...manifestKey(manifest.hash), body: manifest });

/** The pointer as it stands, or undefined before the first publication; always read anew. */
export async function currentPointer(): Promise<Published | undefined> {
  const item = await getItem(pointerKey);
  return item && z.parse(pointerShape, item.body);
}

/** What a publication did, for whoever looks back. */
export interface Note {
  what: 'published' | 'paused' | 'resumed' | 'mended';
  at: Instant;
  /** Who asked for it, as they called themselves. */
  by?: string | undefined;
  /** What else is worth knowing: which mail was mended, which workflow was paused. */
  about?: string | undefined;
}

/**
 * Puts a definition in force, if the one before is still the expected one. What is paused stays paused.
 * @param previous undefined for the first publication.
 * @param more writes that hold or fail with it.
 * @returns the new pointer, or 'stale' when somebody else published meanwhile.
 */
export async function movePointer(
  previous: Published | undefined,
  { by, ...next }: { hash: string; at: Instant; by?: string | undefined },
  more: TransactWriteItem[] = [],
): Promise<Published | 'stale'> {
  const pointer = {
    ...next,
    publication: (previous?.publication ?? 0) + 1,
    paused: previous?.paused ?? { workflows: [] },
  };
  return replacePointer(previous, pointer, { what: 'published', at: next.at, by }, more);
}

/**
 * Changes what belongs to the pointer but is not the definition: what is paused, or (by `more`) which mails were mended.
 * It counts as a publication, so that readers notice it.
 * @returns the new pointer, or 'stale' when somebody else changed it meanwhile.
 */
export async function notePublication(
  previous: Published,
  note: Note,
  { paused = previous.paused, more = [] }: { paused?: Published['paused']; more?: TransactWriteItem[] } = {},
): Promise<Published | 'stale'> {
  return replacePointer(previous, { ...previous, publication: previous.publication + 1, paused }, note, more);
}

async function replacePointer(
  previous: Published | undefined,
  next: Published,
  note: Note,
  more: TransactWriteItem[],
): Promise<Published | 'stale'> {
  const TableName = env('table');
  const unchanged = {
    ConditionExpression: 'body.publication = :previous',
    ExpressionAttributeValues: values({ ':previous': previous?.publication }),
  };
  const first = { ConditionExpression: 'attribute_not_exists(pk)' };
  const Item = toItem({ ...pointerKey, body: next });
  const { publication, hash } = next;
  const log = toItem(publicationItem(publication, { ...note, publication, hash }));
  const writes: TransactWriteItem[] = [
    { Put: { TableName, Item, ...(previous ? unchanged : first) } },
    { Put: { TableName, Item: log } },
    ...more,
  ];
  try {
    await sendTransaction(writes);
    pointer = undefined;
    return next;
  } catch (error) {
    if (isContended(error)) return 'stale';
    throw error;
  }
}

/** Somebody else was first, or is at it. */
const isContended = (error: unknown): boolean =>
  error instanceof TransactionInProgressException ||
  (error instanceof TransactionCanceledException &&
    (error.CancellationReasons ?? []).some(
      ({ Code }) => Code === 'ConditionalCheckFailed' || Code === 'TransactionConflict',
    ));

/** Forgets everything in memory; for tests. */
export function forgetDefinitions(): void {
  pointer = undefined;
  loaded.clear();
  parts.clear();
  mended.clear();
}
