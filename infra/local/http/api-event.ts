/**
 * A request as API Gateway gives it to a function, and the function's answer as API Gateway sends it on
 * (payload format 2.0).
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
 */
import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { isRecord } from '../intrinsics.ts';

export interface Answer {
  status: number;
  headers: Record<string, string | string[]>;
  body: string | Buffer;
}

export interface ApiRequest {
  request: IncomingMessage;
  path: string;
  query: string;
  body: Buffer;
  routeKey: string;
  parameters: Record<string, string>;
  apiId: string;
  account: string;
  requestId: string;
  /** Engine time, ms. */
  at: number;
}

/** API Gateway hands bodies of these types on as text and all others, urlencoded forms among them, in base64. */
const TEXT = /^\s*(text\/|application\/(json|javascript|xml|problem\+json|ld\+json)|[^;]*\+(json|xml)\b)/i;

/** The event as JSON text, ready for the function's thread. */
export function toEvent(it: ApiRequest): string {
  const { method = 'GET', httpVersion, socket } = it.request;
  const { headers, cookies } = headersOf(it.request);
  const userAgent = headers['user-agent'] ?? '';
  const http = {
    method,
    path: it.path,
    protocol: `HTTP/${httpVersion}`,
    sourceIp: plainAddress(socket.remoteAddress),
    userAgent,
  };
  const host = headers.host ?? '';
  const event = {
    version: '2.0',
    routeKey: it.routeKey,
    rawPath: it.path,
    rawQueryString: it.query,
    ...(cookies.length > 0 ? { cookies } : {}),
    headers,
    ...(it.query === '' ? {} : { queryStringParameters: queryOf(it.query) }),
    requestContext: {
      accountId: it.account,
      apiId: it.apiId,
      domainName: host,
      domainPrefix: host.split('.')[0],
      http,
      requestId: it.requestId,
      routeKey: it.routeKey,
      stage: '$default',
      time: commonLogTime(it.at),
      timeEpoch: it.at,
    },
    ...(Object.keys(it.parameters).length > 0 ? { pathParameters: it.parameters } : {}),
    ...bodyOf(it.body, headers['content-type']),
  };
  return JSON.stringify(event);
}

/** Lower-cased and joined by commas; cookies stand apart. */
function headersOf({ rawHeaders }: IncomingMessage): { headers: Record<string, string>; cookies: string[] } {
  const headers: Record<string, string> = {};
  const cookies: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? '';
    const value = rawHeaders[i + 1] ?? '';
    if (name === 'cookie') cookies.push(...value.split(/;\s*/));
    else headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  return { headers, cookies };
}

function queryOf(query: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(query)) {
    values[name] = values[name] === undefined ? value : `${values[name]},${value}`;
  }
  return values;
}

function bodyOf(body: Buffer, contentType: string | undefined): { body?: string; isBase64Encoded: boolean } {
  if (body.length === 0) return { isBase64Encoded: false };
  const isText = (contentType === undefined || TEXT.test(contentType)) && isUtf8(body);
  return isText
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}

/** IPv4 addresses without the prefix that a dual-stack socket shows. */
const plainAddress = (address = ''): string => address.replace(/^::ffff:/, '');

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12/Mar/2020:19:03:58 +0000` */
function commonLogTime(at: number): string {
  const iso = new Date(at).toISOString();
  const month = MONTHS[Number(iso.slice(5, 7)) - 1];
  return `${iso.slice(8, 10)}/${month}/${iso.slice(0, 4)}:${iso.slice(11, 19)} +0000`;
}

const message = (status: number, text: string): Answer => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message: text }),
});

export const NOT_FOUND = message(404, 'Not Found');
export const TOO_LARGE = message(413, 'Request Entity Too Large');
export const FORBIDDEN = message(403, 'Forbidden');
export const FAILED = message(500, 'Internal Server Error');
export const UNAVAILABLE = message(503, 'Service Unavailable');

/** What a function answered (JSON text) as a response; what makes no response is a 500, as on API Gateway. */
export function toAnswer(payload: string): Answer {
  const result: unknown = JSON.parse(payload);
  if (!isRecord(result) || result.statusCode === undefined) {
    const body = typeof result === 'string' ? result : payload;
    return { status: 200, headers: { 'content-type': 'application/json' }, body };
  }
  const status = Number(result.statusCode);
  const { body = '' } = result;
  if (!Number.isInteger(status) || status < 100 || status > 599 || typeof body !== 'string') return FAILED;
  return {
    status,
    headers: answerHeaders(result),
    body: result.isBase64Encoded === true ? Buffer.from(body, 'base64') : body,
  };
}

function answerHeaders({ headers, multiValueHeaders, cookies }: Record<string, unknown>): Answer['headers'] {
  const all: Answer['headers'] = { 'content-type': 'text/plain;charset=UTF-8' };
  if (isRecord(headers)) for (const [name, value] of Object.entries(headers)) all[name.toLowerCase()] = String(value);
  if (isRecord(multiValueHeaders)) {
    for (const [name, values] of Object.entries(multiValueHeaders)) {
      if (Array.isArray(values)) all[name.toLowerCase()] = values.map(String);
    }
  }
  if (Array.isArray(cookies)) all['set-cookie'] = cookies.map(String);
  return all;
}
