/** `ripen rescore`: folds all leads anew under the scoring that is in force; shows first who would change stage. */
import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { Rescoring } from '../../functions/adapters/rescoring.ts';
import type { Hand } from '../../functions/lead/by-hand.ts';
import { jsonOption } from './options.ts';
import { findTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  yes?: true;
  why?: string;
  json?: true;
}

export const rescoreCommand = (): Command => {
  const command = new Command('rescore')
    .description('fold all leads anew under the scoring in force; without --yes it only shows what would change')
    .option('--yes', 'do it; stopped, it goes on where it was when it is called again')
    .option('--why <text>', 'kept with each lead, for whoever asks later')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(rescoreAll);
};

/** So many leads are looked at together: each reads its whole log. */
const AT_ONCE = 8;
const PAGE = 100;

interface Sum {
  leads: number;
  /** Whose shown points or stage change. */
  changed: number;
  handsOver: number;
  /** By move: `iql → mql`. */
  moves: Record<string, number>;
  failed: { leadId: string; why: string }[];
}

async function rescoreAll(options: Options): Promise<void> {
  const target = await findTarget(options);
  const { currentPointer } = await import('../../functions/adapters/definitions.ts');
  const pointer = await currentPointer();
  if (!pointer) throw new Error('No definition has been published yet.');
  const hand: Hand = { id: pointer.hash, who: userInfo().username, why: options.why };
  const sum: Sum = { leads: 0, changed: 0, handsOver: 0, moves: {}, failed: [] };
  for await (const ids of pagesOfLeads()) {
    await eachOf(ids, (id) => rescoreOne(id, hand, { ...options, target }, sum));
    if (process.stderr.isTTY) process.stderr.write(`\r${sum.leads} leads looked at, ${sum.changed} change`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  console.log(options.json ? JSON.stringify(sum) : told(sum, options));
  if (sum.failed.length > 0) process.exitCode = 1;
}

type Here = Pick<Options, 'yes'> & { target: Target };

async function rescoreOne(leadId: string, hand: Hand, { target, yes }: Here, sum: Sum): Promise<void> {
  const { previewRescoring, rescore } = await import('../../functions/adapters/rescoring.ts');
  try {
    const at = await target.now();
    const seen = await previewRescoring(leadId, hand, at);
    if (!seen) return;
    count(sum, seen);
    if (yes && seen.act) await rescore(leadId, seen.act, at);
  } catch (error) {
    sum.failed.push({ leadId, why: error instanceof Error ? error.message : String(error) });
  }
}

function count(sum: Sum, { before, after, handsOver }: Rescoring): void {
  sum.leads += 1;
  if (before.stage !== after.stage) {
    const move = `${before.stage} → ${after.stage}`;
    sum.moves[move] = (sum.moves[move] ?? 0) + 1;
  }
  if (before.stage !== after.stage || before.fit !== after.fit || before.engagement !== after.engagement)
    sum.changed += 1;
  if (handsOver) sum.handsOver += 1;
}

/** Newest first, as the list has them. */
async function* pagesOfLeads(): AsyncGenerator<string[]> {
  const { decodeCursor, listLeads } = await import('../../functions/adapters/lists.ts');
  let before: string | undefined;
  do {
    const { items, cursor } = await listLeads({ limit: PAGE, before });
    yield items.map(({ id }) => id);
    before = cursor === undefined ? undefined : decodeCursor(cursor);
  } while (before !== undefined);
}

async function eachOf(ids: string[], work: (id: string) => Promise<void>): Promise<void> {
  const left = ids.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const id of left) await work(id);
    }),
  );
}

function told(sum: Sum, options: Options): string {
  const did = options.yes ? 'were folded anew' : 'would be folded anew';
  const lines = [`${sum.leads} leads ${did}: the points or the stage of ${sum.changed} change.`];
  for (const [move, leads] of Object.entries(sum.moves)) lines.push(`  ${move.padEnd(24)}${leads}`);
  if (sum.handsOver > 0) lines.push(`  handed to sales         ${sum.handsOver}`);
  for (const { leadId, why } of sum.failed) lines.push(`  ${leadId} failed: ${why}`);
  if (!options.yes) lines.push('Nothing was changed. Do it with --yes.');
  return lines.join('\n');
}
