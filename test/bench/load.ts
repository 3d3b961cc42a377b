/** Load from a process of its own, over kept-alive connections: new leads, one post after the other on each connection. */
import { Agent, request } from 'node:http';

export interface LoadResult {
  posts: number;
  refused: number;
  /** Posts a second, over the whole run. */
  rate: number;
  /** Milliseconds. */
  p50: number;
  p99: number;
}

/** Posts `count` new leads to a form; `name` makes their addresses unique. */
export async function postNewLeads(
  url: string,
  form: string,
  name: string,
  count: number,
  connections = 32,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took: number[] = [];
  let next = 0;
  let refused = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (next < count) {
        const body = JSON.stringify({
          email: `${name}-${next++}@load.test`,
          name: 'Load Test',
          agree: 'yes',
          jobTitle: 'manager',
        });
        const began = performance.now();
        if ((await post(agent, `${url}/forms/${form}`, body)) !== 202) refused++;
        took.push(performance.now() - began);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { posts: count, refused, rate: count / seconds, p50: at(0.5), p99: at(0.99) };
}

function post(agent: Agent, url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      'content-type': 'application/json',
      accept: 'application/json',
      'content-length': Buffer.byteLength(body),
    };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
