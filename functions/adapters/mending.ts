/**
 * Mending a mail in definitions that are published. Their parts stay as they are: the mended mail is a part of its own,
 * and beside each definition stands which part it takes the place of. All definitions change in one transaction.
 */
import { createHash } from 'node:crypto';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import type { Published } from '../definition/definition.ts';
import type { Email } from '../definition/settings.ts';
import { env } from '../env.ts';
import { mendedKey } from './definition-items.ts';
import { writePart } from './definition-part.ts';
import { emailPart, manifest, type Note, notePublication, readMended, rules } from './definitions.ts';
import { toItem } from './dynamo.ts';
import { untilNoted } from './publisher.ts';

/** A transaction takes 100 writes; two are the pointer's. */
const MOST_VERSIONS = 90;

/**
 * Puts mails in the place of those of the same name and language in these definitions.
 * @param mails by language; a language that a definition does not have is left out there.
 * @returns the hashes of the definitions that have the mail. @throws Error when one of them sends it as another class.
 */
export async function mendMail(
  hashes: string[],
  name: string,
  mails: Record<string, Email>,
  note: Omit<Note, 'what' | 'about'>,
): Promise<{ published: Published; versions: string[] }> {
  const found = await Promise.all(hashes.map((hash) => mendIn(hash, name, mails)));
  const changes = found.filter((change) => change !== undefined);
  if (changes.length === 0) throw new Error(`No version that is running has the mail ${name}.`);
  if (changes.length > MOST_VERSIONS) throw new Error(`${changes.length} versions are running: that is too many.`);
  const about = `emails/${name} in ${changes.map(({ hash }) => hash.slice(0, 12)).join(', ')}`;
  const more = changes.map(({ write }) => write);
  const published = await untilNoted((before) => notePublication(before, { ...note, what: 'mended', about }, { more }));
  return { published, versions: changes.map(({ hash }) => hash) };
}

/** Stores the mended mails beside a definition, where nobody reads them yet, and says by which write they count. */
async function mendIn(
  hash: string,
  name: string,
  mails: Record<string, Email>,
): Promise<{ hash: string; write: TransactWriteItem } | undefined> {
  const [stored, { classes }] = await Promise.all([manifest(hash), rules(hash)]);
  const parts = { ...(await readMended(hash)) };
  const mine = Object.entries(mails).filter(([language]) => stored?.parts.includes(emailPart(name, language)));
  if (mine.length === 0) return undefined;
  for (const [language, mail] of mine) {
    if (mail.class !== classes[name]) {
      throw new Error(
        `In version ${hash.slice(0, 12)} the mail ${name} is of the class ${classes[name]}, not ${mail.class}: publish it as a new version.`,
      );
    }
    const content = createHash('sha256').update(JSON.stringify(mail)).digest('hex').slice(0, 16);
    const part = `${emailPart(name, language)}@${content}`;
    await writePart(hash, part, mail);
    parts[emailPart(name, language)] = part;
  }
  const Item = toItem({ ...mendedKey(hash), parts, body: {} });
  return { hash, write: { Put: { TableName: env('table'), Item } } };
}
