/** Addresses as SES takes and refuses them. The messages are those that SES answers. */
import { addressParser, decodeWords } from 'postal-mime';
import { badRequest } from './refusal.ts';

const MAX_LENGTH = 320;

/** What is wrong with an address, in SES's words; the first that holds. */
const faults: [(local: string, domain: string) => boolean, string][] = [
  [(local) => local === '', 'Missing local name'],
  [(local) => /[^\x21-\x7e]/.test(local), 'Local address contains control or whitespace'],
  [(local) => local.startsWith('.'), 'Local address starts with dot'],
  [(local) => local.endsWith('.'), 'Local address ends with dot'],
  [(local) => local.includes('..'), 'Local address contains dot-dot'],
  [(_, domain) => domain === '', 'Missing domain'],
  [(_, domain) => /\s/.test(domain), 'Domain contains control or whitespace'],
  [(_, domain) => domain.startsWith('.'), 'Domain starts with dot'],
  [(_, domain) => domain.endsWith('.'), 'Domain ends with dot'],
  [(_, domain) => domain.includes('..'), 'Domain contains dot-dot'],
  [(_, domain) => !/^[A-Za-z0-9.-]+$/.test(domain), 'Domain contains illegal character'],
];

/**
 * The bare address of a header-style address such as `"Ada, Countess" <ada@example.com>`.
 * @throws AwsError BadRequestException. The local part must be 7-bit ASCII, the domain Punycode (SES has no SMTPUTF8).
 */
export function bareAddress(text: string): string {
  const bare = (/<([^<>]*)>\s*$/.exec(text)?.[1] ?? text).trim();
  const at = bare.lastIndexOf('@');
  if (bare === '' || addressParser(text, { flatten: true }).length !== 1) throw badRequest('Illegal address');
  if (at < 0) throw badRequest("Missing final '@domain'");
  if (bare.length > MAX_LENGTH) throw badRequest(`Address length is more than ${MAX_LENGTH} characters long`);
  const fault = faults.find(([holds]) => holds(bare.slice(0, at), bare.slice(at + 1)));
  if (fault) throw badRequest(fault[1]);
  return bare;
}

/**
 * A header as mail clients show it: encoded words decoded. SES does not encode a friendly name itself ("you must
 * encode the friendly from name using MIME encoded-word syntax"), so what is not ASCII arrives as question marks.
 */
export function shown(address: string): string {
  return decodeWords(address.replace(/[^ -~]/gu, '?'));
}
