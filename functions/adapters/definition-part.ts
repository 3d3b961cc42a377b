/** A part of a definition: JSON under the definition's hash, in several items where it is too large for one. */
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { partKey } from './definition-items.ts';
import { getItem, putItem } from './dynamo.ts';

/** An item holds 400 kB, names included. */
const CHUNK_BYTES = 350_000;

const partShape = z.object({ sha256: z.string(), chunks: z.number(), json: z.string() });
const chunkShape = z.object({ json: z.string() });

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Cuts between characters, so that each piece is text. */
function chunksOf(json: string): string[] {
  const bytes = Buffer.from(json);
  const chunks: string[] = [];
  let start = 0;
  do {
    let end = Math.min(start + CHUNK_BYTES, bytes.length);
    // 10xxxxxx goes on a character of UTF-8.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    chunks.push(bytes.toString('utf8', start, end));
    start = end;
  } while (start < bytes.length);
  return chunks;
}

/** Further chunks first: who finds the head finds the whole. */
export async function writePart(hash: string, name: string, part: object): Promise<void> {
  const json = JSON.stringify(part);
  const [head = '', ...rest] = chunksOf(json);
  await Promise.all(rest.map((chunk, i) => putItem({ ...partKey(hash, name, i + 1), body: { json: chunk } })));
  await putItem({ ...partKey(hash, name), body: { sha256: sha256(json), chunks: rest.length, json: head } });
}

/**
 * The part's value, or undefined when there is none of that name.
 * @throws Error when its content is not what its hash says.
 */
export async function readPart(hash: string, name: string): Promise<unknown> {
  const item = await getItem(partKey(hash, name));
  if (!item) return undefined;
  const head = z.parse(partShape, item.body);
  const rest = await Promise.all(Array.from({ length: head.chunks }, (_, i) => readChunk(hash, name, i + 1)));
  const json = head.json + rest.join('');
  if (sha256(json) !== head.sha256) throw new Error(`The part ${name} of definition ${hash} is not whole.`);
  return JSON.parse(json);
}

async function readChunk(hash: string, name: string, chunk: number): Promise<string> {
  const item = await getItem(partKey(hash, name, chunk));
  return item ? z.parse(chunkShape, item.body).json : '';
}
