/**
 * Load from a process of its own, over kept-alive connections: new leads, one post after the other on each connection. It
 * speaks HTTP by itself: what a client library takes of the two cores would be missing to what is measured.
 */
import { connect, type Socket } from 'node:net';

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
  const took: number[] = [];
  let next = 0;
  let refused = 0;
  const start = performance.now();
  await Promise.all(
    Array.from({ length: Math.min(connections, count) }, async () => {
      const post = await openConnection(new URL(`${url}/forms/${form}`));
      while (next < count) {
        const lead = { email: `${name}-${next++}@load.test`, name: 'Load Test', agree: 'yes', jobTitle: 'manager' };
        const began = performance.now();
        if ((await post(JSON.stringify(lead))) !== 202) refused++;
        took.push(performance.now() - began);
      }
      post.close();
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  took.sort((a, b) => a - b);
  const at = (share: number) => took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0;
  return { posts: count, refused, rate: count / seconds, p50: at(0.5), p99: at(0.99) };
}

/** Posts JSON on one connection; resolves with the status once the whole answer is there. */
type Post = ((json: string) => Promise<number>) & { close(): void };

async function openConnection({ hostname, port, host, pathname }: URL): Promise<Post> {
  const socket = await connected(connect({ host: hostname, port: Number(port), noDelay: true }));
  let answered: PromiseWithResolvers<number> | undefined;
  let text = '';
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const [, status, length] = /^HTTP\/1\.1 (\d+).*?\r\ncontent-length: (\d+)\r\n/is.exec(text) ?? [];
    const head = text.indexOf('\r\n\r\n') + 4;
    if (status === undefined || head < 4 || text.length < head + Number(length)) return;
    text = '';
    answered?.resolve(Number(status));
  });
  socket.on('close', () => answered?.reject(new Error('The connection was closed before the answer.')));
  const head = `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: application/json\r\ncontent-type: application/json\r\n`;
  const post = (json: string): Promise<number> => {
    answered = Promise.withResolvers();
    socket.write(`${head}content-length: ${Buffer.byteLength(json)}\r\n\r\n${json}`);
    return answered.promise;
  };
  return Object.assign(post, { close: () => void socket.destroy() });
}

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
