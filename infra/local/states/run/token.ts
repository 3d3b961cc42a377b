/**
 * Task tokens. A token names its thread and one attempt, and carries a checksum, so that a token that was never one
 * (InvalidToken) can be told from one whose task is over (TaskTimedOut) without keeping the old ones.
 */
import { createHash, randomBytes } from 'node:crypto';

const FORM = /^AQC([A-Za-z0-9_-]{4,})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{16})$/;

export function newToken(thread: number): string {
  const name = Buffer.from(`t${thread}`).toString('base64url').padEnd(4, 'A');
  const body = `AQC${name}.${randomBytes(16).toString('base64url')}`;
  return `${body}.${checksum(body)}`;
}

/** The thread that a token was made for; undefined for a text that is no token. */
export function threadOfToken(token: string): number | undefined {
  const parts = FORM.exec(token);
  const body = token.slice(0, token.lastIndexOf('.'));
  if (!parts?.[1] || checksum(body) !== parts[3]) return undefined;
  const name = Buffer.from(parts[1], 'base64url').toString();
  const id = /^t(\d+)/.exec(name)?.[1];
  return id === undefined ? undefined : Number(id);
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 16);
}
