/// <reference lib="esnext.intl" />
/** The lead's time zone and its calendar day. */
import type { FieldValue } from '../definition/scoring.ts';
import type { Instant } from './event.ts';

/** Countries of several zones, by the one where most people live; and two under the name in use there today. */
const MAIN_ZONE: Record<string, string> = {
  ...{
    VN: 'Asia/Ho_Chi_Minh',
    IN: 'Asia/Kolkata',
    US: 'America/New_York',
    CA: 'America/Toronto',
    MX: 'America/Mexico_City',
  },
  ...{ BR: 'America/Sao_Paulo', AR: 'America/Argentina/Buenos_Aires', CL: 'America/Santiago', EC: 'America/Guayaquil' },
  ...{
    AU: 'Australia/Sydney',
    NZ: 'Pacific/Auckland',
    ID: 'Asia/Jakarta',
    MY: 'Asia/Kuala_Lumpur',
    CN: 'Asia/Shanghai',
  },
  ...{ RU: 'Europe/Moscow', KZ: 'Asia/Almaty', MN: 'Asia/Ulaanbaatar', UZ: 'Asia/Tashkent', ES: 'Europe/Madrid' },
  ...{ PT: 'Europe/Lisbon', DE: 'Europe/Berlin', UA: 'Europe/Kyiv', CY: 'Asia/Nicosia', CD: 'Africa/Kinshasa' },
  ...{ PG: 'Pacific/Port_Moresby', PF: 'Pacific/Tahiti', GL: 'America/Nuuk', PS: 'Asia/Hebron' },
};

/** Calling codes (ITU-T E.164), for a lead who left a phone and no country. Of shared codes the most populous country. */
const CALLING_CODES: Record<string, string> = {
  ...{
    '1': 'US',
    '7': 'RU',
    '20': 'EG',
    '27': 'ZA',
    '30': 'GR',
    '31': 'NL',
    '32': 'BE',
    '33': 'FR',
    '34': 'ES',
    '36': 'HU',
  },
  ...{ '39': 'IT', '40': 'RO', '41': 'CH', '43': 'AT', '44': 'GB', '45': 'DK', '46': 'SE', '47': 'NO', '48': 'PL' },
  ...{ '49': 'DE', '51': 'PE', '52': 'MX', '54': 'AR', '55': 'BR', '56': 'CL', '57': 'CO', '60': 'MY', '61': 'AU' },
  ...{ '62': 'ID', '63': 'PH', '64': 'NZ', '65': 'SG', '66': 'TH', '81': 'JP', '82': 'KR', '84': 'VN', '86': 'CN' },
  ...{ '90': 'TR', '91': 'IN', '92': 'PK', '94': 'LK', '95': 'MM', '351': 'PT', '353': 'IE', '358': 'FI', '380': 'UA' },
  ...{
    '420': 'CZ',
    '673': 'BN',
    '852': 'HK',
    '853': 'MO',
    '855': 'KH',
    '856': 'LA',
    '880': 'BD',
    '886': 'TW',
    '966': 'SA',
  },
  ...{ '971': 'AE', '972': 'IL', '977': 'NP' },
};

const formats = new Map<string, Intl.DateTimeFormat | undefined>();

const dayFormat = (zone: string): Intl.DateTimeFormat | undefined => {
  if (!formats.has(zone)) {
    try {
      // The Swedish form of a date is ISO 8601: 2027-03-01.
      const style = { year: 'numeric', month: '2-digit', day: '2-digit', timeZone: zone } as const;
      formats.set(zone, new Intl.DateTimeFormat('sv-SE', style));
    } catch {
      // A RangeError says that there is no such zone.
      formats.set(zone, undefined);
    }
  }
  return formats.get(zone);
};

/** Whether the name is a time zone of the IANA database that this machine knows. */
export const isZone = (name: string): boolean => dayFormat(name) !== undefined;

/** The calendar day of an instant in a zone, `YYYY-MM-DD`; an unknown zone counts as UTC. */
export const localDay = (at: Instant, zone: string): string =>
  dayFormat(zone)?.format(Date.parse(at)) ?? at.slice(0, 10);

const zones = new Map<string, string | undefined>();

/** The zone of a country (ISO 3166-1) where most of its people live. */
export const zoneOfCountry = (country: string): string | undefined => {
  if (!/^[A-Z]{2}$/.test(country)) return undefined;
  if (!zones.has(country)) {
    zones.set(country, MAIN_ZONE[country] ?? new Intl.Locale(`und-${country}`).getTimeZones()?.[0]);
  }
  return zones.get(country);
};

/** The country (ISO 3166-1) that a phone in E.164 is called in, as far as it can be told. */
export const countryOfPhone = (phone: string): string | undefined => {
  const prefixes = [4, 3, 2].map((end) => phone.slice(1, end));
  const known = phone.startsWith('+') ? prefixes.find((prefix) => CALLING_CODES[prefix] !== undefined) : undefined;
  return known === undefined ? undefined : CALLING_CODES[known];
};

/**
 * The lead's zone: what it stated (field `zone`, an IANA name), then that of its country (field `country`, ISO 3166-1), then
 * that of its phone's country (field `phone`, E.164), then the workspace's, then UTC. A bad name falls through to the next.
 */
export const zoneOf = (fields: Record<string, FieldValue>, workspace: string): string => {
  const { zone, country, phone } = fields;
  if (typeof zone === 'string' && isZone(zone)) return zone;
  const lived = typeof country === 'string' ? zoneOfCountry(country) : undefined;
  if (lived !== undefined) return lived;
  const called = typeof phone === 'string' ? zoneOfCountry(countryOfPhone(phone) ?? '') : undefined;
  return called ?? (isZone(workspace) ? workspace : 'UTC');
};
