/** An email address as typed, as mailed to and as a key of identity. */
import { createHash } from 'node:crypto';
import { domainToASCII } from 'node:url';
import type { EmailAddress } from './lead.ts';
import { type Refusal, refuse } from './refusal.ts';

export type ParsedAddress = { ok: true; address: EmailAddress } | Refusal;

const LOCAL_OCTETS = 64;
const ADDRESS_OCTETS = 254;
const TOO_LONG = refuse('long', `it is longer than ${ADDRESS_OCTETS} characters`, { most: String(ADDRESS_OCTETS) });

/** Zero-width characters, byte order mark, soft hyphen and marks of direction: invisible, and pasted along. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const NON_ASCII = /[^\p{ASCII}]/u;
/** RFC 5321, section 4.1.2: atoms of `atext` joined by single dots. */
const DOT_ATOM = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/i;
const LABEL = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
/** What UTS-46 would quietly map or a URL parser would take as syntax. */
const URL_SYNTAX = /[\s%/\\:?#@[\]<>^|_,;()"'!$&*+=`{}~]/;

const faultOfLocal = (local: string): Refusal | undefined => {
  if (local === '') return refuse('address-before', 'nothing stands before the @');
  if (local.startsWith('"')) return refuse('address-before', 'quoted names before the @ are not accepted');
  if (NON_ASCII.test(local))
    return refuse('address-letters', 'before the @ only plain letters without accents can be mailed to');
  if (local.length > LOCAL_OCTETS)
    return refuse('address-before', `more than ${LOCAL_OCTETS} characters stand before the @`);
  if (/\s/.test(local)) return refuse('address-before', 'a space stands before the @');
  if (!DOT_ATOM.test(local))
    return refuse('address-before', 'the part before the @ has a misplaced dot or a character that is not allowed');
  return undefined;
};

/** The domain in lower-case ASCII (UTS-46, `thựcphẩm.vn` → `xn--thcphm-me8bww.vn`), or why there is none. */
const parseDomain = (typed: string): { ascii: string } | Refusal => {
  if (typed === '') return refuse('address-domain', 'nothing stands after the @');
  if (typed.startsWith('[') || /^[\d.]+$/.test(typed))
    return refuse('address-domain', 'a number in place of a domain is not accepted');
  const ascii = URL_SYNTAX.test(typed) ? '' : domainToASCII(typed).toLowerCase();
  const labels = ascii.split('.');
  const noName = refuse('address-domain', 'the domain after the @ is not a valid name');
  if (!labels.every((label) => LABEL.test(label))) return noName;
  if (labels.length < 2) return refuse('address-ending', 'the domain after the @ has no ending such as .com');
  return /^\d+$/.test(labels.at(-1) ?? '') ? noName : { ascii };
};

/** Mailboxes known to take `+tag` as the same person. Any other domain: dots and plus may be real. */
const TAGGED = new Set([
  ...['outlook.com', 'outlook.co.th', 'outlook.fr', 'outlook.de', 'outlook.jp', 'outlook.in', 'outlook.com.vn'],
  ...['hotmail.com', 'hotmail.co.th', 'hotmail.co.uk', 'hotmail.fr', 'hotmail.de', 'hotmail.it', 'hotmail.es'],
  ...['live.com', 'live.co.uk', 'live.fr', 'live.de', 'live.nl', 'live.co.th', 'live.com.sg', 'msn.com'],
  ...['icloud.com', 'me.com', 'mac.com', 'fastmail.com', 'fastmail.fm'],
  ...['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'],
]);
const GMAIL = new Set(['gmail.com', 'googlemail.com']);

const keyOf = (local: string, domain: string): string => {
  const lower = local.toLowerCase();
  const untagged = lower.split('+')[0] ?? '';
  if (GMAIL.has(domain)) return `${untagged.replaceAll('.', '') || lower}@gmail.com`;
  return `${(TAGGED.has(domain) && untagged) || lower}@${domain}`;
};

/**
 * Reads an address that a person typed. `deliverTo` keeps the local part as it is; `key` is for identity and suppression
 * alone, never mailed to. SES takes 7-bit addresses only (no SMTPUTF8), hence no accents before the @; quoted names and
 * IP literals are refused although RFC 5321 knows them. `why` continues the sentence "The address is not accepted: …".
 */
export const parseEmailAddress = (text: string): ParsedAddress => {
  const asTyped = text.replace(INVISIBLE, '').normalize('NFC').trim();
  if (asTyped === '') return refuse('missing', 'it is empty');
  if (asTyped.startsWith('"')) return refuse('address-before', 'quoted names before the @ are not accepted');
  if (asTyped.length > ADDRESS_OCTETS) return TOO_LONG;
  const signs = asTyped.split('@').length - 1;
  if (signs !== 1) return refuse('address-at', signs === 0 ? 'it has no @' : 'it has more than one @');
  const [local = '', typedDomain = ''] = asTyped.split('@');
  const fault = faultOfLocal(local);
  if (fault) return fault;
  const domain = parseDomain(typedDomain);
  if ('why' in domain) return domain;
  const deliverTo = `${local}@${domain.ascii}`;
  // A domain in other letters grows in ASCII.
  if (deliverTo.length > ADDRESS_OCTETS) return TOO_LONG;
  return { ok: true, address: { asTyped, deliverTo, key: keyOf(local, domain.ascii) } };
};

/** What stands for an address in keys of the table and in suppression: hex SHA-256 of its `key`. It never rotates. */
export const emailHash = (key: string): string => createHash('sha256').update(key).digest('hex');

/** The part before the @ of a parsed address and the domain behind it. */
export const partsOf = (deliverTo: string): { local: string; domain: string } => {
  const sign = deliverTo.lastIndexOf('@');
  return { local: deliverTo.slice(0, sign), domain: deliverTo.slice(sign + 1) };
};
