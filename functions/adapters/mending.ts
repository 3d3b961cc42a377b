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
  const found = await Promise.all(hashes.map((hash) => storeIn(hash, name, mails)));
  const mended = found.filter((one) => one !== undefined);
  if (mended.length === 0) throw new Error(`No version that is running has the mail ${name}.`);
  if (mended.length > MOST_VERSIONS) throw new Error(`${mended.length} versions are running: that is too many.`);
  const about = `emails/${name} in ${mended.map(({ hash }) => hash.slice(0, 12)).join(', ')}`;
  const published = await untilNoted(async (before) => {
    // Read after the pointer, on which they are written: whoever mends another mail meanwhile changes that.
    const more = await Promise.all(mended.map(mendedWrite));
    return notePublication(before, { ...note, what: 'mended', about }, { more });
  });
  return { published, versions: mended.map(({ hash }) => hash) };
}

/** What takes the place of which part of a definition. */
interface Mended {
  hash: string;
  parts: Record<string, string>;
}

/** Stores the mended mails beside a definition, where nobody reads them yet; undefined: it has no such mail. */
async function storeIn(hash: string, name: string, mails: Record<string, Email>): Promise<Mended | undefined> {
  const [stored, { classes }] = await Promise.all([manifest(hash), rules(hash)]);
  const mine = Object.entries(mails).filter(([language]) => stored?.parts.includes(emailPart(name, language)));
  if (mine.length === 0) return undefined;
  const parts: Mended['parts'] = {};
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
  return { hash, parts };
}

/** By which they count, beside what was mended there before. */
async function mendedWrite({ hash, parts }: Mended): Promise<TransactWriteItem> {
  const all = { ...(await readMended(hash)), ...parts };
  return { Put: { TableName: env('table'), Item: toItem({ ...mendedKey(hash), parts: all, body: {} }) } };
}
