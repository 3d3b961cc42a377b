/** What the DNS says of a domain: whether mail for it can be handed over anywhere. */
import { Resolver } from 'node:dns/promises';
import { optionalEnv } from '../env.ts';

/** `unknown`: nobody answered in time, or the answer was no answer. */
export type Reach = { kind: 'reachable' } | { kind: 'unreachable'; why: string } | { kind: 'unknown' };

const NO_DOMAIN: Reach = { kind: 'unreachable', why: 'the domain does not exist' };

/** Two tries of 1.5 s for each of at most three questions stay below 10 s. */
const RESOLVER = { timeout: 1500, tries: 2 };
/** A domain's answer changes rarely, a failure may pass. */
const KEPT_MS = { sure: 10 * 60_000, unsure: 30_000 };
const MOST_KEPT = 5000;

const kept = new Map<string, { reach: Reach; until: number }>();

/**
 * Whether mail can reach a domain (lower-case ASCII). A null MX (RFC 7505) takes none; without MX records the address
 * records count (RFC 5321, section 5.1); a name that does not exist has neither. `nowMs`: the time, for what is kept.
 */
export async function reachOf(domain: string, nowMs: number): Promise<Reach> {
  // By definition (RFC 6761, section 6.4); here as on AWS, without asking.
  if (/\.invalid$/.test(domain)) return NO_DOMAIN;
  const known = kept.get(domain);
  if (known && known.until > nowMs) return known.reach;
  const resolver = newResolver();
  const reach: Reach = resolver ? await ask(resolver, domain) : { kind: 'unknown' };
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(domain, { reach, until: nowMs + (reach.kind === 'unknown' ? KEPT_MS.unsure : KEPT_MS.sure) });
  return reach;
}

/** On this machine no question leaves it, unless a server is named. */
function newResolver(): Resolver | undefined {
  const server = optionalEnv('dnsServer');
  if (!server && optionalEnv('dynamoEndpoint')) return undefined;
  const resolver = new Resolver(RESOLVER);
  if (server) resolver.setServers([server]);
  return resolver;
}

async function ask(resolver: Resolver, domain: string): Promise<Reach> {
  const mx = await answerOf(() => resolver.resolveMx(domain));
  if (mx === 'unknown') return { kind: 'unknown' };
  if (mx === 'no-name') return NO_DOMAIN;
  if (mx !== 'no-data') {
    const takesNone = mx.every(({ exchange }) => exchange === '' || exchange === '.');
    return takesNone ? { kind: 'unreachable', why: 'the domain takes no mail' } : { kind: 'reachable' };
  }
  const addresses = await Promise.all([
    answerOf(() => resolver.resolve4(domain)),
    answerOf(() => resolver.resolve6(domain)),
  ]);
  if (addresses.some(Array.isArray)) return { kind: 'reachable' };
  if (addresses.includes('unknown')) return { kind: 'unknown' };
  return { kind: 'unreachable', why: 'the domain has no mail server' };
}

type Answer<T> = T[] | 'no-name' | 'no-data' | 'unknown';

async function answerOf<T>(question: () => Promise<T[]>): Promise<Answer<T>> {
  try {
    const records = await question();
    return records.length > 0 ? records : 'no-data';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTFOUND') return 'no-name';
    return code === 'ENODATA' ? 'no-data' : 'unknown';
  }
}
