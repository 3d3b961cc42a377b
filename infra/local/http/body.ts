/** The body of a request, up to a size. */
import type { IncomingMessage } from 'node:http';

const NOTHING = Buffer.alloc(0);

/** A body up to this size is read to its end even when it is refused, so that its sender gets to read the refusal. */
const PATIENCE = 64 * 1024 * 1024;

/** The whole body; undefined when it is larger than `most` bytes. Rejects when the caller goes away before its end. */
export function readBody(request: IncomingMessage, most: number): Promise<Buffer | undefined> {
  const { 'content-length': length, 'transfer-encoding': chunked } = request.headers;
  if (length === undefined && chunked === undefined) return Promise.resolve(NOTHING);
  if (Number(length) > PATIENCE) return Promise.resolve(undefined);
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else chunks = [];
      if (size > PATIENCE) resolve(undefined);
    });
    request.on('end', () => {
      if (size > most) resolve(undefined);
      else resolve(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('error', reject);
    request.on('close', () => {
      if (!request.complete) reject(new Error('The caller went away.'));
    });
  });
}
