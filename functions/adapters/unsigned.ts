/** Calls to a local server in place of AWS: it wants to see a signature, and looks no closer. */
import { optionalEnv } from '../env.ts';

/** A service, as the scope of a signature names it. */
export type Service = 'dynamodb' | 'events' | 'secretsmanager' | 'ses' | 'states';

/** A middleware of any client: it hands on what it is given, and gives back what it gets. */
type Middleware = <Args, Output>(next: (args: Args) => Promise<Output>) => (args: Args) => Promise<Output>;

/** A client of the SDK, whatever it takes and gives. */
export interface Client {
  config: object;
  middlewareStack: {
    remove(name: string): boolean;
    add(middleware: Middleware, options: { step: 'build'; name: string }): void;
  };
}

interface Built {
  request: { headers: Record<string, string> };
}
const isBuilt = (args: unknown): args is Built =>
  typeof args === 'object' &&
  args !== null &&
  'request' in args &&
  typeof args.request === 'object' &&
  args.request !== null &&
  'headers' in args.request;

const endpointOf = (service: Service): string | undefined =>
  (service === 'dynamodb' && optionalEnv('dynamoEndpoint')) || optionalEnv('awsEndpoint');

/**
 * Spares calls to a local server (plain http, which AWS has nowhere) the working out of a signature: a tenth of what a
 * function of the local run does. The scope stays in it: it tells the service, and some servers keep a table for each region.
 */
export function unsignedWhereLocal(client: Client, service: Service): void {
  if (!endpointOf(service)?.startsWith('http://')) return;
  const scope = `local/20000101/${optionalEnv('region') ?? 'us-east-1'}/${service}/aws4_request`;
  const stamp = {
    authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=0`,
    'x-amz-date': '20000101T000000Z',
  };
  client.middlewareStack.remove('httpAuthSchemeMiddleware');
  client.middlewareStack.remove('httpSigningMiddleware');
  client.middlewareStack.add(
    (next) => (args) => {
      if (isBuilt(args)) Object.assign(args.request.headers, stamp);
      return next(args);
    },
    { step: 'build', name: 'stamp' },
  );
}
