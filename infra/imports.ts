/** Old lists: leads with evidence of their consent, and addresses that must not be mailed. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Parts } from './parts.ts';

/** A ceiling: an import takes its time, and two at once are enough. */
const IMPORTS_AT_ONCE = 2;

export function forImports({ api, lambdas, acts }: Parts): void {
  const imports = lambdas.make({
    name: 'imports',
    impact: 'nobody can import leads',
    uses: acts,
    reserved: IMPORTS_AT_ONCE,
    memory: 1024,
    timeout: 29,
  });
  api.private_([HttpMethod.POST], '/api/imports', imports, 'ingest');
}
