/** The tables of the template, made where they are missing. */
import * as z from 'zod';
import type { Assembly } from '../assembly.ts';
import { parseResource } from '../resource.ts';

const KeySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const Projection = z.strictObject({
  ProjectionType: z.string().optional(),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const ignored = z.unknown().optional();

const Index = z.strictObject({
  IndexName: z.string(),
  KeySchema,
  Projection,
  ContributorInsightsSpecification: ignored,
  OnDemandThroughput: ignored,
  ProvisionedThroughput: ignored,
  WarmThroughput: ignored,
  WriteOnDemandThroughputSettings: ignored,
  WriteProvisionedThroughputSettings: ignored,
});

/** Streams are not read here: the local server slows with each record that it keeps for them. */
const TableProperties = z.strictObject({
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) })),
  KeySchema,
  GlobalSecondaryIndexes: z.array(Index).default([]),
  LocalSecondaryIndexes: z.array(Index).default([]),
  BillingMode: ignored,
  ContributorInsightsSpecification: ignored,
  DeletionProtectionEnabled: ignored,
  OnDemandThroughput: ignored,
  PointInTimeRecoverySpecification: ignored,
  ProvisionedThroughput: ignored,
  Replicas: ignored,
  ResourcePolicy: ignored,
  SSESpecification: ignored,
  TableClass: ignored,
  Tags: ignored,
  TimeToLiveSpecification: ignored,
  WarmThroughput: ignored,
  WriteOnDemandThroughputSettings: ignored,
  WriteProvisionedThroughputSettings: ignored,
});
type TableProperties = z.infer<typeof TableProperties>;
type Index = z.infer<typeof Index>;

const Described = z.looseObject({
  Table: z.looseObject({
    KeySchema: z.array(z.looseObject({ AttributeName: z.string(), KeyType: z.string() })),
    GlobalSecondaryIndexes: z.array(z.looseObject({ IndexName: z.string() })).optional(),
  }),
});

/**
 * Makes each table that is missing, and each index that is missing from a table; leaves the rest as it is.
 * @returns the names of the tables.
 * @throws Error naming the table and what is unknown in it, or what the server said.
 */
export async function makeTables(endpoint: string, assembly: Assembly): Promise<string[]> {
  const tables = assembly.ofType('AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map((resource) => ({
    name: resource.name,
    properties: parseResource(resource.type, resource, TableProperties),
  }));
  for (const { name, properties } of tables) await makeTable(createCall(endpoint, assembly.region), name, properties);
  return tables.map(({ name }) => name);
}

type Call = (operation: string, input: object) => Promise<{ ok: boolean; code: string; text: string }>;

async function makeTable(call: Call, name: string, properties: TableProperties): Promise<void> {
  const found = await call('DescribeTable', { TableName: name });
  if (found.ok) return addMissing(call, name, properties, Described.parse(JSON.parse(found.text)).Table);
  if (found.code !== 'ResourceNotFoundException')
    throw new Error(`The table ${name} cannot be looked up: ${found.text}`);
  const { GlobalSecondaryIndexes: global, LocalSecondaryIndexes: local } = properties;
  const made = await call('CreateTable', {
    TableName: name,
    AttributeDefinitions: properties.AttributeDefinitions,
    KeySchema: properties.KeySchema,
    BillingMode: 'PAY_PER_REQUEST',
    ...(global.length > 0 ? { GlobalSecondaryIndexes: global.map(toIndex) } : {}),
    ...(local.length > 0 ? { LocalSecondaryIndexes: local.map(toIndex) } : {}),
  });
  // Two starts against one server of the user's own may meet.
  if (!made.ok && made.code !== 'ResourceInUseException')
    throw new Error(`The table ${name} cannot be made: ${made.text}`);
}

const toIndex = ({ IndexName, KeySchema, Projection }: Index): object => ({ IndexName, KeySchema, Projection });

async function addMissing(
  call: Call,
  name: string,
  properties: TableProperties,
  found: z.infer<typeof Described>['Table'],
): Promise<void> {
  const keys = (schema: readonly { AttributeName: string; KeyType: string }[]): string =>
    schema.map((key) => `${key.KeyType} ${key.AttributeName}`).join(', ');
  if (keys(found.KeySchema) !== keys(properties.KeySchema)) {
    throw new Error(
      `The table ${name} has the keys ${keys(found.KeySchema)}; the stack says ${keys(properties.KeySchema)}.`,
    );
  }
  const known = new Set(found.GlobalSecondaryIndexes?.map((index) => index.IndexName));
  for (const index of properties.GlobalSecondaryIndexes) {
    if (known.has(index.IndexName)) continue;
    const added = await call('UpdateTable', {
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      GlobalSecondaryIndexUpdates: [{ Create: toIndex(index) }],
    });
    if (!added.ok) throw new Error(`The index ${index.IndexName} of the table ${name} cannot be made: ${added.text}`);
  }
}

/** Servers for development take any signature that looks like one. */
function createCall(endpoint: string, region: string): Call {
  return async (operation, input) => {
    const answer = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20000101T000000Z',
        authorization: `AWS4-HMAC-SHA256 Credential=local/20000101/${region}/dynamodb/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
      },
      body: JSON.stringify(input),
    });
    const text = await answer.text();
    const [, code = ''] = /"__type":"[^"]*#?\b(\w+)"/.exec(text) ?? [];
    return { ok: answer.ok, code, text };
  };
}
