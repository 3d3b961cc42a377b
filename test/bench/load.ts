/** Load from a process of its own, over kept-alive connections: new leads, one post after the other on each connection. */
import { openConnection } from './connection.ts';

export interface LoadResult {
  posts: number;
  refused: number;
  /** Posts a second, over the whole run. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

const JSON_BOTH_WAYS = { 'content-type': 'application/json', accept: 'application/json' };

/** Posts `count` new leads to a form; `name` makes their addresses unique. */
export async function postNewLeads(
  url: string,
  form: string,
  name: string,
  count: number,
  connections = 32,
): Promise<LoadResult> {
  const took: number[] = [];
  let next = 0;
  let refused = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(connections, count) }, async () => {
      const connection = await openConnection(url);
      while (next < count) {
        const lead = { email: `${name}-${next++}@load.test`, name: 'Load Test', agree: 'yes', jobTitle: 'manager' };
        const began = performance.now();
        const { status } = await connection.request('POST', `/forms/${form}`, JSON_BOTH_WAYS, JSON.stringify(lead));
        if (status !== 202) refused++;
        took.push(performance.now() - began);
      }
      connection.close();
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { posts: count, refused, rate: count / seconds, p50: at(0.5), p99: at(0.99) };
}
