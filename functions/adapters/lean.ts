/** What every SDK client here is spared. */

interface Client {
  middlewareStack: { remove(name: string): boolean };
}

/**
 * Takes the SDK's logging out: it walks through each request and answer to hide what is sensitive, for a logger that is not
 * there. (`cacheMiddleware`, in the clients' settings, saves putting the rest together for each call.)
 */
export function lean<T extends Client>(client: T): T {
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}
