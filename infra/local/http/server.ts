/** The engine's one port: AWS services, local pages and the HTTP API, on loopback only. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LambdaPart } from '../lambda/lambda.ts';
import { AwsError, type Clock, type PageHandler } from '../part.ts';
import { type Answer, FAILED, FORBIDDEN, NOT_FOUND, TOO_LARGE, toAnswer, toEvent, UNAVAILABLE } from './api-event.ts';
import { type AwsServices, answerAws, serviceOf } from './aws.ts';
import { readBody } from './body.ts';
import { isForThisMachine, isFromElsewhere } from './guard.ts';
import { answerPage } from './pages.ts';
import type { Match, Route, Router } from './routes.ts';

export interface Listener {
  port: number;
  /** Who answers, once all parts are there; until then every request waits. */
  serve(site: Site): void;
  close(): Promise<void>;
}

/** What is served. */
export interface Site {
  router: Router<Route>;
  lambda: LambdaPart;
  aws: AwsServices;
  pages: readonly PageHandler[];
  /** Keeps a captured request of a function; undefined when it is none. */
  capture(request: IncomingMessage, body: Buffer): Answer | undefined;
  clock: Clock;
  account: string;
  serving: Serving;
  /** Until then everything but AWS calls and `/_local` waits. */
  ready?: Promise<unknown> | undefined;
}

/** How many requests to the HTTP API are being answered. */
export interface Serving {
  count: number;
}

/** API Gateway's limit, https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html, and SES's. */
const LARGEST = { api: 10 * 1024 * 1024, aws: 40 * 1024 * 1024 };
/** Longer than the keep-alive of any client here, so that no client meets a connection that just closed. */
const KEEP_ALIVE_MS = 75_000;

/** Listens on loopback. @param port 0 takes any that is free. @throws Error saying that the port is taken. */
export async function listen(port: number, report: (line: string) => void): Promise<Listener> {
  let announce: (site: Site) => void = () => {};
  const announced = new Promise<Site>((resolve) => {
    announce = resolve;
  });
  let ready: Site | undefined;

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const site = ready ?? (await announced);
    // In real time, which an SDK in a function, where the clock may have been moved, would take for a skewed clock.
    if (serviceOf(request) !== undefined) response.sendDate = false;
    try {
      send(response, await respond(site, request, report), request);
    } catch (error) {
      if (!response.destroyed && !request.destroyed)
        report(`${request.method} ${request.url?.split('?')[0]}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else send(response, FAILED, request);
    }
  };

  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    (request, response) => void answer(request, response),
  );
  const taken = await bind(server, port);
  return {
    port: taken,
    serve(site) {
      ready = site;
      announce(site);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bind(server: Server, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} is taken: choose another one.`) : error);
    });
    server.listen(port, '127.0.0.1', resolve);
  });
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return address.port;
}

async function respond(site: Site, request: IncomingMessage, report: (line: string) => void): Promise<Answer> {
  if (!isForThisMachine(request)) return FORBIDDEN;
  const service = serviceOf(request);
  const [path = '/', query = ''] = splitUrl(request.url ?? '/');
  const isPrivate = service !== undefined || path.startsWith('/_local') || path === '/api' || path.startsWith('/api/');
  if (isPrivate && isFromElsewhere(request)) return FORBIDDEN;
  const body = await readBody(request, service === undefined ? LARGEST.api : LARGEST.aws);
  if (body === undefined) return TOO_LARGE;
  if (service !== undefined) return answerAws(site.aws, service, request, body, report);
  const isLocal = path.startsWith('/_local');
  const captured = isLocal ? site.capture(request, body) : undefined;
  if (captured) return captured;
  if (!isLocal) await site.ready;
  // A route that names its path is the API's before any page: pages are only asked, at some cost, where none matches.
  const match = isLocal ? undefined : site.router(request.method ?? 'GET', path);
  if (match?.isSpecific) return callApi(site, match, request, path, query, body);
  const page = await answerPage(site.pages, request, body);
  return page ?? (match ? callApi(site, match, request, path, query, body) : NOT_FOUND);
}

function splitUrl(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

async function callApi(
  { lambda, clock, account, serving }: Site,
  { route, parameters }: Match<Route>,
  request: IncomingMessage,
  path: string,
  query: string,
  body: Buffer,
): Promise<Answer> {
  const { key: routeKey, apiId } = route;
  const [requestId, at] = [randomUUID(), clock.now()];
  serving.count += 1;
  try {
    const event = toEvent({ request, path, query, body, routeKey, parameters, apiId, account, requestId, at });
    const outcome = await lambda.invokeText(route.function, event);
    const answer = outcome.ok ? toAnswer(outcome.payload) : FAILED;
    return { ...answer, headers: { ...answer.headers, 'apigw-requestid': requestId } };
  } catch (error) {
    if (error instanceof AwsError && error.status === 429) return UNAVAILABLE;
    throw error;
  } finally {
    serving.count -= 1;
  }
}

function send(response: ServerResponse, { status, headers, body }: Answer, request: IncomingMessage): void {
  if (response.destroyed) return;
  // What is left of a body that was not read would be taken for the next request.
  const fields = request.complete ? headers : { ...headers, connection: 'close' };
  const mayHaveBody = status !== 204 && status !== 304;
  response.writeHead(status, mayHaveBody ? { ...fields, 'content-length': Buffer.byteLength(body) } : fields);
  response.end(mayHaveBody && request.method !== 'HEAD' ? body : undefined);
}
