/** `ripen lists`: adds to the committed lists of disposable and free mail domains, from a file or an address. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { DISPOSABLE, FREE_MAIL } from '../../functions/lead/email-domains.ts';
import { addDomains, type DomainLists, fileOf, readDomains } from './email-domains.ts';

const FILE = join(import.meta.dirname, '..', '..', 'functions', 'lead', 'email-domains.ts');
const TIMEOUT_MS = 30_000;

interface Options {
  disposable?: string;
  freeMail?: string;
  dryRun?: true;
  json?: true;
}

export const listsCommand = (): Command =>
  new Command('lists')
    .description('add to the lists of mail domains that the build carries; without a source, tell how long they are')
    .addOption(new Option('--disposable <source>', 'a file or an https address: domains made to be thrown away'))
    .addOption(new Option('--free-mail <source>', 'a file or an https address: free mailboxes'))
    .option('--dry-run', 'tell what would change, and write nothing')
    .option('--json', 'print the counts as JSON')
    .action(lists);

async function lists({ disposable, freeMail, dryRun, json }: Options): Promise<void> {
  const before: DomainLists = { freeMail: FREE_MAIL, disposable: DISPOSABLE };
  let after = before;
  const refused: string[] = [];
  // Free ones first: they are never disposable.
  for (const [kind, source] of [
    ['freeMail', freeMail],
    ['disposable', disposable],
  ] as const) {
    if (source === undefined) continue;
    const read = readDomains(await textOf(source));
    refused.push(...read.refused);
    after = addDomains(after, kind, read.domains);
  }
  if (after !== before && !dryRun) writeFileSync(FILE, fileOf(after));
  const counts = {
    freeMail: { domains: after.freeMail.size, added: after.freeMail.size - before.freeMail.size },
    disposable: { domains: after.disposable.size, added: after.disposable.size - before.disposable.size },
    refused,
  };
  console.log(json ? JSON.stringify(counts, undefined, 2) : words(counts));
}

async function textOf(source: string): Promise<string> {
  if (!URL.canParse(source)) return readFileSync(source, 'utf8');
  if (!source.startsWith('https://')) throw new Error('An address of a list begins with https://.');
  const response = await fetch(source, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${source} answered ${response.status}.`);
  return response.text();
}

interface Counts {
  freeMail: { domains: number; added: number };
  disposable: { domains: number; added: number };
  refused: string[];
}
const words = ({ freeMail, disposable, refused }: Counts): string =>
  [
    `free mail:  ${freeMail.domains} domains, ${freeMail.added} new`,
    `disposable: ${disposable.domains} domains, ${disposable.added} new`,
    ...(refused.length > 0 ? [`${refused.length} entries are no domains: ${refused.slice(0, 5).join(', ')}`] : []),
  ].join('\n');
