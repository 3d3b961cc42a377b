/** The AWS services on the engine's port. A signed request names its service; each protocol has its own way to say what went wrong. */
import type { IncomingMessage } from 'node:http';
import { isRecord } from '../intrinsics.ts';
import type { LambdaPart } from '../lambda/lambda.ts';
import { AwsError, type JsonService, type RestService } from '../part.ts';
import type { Answer } from './api-event.ts';

export interface AwsServices {
  /** By the name in the credential scope: `states`, `events`, … */
  json: Readonly<Record<string, JsonService>>;
  rest: Readonly<Record<string, RestService>>;
  lambda: LambdaPart;
}

/** The service that a signed request is for: the fourth part of its credential scope; undefined for any other request. */
export function serviceOf({ headers }: IncomingMessage): string | undefined {
  const { authorization } = headers;
  if (!authorization?.startsWith('AWS4-HMAC-SHA256')) return undefined;
  return /Credential=[^/]+\/\d+\/[^/]*\/([^/]+)\/aws4_request/.exec(authorization)?.[1] ?? '';
}

/** Answers a signed request. Signatures are not checked: whoever reaches loopback may. */
export async function answerAws(
  services: AwsServices,
  service: string,
  request: IncomingMessage,
  body: Buffer,
  report: (line: string) => void,
): Promise<Answer> {
  try {
    if (service === 'lambda') return await invokeFunction(services.lambda, request, body);
    const rest = services.rest[service];
    if (rest) return await callRest(rest, request, body);
    const json = services.json[service];
    if (json) return await callJson(json, request, body);
    throw new AwsError('UnknownService', `The local engine has no service "${service}".`, 400);
  } catch (error) {
    return toError(error, request, report);
  }
}

/** https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html */
async function callJson(service: JsonService, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const target = request.headers['x-amz-target'];
  const operation = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : '';
  if (operation === '') throw new AwsError('UnknownOperationException', 'The header X-Amz-Target names no operation.');
  return json(200, await service.handle(operation, readObject(body)), request);
}

async function callRest(service: RestService, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const { method = 'GET', url = '/' } = request;
  const [path = '/', query = ''] = url.split('?', 2);
  return json(200, await service.handle(method, path, new URLSearchParams(query), readObject(body)), request);
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/]+)\/invocations(?:\?.*)?$/;

/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
async function invokeFunction(lambda: LambdaPart, request: IncomingMessage, body: Buffer): Promise<Answer> {
  const [, encoded] = INVOCATION.exec(request.url ?? '') ?? [];
  if (encoded === undefined || request.method !== 'POST') {
    throw new AwsError('UnknownOperationException', `The local Lambda has no ${request.method} ${request.url}`, 404);
  }
  const name = decodeURIComponent(encoded);
  const payload = body.length === 0 ? '{}' : body.toString('utf8');
  checkJson(payload);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (type === 'Event') {
    lambda.acceptText(name, payload);
    return { status: 202, headers: {}, body: '' };
  }
  if (type === 'DryRun') {
    lambda.find(name);
    return { status: 204, headers: {}, body: '' };
  }
  const outcome = await lambda.invokeText(name, payload);
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' };
  return {
    status: 200,
    headers: outcome.ok ? headers : { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: outcome.payload,
  };
}

function checkJson(text: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}

function readObject(body: Buffer): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    if (isRecord(value)) return value;
  } catch {
    // Said below, as for any other body that is no object.
  }
  throw new AwsError('SerializationException', 'The body is not a JSON object.');
}

function json(status: number, value: unknown, request: IncomingMessage): Answer {
  const type = request.headers['content-type'] ?? 'application/json';
  return { status, headers: { 'content-type': type }, body: JSON.stringify(value ?? {}) };
}

function toError(error: unknown, request: IncomingMessage, report: (line: string) => void): Answer {
  if (!(error instanceof AwsError))
    report(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
  const { code, message, status } =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', 'The local engine failed; its log says why.', 500);
  const answer = json(status, { __type: code, code, message, Message: message }, request);
  // The first is for REST protocols, the second for SQS clients that know the codes of its old query protocol.
  Object.assign(answer.headers, {
    'x-amzn-errortype': code,
    'x-amzn-query-error': `${code};${status < 500 ? 'Sender' : 'Receiver'}`,
  });
  return answer;
}
