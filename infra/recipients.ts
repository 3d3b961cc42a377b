/** What recipients do by links of their mails. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Parts } from './parts.ts';

/** People must get out, however busy the account is. */
const UNSUBSCRIBE_RESERVED = 20;

/** The pages behind the links of mails. */
export function forRecipients({ api, lambdas, secrets, acts }: Parts): void {
  const unsubscribe = lambdas.make({
    name: 'unsubscribe',
    impact: 'recipients cannot unsubscribe',
    uses: [...acts, secrets.readsTokenKeys()],
    reserved: UNSUBSCRIBE_RESERVED,
  });
  api.open([HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST], '/unsubscribe/{token}', unsubscribe, 'pages');
}
