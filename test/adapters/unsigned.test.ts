import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetAccountCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Client, type Service, unsignedWhereLocal } from '../../functions/adapters/unsigned.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

/** A client of which nothing leaves, and the authorization that its call would carry. */
function clientOf<T extends Client>(
  make: (settings: object) => T,
  call: (client: T) => Promise<unknown>,
): (service: Service) => Promise<string> {
  return async (service) => {
    let sent = '';
    const client = make({
      region: 'eu-central-1',
      credentials: { accessKeyId: 'AKID', secretAccessKey: 'secret' },
      requestHandler: {
        handle: async ({ headers }: { headers: Record<string, string> }) => {
          sent = headers.authorization ?? '';
          return { response: { statusCode: 200, headers: {}, body: Buffer.from('{}') } };
        },
      },
    });
    unsignedWhereLocal(client, service);
    await call(client);
    return sent;
  };
}

const CALLS: Record<Service, (service: Service) => Promise<string>> = {
  dynamodb: clientOf(
    (settings) => new DynamoDBClient(settings),
    (client) => client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' }, sk: { S: 'b' } } })),
  ),
  events: clientOf(
    (settings) => new EventBridgeClient(settings),
    (client) => client.send(new PutEventsCommand({ Entries: [] })),
  ),
  secretsmanager: clientOf(
    (settings) => new SecretsManagerClient(settings),
    (client) => client.send(new GetSecretValueCommand({ SecretId: 's' })),
  ),
  ses: clientOf(
    (settings) => new SESv2Client(settings),
    (client) => client.send(new GetAccountCommand({})),
  ),
  states: clientOf(
    (settings) => new SFNClient(settings),
    (client) => client.send(new StartExecutionCommand({ stateMachineArn: 'arn' })),
  ),
};
const services = Object.keys(CALLS) as Service[];

describe('a call', () => {
  it.each(services)('to a local server carries a stamp that tells service and region: %s', async (service) => {
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:8000');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    expect(await CALLS[service](service)).toBe(
      `AWS4-HMAC-SHA256 Credential=local/20000101/eu-central-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
    );
  });

  it.each(services)('to AWS is signed: %s', async (service) => {
    expect(await CALLS[service](service)).toMatch(
      new RegExp(`Credential=AKID/.*/eu-central-1/${service}/aws4_request.*Signature=[0-9a-f]{64}$`),
    );
  });

  it('to a table that stands on a server of its own looks at that server alone', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'http://127.0.0.1:8000');
    expect(await CALLS.dynamodb('dynamodb')).toContain('Signature=0');
    expect(await CALLS.events('events')).toMatch(/Signature=[0-9a-f]{64}$/);
  });

  it('to an endpoint inside of AWS is signed', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', 'https://vpce-1.dynamodb.eu-central-1.vpce.amazonaws.com');
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:8000');
    expect(await CALLS.dynamodb('dynamodb')).toMatch(/Credential=AKID\/.*Signature=[0-9a-f]{64}$/);
  });
});
