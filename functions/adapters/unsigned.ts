/** Calls to a local server of the table: it wants to see a signature, and looks no closer. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { optionalEnv } from '../env.ts';

interface HasHeaders {
  headers: Record<string, string>;
}
const hasHeaders = (request: unknown): request is HasHeaders =>
  typeof request === 'object' && request !== null && 'headers' in request;

/**
 * Spares calls to a local server (plain http, which AWS has nowhere) the working out of a signature: a tenth of what a
 * function of the local run does. The region stays in it, since some servers keep a table for each.
 */
export function unsignedWhereLocal(client: DynamoDBClient): DynamoDBClient {
  if (!optionalEnv('dynamoEndpoint')?.startsWith('http://')) return client;
  const scope = `local/20000101/${optionalEnv('region') ?? 'us-east-1'}/dynamodb/aws4_request`;
  const stamp = {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`,
    'x-amz-date': '20000101T000000Z',
  };
  client.middlewareStack.remove('httpAuthSchemeMiddleware');
  client.middlewareStack.remove('httpSigningMiddleware');
  client.middlewareStack.add(
    (next) => (args) => {
      const { request } = args;
      if (hasHeaders(request)) Object.assign(request.headers, stamp);
      return next(args);
    },
    { step: 'build', name: 'stamp' },
  );
  return client;
}
