/** The preview as a server of its own, on loopback, for when the whole system is not running. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { readBody } from '../local/http/body.ts';
import { isForThisMachine, isFromElsewhere } from '../local/http/guard.ts';
import { answerPage } from '../local/http/pages.ts';
import type { PageHandler } from '../local/part.ts';
import { ROOT } from './shell.ts';

const LARGEST = 100_000;

export interface PreviewServer {
  url: string;
  close(): Promise<void>;
}

/** @param port 0 takes any that is free. @throws Error saying that the port is taken. */
export async function servePreview(pages: PageHandler, port: number): Promise<PreviewServer> {
  const server = createServer((request, response) => void answer(pages, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken: choose another one with --port.`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const taken = address !== null && typeof address === 'object' ? address.port : port;
  return {
    url: `http://localhost:${taken}${ROOT}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(pages: PageHandler, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number, text: string) => response.writeHead(status, { 'content-type': 'text/plain' }).end(text);
  try {
    if (!isForThisMachine(request) || isFromElsewhere(request)) return void end(403, 'Only this machine may ask.');
    if (request.url === '/') return void response.writeHead(302, { location: ROOT }).end();
    const body = await readBody(request, LARGEST);
    if (body === undefined) return void end(413, 'That is too much.');
    const found = await answerPage([pages], request, body);
    if (!found) return void end(404, 'There is nothing here.');
    response.writeHead(found.status, found.headers).end(request.method === 'HEAD' ? undefined : found.body);
  } catch (error) {
    console.error(error);
    if (!response.headersSent) end(500, 'Something went wrong here; the terminal says what.');
  }
}
