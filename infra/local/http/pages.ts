/** Page handlers, which speak the web's Request and Response, on Node's server. */
import type { IncomingMessage } from 'node:http';
import type { PageHandler } from '../part.ts';
import type { Answer } from './api-event.ts';

/** The first page that is one of the handlers' own, or undefined. */
export async function answerPage(
  handlers: readonly PageHandler[],
  request: IncomingMessage,
  body: Buffer,
): Promise<Answer | undefined> {
  if (handlers.length === 0) return undefined;
  const asked = toWebRequest(request, body);
  for (const handler of handlers) {
    const response = await handler(asked);
    if (response) return fromWebResponse(response);
  }
  return undefined;
}

function toWebRequest({ method = 'GET', url = '/', headers, rawHeaders }: IncomingMessage, body: Buffer): Request {
  const pairs = new Headers();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) pairs.append(rawHeaders[i] ?? '', rawHeaders[i + 1] ?? '');
  const hasBody = body.length > 0 && method !== 'GET' && method !== 'HEAD';
  const address = new URL(url.startsWith('/') ? `http://${headers.host}${url}` : url);
  return new Request(address, { method, headers: pairs, ...(hasBody ? { body: new Uint8Array(body) } : {}) });
}

async function fromWebResponse(response: Response): Promise<Answer> {
  const headers: Answer['headers'] = Object.fromEntries(response.headers);
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers['set-cookie'] = cookies;
  return { status: response.status, headers, body: Buffer.from(await response.arrayBuffer()) };
}
