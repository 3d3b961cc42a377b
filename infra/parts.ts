/** What the stack is made of, as each concern's file takes it to wire its own functions. */
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Alarms } from './alarms.ts';
import type { Api } from './api.ts';
import type { Bus } from './bus.ts';
import type { Lambdas, Use } from './lambda.ts';
import type { Mail } from './mail.ts';
import type { Nurture } from './publisher.ts';
import type { Secrets } from './secrets.ts';

export interface Parts {
  table: TableV2;
  bus: Bus;
  mail: Mail;
  secrets: Secrets;
  nurture: Nurture;
  api: Api;
  lambdas: Lambdas;
  alarms: Alarms;
  /** What it takes to apply acts to leads: the table and the bus. */
  acts: Use[];
}
