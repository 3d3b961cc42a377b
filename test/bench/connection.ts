/**
 * One kept-alive HTTP connection, one request at a time. The benches speak HTTP by themselves: what a client library takes
 * of the two cores would be missing to what is measured.
 */
import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: string;
}
export interface Connection {
  /** Resolves once the whole answer is there, which must tell its length. */
  request(method: string, path: string, headers?: Record<string, string>, body?: string): Promise<Answer>;
  close(): void;
}

/** @param url of which host and port count. */
export async function openConnection(url: string): Promise<Connection> {
  const { hostname, port, host } = new URL(url);
  const socket = await connected(connect({ host: hostname, port: Number(port), noDelay: true }));
  let answered: PromiseWithResolvers<Answer> | undefined;
  let text = '';
  // One character a byte, so that lengths are those of the answer.
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    const answer = answerIn(text);
    if (!answer) return;
    text = '';
    answered?.resolve(answer);
  });
  socket.on('close', () => answered?.reject(new Error('The connection was closed before the answer.')));
  return {
    request(method, path, headers = {}, body = '') {
      if (socket.destroyed) return Promise.reject(new Error('The connection was closed while nobody used it.'));
      answered = Promise.withResolvers();
      const fields = Object.entries({ host, ...headers, 'content-length': Buffer.byteLength(body) });
      const head = fields.map(([name, value]) => `${name}: ${value}\r\n`).join('');
      socket.write(`${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`);
      return answered.promise;
    },
    close: () => void socket.destroy(),
  };
}

/** Undefined while something of it is missing. */
function answerIn(text: string): Answer | undefined {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [, status, length] = /^HTTP\/1\.1 (\d+).*?\r\ncontent-length: (\d+)/is.exec(text.slice(0, end)) ?? [];
  if (length === undefined) throw new Error('An answer does not tell its length.');
  const body = text.slice(end + 4);
  return body.length < Number(length) ? undefined : { status: Number(status), body };
}

const connected = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket));
    socket.once('error', reject);
  });
