/** New-lead form posts, durable when answered. */
import { System } from '../system/system.ts';
import { inTurns } from './in-turns.ts';
import { type LoadResult, postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

const A_TURN = 250;

export async function formPosts({ posts }: { posts: number }): Promise<Figures> {
  const [system, fresh] = [new System(), new System()];
  try {
    const post = await warmed(system);
    const first = await post('first', 2000);
    await system.settle();
    // Their mails wait meanwhile, and go on waiting: the queues of a long day stand behind the last ones too.
    if (posts > 4000) await post('fill', posts - 4000);
    const last = await post('last', 2000);
    const postFresh = await warmed(fresh);
    const [grown, young] = await inTurns(
      { system, turn: async (nth) => (await post(`turn-${nth}`, A_TURN)).rate },
      { system: fresh, turn: async (nth) => (await postFresh(`turn-${nth}`, A_TURN)).rate },
    );
    return [
      ['first 2,000 new leads, 32 connections', told(first)],
      [`last 2,000 of ${posts}`, told(last)],
      ['last to first', (last.rate / first.rate).toFixed(2)],
      [`after ${posts} to after 500, in turns of ${A_TURN}`, (grown / young).toFixed(2)],
    ];
  } finally {
    await system.remove();
    await fresh.remove();
  }
}

/** Starts the run and lets it find its pace. @returns what posts to it. */
async function warmed(system: System): Promise<(name: string, count: number) => Promise<LoadResult>> {
  await system.start();
  const post = (name: string, count: number) => postNewLeads(system.url, 'cash-flow-guide', name, count);
  await post('warm', 500);
  await system.settle();
  return post;
}

const told = ({ rate, p50, p99, refused }: LoadResult): string =>
  `${rate.toFixed(0)}/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms${refused ? `, ${refused} refused` : ''}`;
