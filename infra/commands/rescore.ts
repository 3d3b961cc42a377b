/** `ripen rescore`: folds all leads anew under the scoring that is in force; shows first who would change stage. */
import { userInfo } from 'node:os';
import { Command } from 'commander';
import type { Rescoring } from '../../functions/adapters/rescoring.ts';
import type { Hand } from '../../functions/lead/by-hand.ts';
import { jsonOption } from './options.ts';
import { Rescored } from './rescored.ts';
import { findTarget, type Target, type TargetOptions, targetOptions } from './target.ts';

interface Options extends TargetOptions {
  yes?: true;
  why?: string;
  json?: true;
}

export const rescoreCommand = (): Command => {
  const command = new Command('rescore')
    .description(
      'fold all leads anew under the scoring in force; without --yes it only shows who would change stage or go to sales',
    )
    .option('--yes', 'do it; stopped, it goes on where it was when it is called again')
    .option('--why <text>', 'kept with each lead, for whoever asks later')
    .addOption(jsonOption());
  for (const option of targetOptions()) command.addOption(option);
  return command.action(rescoreAll);
};

/** So many leads are looked at together: each reads its whole log. */
const AT_ONCE = 8;
const PAGE = 100;

interface Here {
  target: Target;
  hand: Hand;
  yes: boolean;
}

async function rescoreAll(options: Options): Promise<void> {
  const target = await findTarget(options);
  const definition = await inForce();
  const here: Here = {
    target,
    hand: { id: definition, who: userInfo().username, why: options.why },
    yes: options.yes ?? false,
  };
  const all = new Rescored();
  const { sum } = all;
  for await (const ids of pagesOfLeads()) {
    await rescorePage(ids, here, all);
    if (process.stderr.isTTY) process.stderr.write(`\r${sum.leads} leads looked at, ${sum.changed} change`);
    if ((await inForce()) !== definition)
      throw new Error(`Another version was published after ${sum.leads} leads: call it again.`);
  }
  if (process.stderr.isTTY) process.stderr.write('\n');
  console.log(options.json ? JSON.stringify(sum) : all.told(here.yes));
  if (sum.failed.length > 0) process.exitCode = 1;
}

async function inForce(): Promise<string> {
  const { currentPointer } = await import('../../functions/adapters/definitions.ts');
  const pointer = await currentPointer();
  if (!pointer) throw new Error('No definition has been published yet.');
  return pointer.hash;
}

/** Told of in the order of the list, whichever is done first. */
async function rescorePage(ids: string[], here: Here, all: Rescored): Promise<void> {
  const seen = new Map<string, Rescoring | undefined>();
  await eachOf(ids, async (id) => {
    try {
      seen.set(id, await rescoreOne(id, here));
    } catch (error) {
      all.fail(id, error);
    }
  });
  for (const id of ids) {
    const rescoring = seen.get(id);
    if (rescoring) all.add(rescoring);
  }
}

async function rescoreOne(leadId: string, { target, hand, yes }: Here): Promise<Rescoring | undefined> {
  const { previewRescoring, rescore } = await import('../../functions/adapters/rescoring.ts');
  const at = await target.now();
  const seen = await previewRescoring(leadId, hand, at);
  if (yes && seen?.act) await rescore(leadId, seen.act, at);
  return seen;
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
