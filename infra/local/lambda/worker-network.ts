/** Nothing that a function sends leaves this machine: requests to other hosts go to the engine, which keeps and answers them. */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { urlToHttpOptions } from 'node:url';
import { CAPTURE_PATH, CAPTURED } from './captured.ts';

export interface Network {
  /** Hosts beside loopback that requests may go to. */
  reachable: readonly string[];
  /** The engine's port, and the word that shows a captured request to be one. */
  outbound: { port: number; token: string };
}

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i;

/** Captures `fetch` and `node:http(s)`; a connection by any other means to another host fails. */
export function captureNetwork({ reachable, outbound }: Network): void {
  const isReachable = (host: string): boolean => LOOPBACK.test(host) || reachable.includes(host);
  captureFetch(isReachable, outbound);
  captureRequests(http, 'http:', isReachable, outbound);
  captureRequests(https, 'https:', isReachable, outbound);
  syncBuiltinESMExports();
  refuseConnections(isReachable);
}

function captureFetch(isReachable: (host: string) => boolean, { port, token }: Network['outbound']): void {
  const real = globalThis.fetch;
  globalThis.fetch = async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    if (isReachable(url.hostname) || !url.protocol.startsWith('http')) return real(input, init);
    const request = new Request(input, init);
    const headers = new Headers(request.headers);
    headers.set(CAPTURED.token, token);
    headers.set(CAPTURED.url, url.href);
    const body = request.body === null ? null : await request.arrayBuffer();
    const { method, signal } = request;
    return real(`http://127.0.0.1:${port}${CAPTURE_PATH}`, { method, headers, body, signal });
  };
}

/** `request(url, options?, callback?)` or `request(options, callback?)`. */
function readArguments(args: unknown[]): { options: http.RequestOptions; callback: unknown } {
  const [first, second, third] = args;
  const isUrl = typeof first === 'string' || first instanceof URL;
  const given = isUrl ? second : first;
  const fromUrl = isUrl ? urlToHttpOptions(new URL(first)) : {};
  const options = typeof given === 'object' && given !== null ? { ...fromUrl, ...given } : fromUrl;
  return { options, callback: [first, second, third].find((argument) => typeof argument === 'function') };
}

function captureRequests(
  module_: typeof http | typeof https,
  protocol: string,
  isReachable: (host: string) => boolean,
  { port, token }: Network['outbound'],
): void {
  const direct = module_.request;
  const plain = http.request;
  const request = (...args: unknown[]): http.ClientRequest => {
    const { options, callback } = readArguments(args);
    const host = options.hostname ?? options.host ?? 'localhost';
    if (isReachable(host) || options.socketPath) return Reflect.apply(direct, module_, args);
    const scheme = options.protocol ?? protocol;
    const url = `${scheme}//${host}${options.port ? `:${options.port}` : ''}${options.path ?? '/'}`;
    const { method, timeout, signal, auth } = options;
    const captured = {
      method,
      timeout,
      signal,
      auth,
      protocol: 'http:',
      hostname: '127.0.0.1',
      port,
      path: CAPTURE_PATH,
    };
    const made: unknown = Reflect.apply(
      plain,
      http,
      [captured, callback].filter((argument) => argument !== undefined),
    );
    if (!(made instanceof http.ClientRequest)) throw new TypeError('No request was made.');
    for (const [name, value] of headerEntries(options.headers))
      if (name.toLowerCase() !== 'host') made.setHeader(name, value);
    made.setHeader(CAPTURED.token, token);
    made.setHeader(CAPTURED.url, url);
    return made;
  };
  const get = (...args: unknown[]): http.ClientRequest => {
    const made = request(...args);
    made.end();
    return made;
  };
  Object.assign(module_, { request, get });
}

function headerEntries(headers: http.RequestOptions['headers']): [string, string | string[]][] {
  if (!headers) return [];
  if (Array.isArray(headers)) {
    const pairs: [string, string][] = [];
    for (let i = 0; i + 1 < headers.length; i += 2) pairs.push([String(headers[i]), String(headers[i + 1])]);
    return pairs;
  }
  return Object.entries(headers).flatMap(([name, value]): [string, string | string[]][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? [...value] : String(value)]],
  );
}

function refuseConnections(isReachable: (host: string) => boolean): void {
  const real = net.Socket.prototype.connect;
  function connect(this: net.Socket, ...args: unknown[]): net.Socket {
    // Node itself passes the arguments on as one list.
    const first = Array.isArray(args[0]) ? args[0][0] : args[0];
    const isOptions = typeof first === 'object' && first !== null;
    const named = isOptions ? ('host' in first ? first.host : undefined) : args[1];
    const host = typeof named === 'string' ? named : 'localhost';
    const isPath = (isOptions && 'path' in first && typeof first.path === 'string') || typeof first === 'string';
    if (isPath || isReachable(host)) return Reflect.apply(real, this, args);
    const refused = new Error(`The local engine lets no connection out; ${host} was asked for.`);
    process.nextTick(() => this.destroy(Object.assign(refused, { code: 'ENETUNREACH' })));
    return this;
  }
  Object.defineProperty(net.Socket.prototype, 'connect', { value: connect, writable: true, configurable: true });
}
