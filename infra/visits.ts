/** Visitors: the script in their pages, what it tells, and the lead that they become. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Parts } from './parts.ts';
import { uses } from './table.ts';

export function forVisitors({ api, bus, lambdas, table, acts }: Parts): void {
  const visits = lambdas.make({
    name: 'visits',
    impact: 'page views are not counted, and forms on pages are sent without their script',
    uses: [uses(table, 'get', 'store'), bus.publishes()],
  });
  api.open([HttpMethod.POST, HttpMethod.OPTIONS], '/visits', visits, 'forms');
  api.open([HttpMethod.GET, HttpMethod.HEAD], '/ripen.js', visits, 'forms');
  const claim = lambdas.make({
    name: 'claim',
    impact: 'what leads looked at before they sent a form does not score',
    uses: acts,
    async: true,
    timeout: 30,
  });
  bus.carry(['visitor.claimed', 'visitor.viewed'], claim);
  const address = lambdas.make({
    name: 'address',
    impact: 'addresses that no mail can reach are found only by their bounce',
    uses: acts,
    async: true,
    timeout: 20,
  });
  bus.carry(['address.given'], address);
}
