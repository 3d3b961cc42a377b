import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { unsignedWhereLocal } from '../../functions/adapters/unsigned.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** The authorization that a call carries, with this endpoint in the environment. */
async function authorizationOf(endpoint: string | undefined): Promise<string> {
  if (endpoint) vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', endpoint);
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  let sent = '';
  const client = unsignedWhereLocal(
    new DynamoDBClient({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
      requestHandler: {
        handle: async ({ headers }: { headers: Record<string, string> }) => {
          sent = headers.authorization ?? '';
          return { response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } };
        },
      },
    }),
  );
  await client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' }, sk: { S: 'b' } } }));
  return sent;
}

describe('a call to the table', () => {
  it('carries a stamp with the region in place of a signature where the table is a local server', async () => {
    const sent = await authorizationOf('http://127.0.0.1:8000');
    expect(sent).toContain('Credential=local/20000101/eu-central-1/dynamodb/aws4_request');
    expect(sent).toContain('Signature=0');
  });

  it.each([undefined, 'https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com'])(
    'is signed anywhere else: %s',
    async (endpoint) => {
      expect(await authorizationOf(endpoint)).toMatch(/Credential=AKID\/.*Signature=[0-9a-f]{64}$/);
    },
  );
});
