/** A small HTTP server that gives a service to a real SDK client. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AwsError, type JsonService, type RestService } from '../../../infra/local/part.ts';

type Answer = (target: string, method: string, url: URL, body: Record<string, unknown>) => unknown;

/** Starts a server; `close` ends it. */
async function serve(answer: Answer): Promise<{ endpoint: string; close: () => void }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://localhost');
    const target =
      String(request.headers['x-amz-target'] ?? '')
        .split('.')
        .at(-1) ?? '';
    try {
      const result = await answer(target, request.method ?? 'GET', url, text === '' ? {} : JSON.parse(text));
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(result));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const headers = { 'content-type': 'application/json', 'x-amzn-errortype': error.code };
      response.writeHead(error.status, headers).end(JSON.stringify({ __type: error.code, message: error.message }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const serveJson = (service: JsonService) => serve((target, _, __, body) => service.handle(target, body));
export const serveRest = (service: RestService) =>
  serve((_, method, url, body) => service.handle(method, url.pathname, url.searchParams, body));

export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
});
