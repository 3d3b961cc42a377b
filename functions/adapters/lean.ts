/** What every SDK client here is spared. */
import toFastProperties from 'to-fast-properties';
import { type Client, type Service, unsignedWhereLocal } from './unsigned.ts';

/**
 * Takes the SDK's logging out: it walks through each request and answer to hide what is sensitive, for a logger that is not
 * there; and the user agent, a list of the SDK's parts that it puts together for each call. (`cacheMiddleware`, in the
 * clients' settings, saves putting the rest together for each call.) Signs nothing for a server of this machine. And makes a
 * fast object of the client's settings: the SDK copies all fifty of them three times a call.
 */
export function lean<T extends Client>(client: T, service: Service): T {
  client.middlewareStack.remove('loggerMiddleware');
  client.middlewareStack.remove('getUserAgentMiddleware');
  unsignedWhereLocal(client, service);
  toFastProperties(client.config);
  return client;
}
