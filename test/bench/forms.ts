/** New-lead form posts, durable when answered. */
import { System } from '../system/system.ts';
import { type LoadResult, postNewLeads } from './load.ts';
import type { Figures } from './run.ts';

export async function formPosts({ posts }: { posts: number }): Promise<Figures> {
  const system = await new System().start();
  try {
    await postNewLeads(system.url, 'cash-flow-guide', 'warm', 500);
    await system.settle();
    const first = await postNewLeads(system.url, 'cash-flow-guide', 'first', 2000);
    await system.settle();
    // Their mails wait meanwhile, and go on waiting: the queues of a long day stand behind the last ones too.
    if (posts > 4000) await postNewLeads(system.url, 'cash-flow-guide', 'fill', posts - 4000);
    const last = await postNewLeads(system.url, 'cash-flow-guide', 'last', 2000);
    return [
      ['first 2,000 new leads, 32 connections', told(first)],
      [`last 2,000 of ${posts}`, told(last)],
      ['last to first', `${(last.rate / first.rate).toFixed(2)}`],
    ];
  } finally {
    await system.remove();
  }
}

const told = ({ rate, p50, p99, refused }: LoadResult): string =>
  `${rate.toFixed(0)}/s, p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms${refused ? `, ${refused} refused` : ''}`;
