/** What a workflow calls outside: the webhooks of the settings. */
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Parts } from './parts.ts';
import { uses } from './table.ts';

/** The task behind `webhook` steps. Long enough for one call of 5 s and the table around it. */
export function forCalls({ table, lambdas, secrets }: Parts): LambdaFunction {
  return lambdas.make({
    name: 'call',
    impact: 'systems that workflows tell of leads do not hear of them',
    uses: [uses(table, 'get', 'write'), secrets.readsWebhookSecrets()],
    task: true,
    timeout: 15,
  });
}
