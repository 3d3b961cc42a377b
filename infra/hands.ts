/** What own people do to leads by hand, and two leads that become one. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Parts } from './parts.ts';

export function forHands({ api, bus, lambdas, acts }: Parts): void {
  const hands = lambdas.make({
    name: 'hands',
    impact: 'nobody can correct a lead',
    uses: acts,
    timeout: 29,
  });
  api.private_([HttpMethod.PATCH], '/api/leads/{id}', hands, 'correct');
  api.private_([HttpMethod.POST], '/api/leads/{id}/stop', hands, 'correct');
  api.private_([HttpMethod.POST], '/api/leads/{id}/merge', hands, 'correct');
  const merge = lambdas.make({
    name: 'merge',
    impact: 'the history of a merged lead is missing from the other one',
    uses: acts,
    async: true,
    timeout: 60,
  });
  bus.carry(['lead.merge'], merge);
}
