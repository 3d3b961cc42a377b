/** The one table. What stands in it, and under which key, is told in `functions/adapters/table.ts`. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, ProjectionType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import type { Use } from './lambda.ts';

export const INDEXES = { due: 'due', list: 'list' } as const;

export function makeTable(scope: Construct): TableV2 {
  return new TableV2(scope, 'Table', {
    partitionKey: { name: 'pk', type: AttributeType.STRING },
    sortKey: { name: 'sk', type: AttributeType.STRING },
    billing: Billing.onDemand(),
    encryption: TableEncryptionV2.awsManagedKey(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: true,
    removalPolicy: RemovalPolicy.RETAIN,
    timeToLiveAttribute: 'ttl',
    globalSecondaryIndexes: [
      {
        indexName: INDEXES.due,
        partitionKey: { name: 'duePk', type: AttributeType.STRING },
        sortKey: { name: 'dueAt', type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      },
      {
        indexName: INDEXES.list,
        partitionKey: { name: 'listPk', type: AttributeType.STRING },
        sortKey: { name: 'listSk', type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      },
    ],
  });
}

const TABLE_CALLS = {
  // What comes at once is read, and deleted, together.
  get: ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
  query: ['dynamodb:Query'],
  write: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem', 'dynamodb:ConditionCheckItem'],
  remove: ['dynamodb:DeleteItem'],
  change: ['dynamodb:UpdateItem'],
  /** Writes single items, deletes none. */
  store: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
  /** Deletes what was published. */
  settle: ['dynamodb:BatchWriteItem'],
};

/** What a function needs of the table; `indexes`: to query what is due, or lists. */
export function uses(table: TableV2, ...calls: (keyof typeof TABLE_CALLS | 'indexes')[]): Use {
  const indexes = Object.values(INDEXES).map((index) => `${table.tableArn}/index/${index}`);
  const allow = calls.map((call) =>
    call === 'indexes'
      ? { actions: TABLE_CALLS.query, resources: indexes }
      : { actions: TABLE_CALLS[call], resources: [table.tableArn] },
  );
  return { env: { table: table.tableName }, allow };
}
