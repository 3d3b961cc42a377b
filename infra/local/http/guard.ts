/** Who may talk to the engine: programs and pages of this machine, not pages of others that a browser here has open. */
import type { IncomingMessage } from 'node:http';

const LOOPBACK = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

/**
 * Whether the Host header names this machine. A page elsewhere can make its own name point to 127.0.0.1 (DNS
 * rebinding) but cannot change the name that the browser sends.
 */
export function isForThisMachine({ headers }: IncomingMessage): boolean {
  const host = headers.host ?? '';
  return isLoopback(host.replace(/:\d+$/, ''));
}

/**
 * Whether a browser says that a page of another origin makes this request; `null`, a page without one, is another too.
 * Browsers send the header with every POST and with every fetch across origins.
 */
export function isFromElsewhere({ headers, socket }: IncomingMessage): boolean {
  const { origin } = headers;
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  const { hostname, port, protocol } = new URL(origin);
  return protocol !== 'http:' || !isLoopback(hostname) || Number(port || 80) !== socket.localPort;
}
