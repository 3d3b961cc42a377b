/** Where a visit came from: utm parameters, click ids, referrer and page, and the channel that they add up to. */
import type { Source } from './event.ts';
import { cutText } from './field-value.ts';

/** Click ids and the channel that each speaks for. `fbclid` hangs on every link out of Facebook, paid or not. */
const CLICK_IDS: Record<string, string> = {
  gclid: 'paid-search',
  gbraid: 'paid-search',
  wbraid: 'paid-search',
  msclkid: 'paid-search',
  yclid: 'paid-search',
  dclid: 'display',
  ttclid: 'paid-social',
  twclid: 'paid-social',
  li_fat_id: 'paid-social',
  fbclid: 'social',
  igshid: 'social',
};

const MEDIA: [RegExp, string][] = [
  [/^(cpc|ppc|sem|paid-?search|search-?ads?)$/, 'paid-search'],
  [/^(paid-?social|social-?paid|social-?ads?)$/, 'paid-social'],
  [/^(display|banner|cpm|programmatic)$/, 'display'],
  [/^(e-?mail|newsletter|edm)$/, 'email'],
  [/^(social|social-?media|social-?network|sns|zalo|line)$/, 'social'],
  [/^(affiliate|partner)$/, 'affiliate'],
  [/^(organic|seo)$/, 'organic-search'],
  [/^referral$/, 'referral'],
  [/^(event|offline|qr|print|fair)$/, 'offline'],
];

const SEARCH = /(^|\.)(google|bing|yahoo|duckduckgo|baidu|yandex|ecosia|naver|coccoc|startpage|qwant)\.[a-z.]+$/;
const WEBMAIL = /^(mail\.|outlook\.|webmail\.)/;
const SOCIAL =
  /(^|\.)(facebook|instagram|tiktok|linkedin|twitter|youtube|pinterest|reddit|threads)\.[a-z.]+$|(^|\.)(x\.com|t\.co|lnkd\.in|fb\.me|zalo\.me|line\.me|youtu\.be)$/;

/** Longer is no campaign's name. */
const LONGEST = 200;
const LONGEST_URL = 500;
/** As the name of a property it would be none. */
const NO_NAME = 'utm___proto__';
/** utm parameters beyond the five that everybody knows are few. */
const MOST = 12;

export const isSourceField = (name: string): boolean =>
  name.startsWith('utm_') || Object.hasOwn(CLICK_IDS, name) || name === 'referrer' || name === 'page';

const parseUrl = (text: string | undefined): URL | undefined => {
  const url = text === undefined ? null : URL.parse(text);
  return url && (url.protocol === 'http:' || url.protocol === 'https:') ? url : undefined;
};

/** The path of a page without addresses of persons, which some sites put into it: they are nobody's business here. */
export const pathOf = ({ pathname }: URL): string =>
  pathname
    .split('/')
    .map((part) => (/@|%(?:25)*40/i.test(part) ? '…' : part))
    .join('/');

/** Without query and fragment: they carry what people typed. */
const bare = (url: URL): string => `${url.origin}${pathOf(url)}`.slice(0, LONGEST_URL);

const picked = (
  given: Record<string, string>,
  wanted: (name: string) => boolean,
): Record<string, string> | undefined => {
  const found = Object.entries(given).filter(([name, value]) => wanted(name) && value !== '');
  if (found.length === 0) return undefined;
  return Object.fromEntries(found.slice(0, MOST).map((entry) => entry.map(shortened)));
};

const shortened = (text: string): string => cutText(text.toWellFormed(), LONGEST);

const byReferrer = (referrer: URL | undefined, page: URL | undefined): string => {
  if (!referrer || referrer.host === page?.host) return 'direct';
  const host = referrer.hostname;
  if (WEBMAIL.test(host)) return 'email';
  if (SEARCH.test(host)) return 'organic-search';
  return SOCIAL.test(host) ? 'social' : 'referral';
};

const channelOf = (
  utm: Record<string, string> | undefined,
  clickIds: Record<string, string> | undefined,
  referrer: URL | undefined,
  page: URL | undefined,
): string => {
  const medium = utm?.medium?.toLowerCase().replaceAll(/[\s_]/g, '-');
  const named = medium && MEDIA.find(([pattern]) => pattern.test(medium))?.[1];
  if (named) return named;
  const clicked = Object.keys(clickIds ?? {}).map((name) => CLICK_IDS[name])[0];
  if (clicked) return clicked;
  return utm && byReferrer(referrer, page) === 'direct' ? 'other' : byReferrer(referrer, page);
};

/**
 * The source of a visit. `given`: the posted `utm_*`, click ids, `referrer` and `page`; where they are missing, those in the
 * query of the page speak. `pageOfRequest`: the page that posted, as the browser says it.
 */
export const sourceOf = (given: Record<string, string>, pageOfRequest?: string): Source => {
  const page = parseUrl(given.page) ?? parseUrl(pageOfRequest);
  const referrer = parseUrl(given.referrer);
  const all = { ...Object.fromEntries(page?.searchParams ?? []), ...given };
  const utms = picked(all, (name) => name.startsWith('utm_') && name.length > 4 && name !== NO_NAME);
  const utm = utms && Object.fromEntries(Object.entries(utms).map(([name, value]) => [name.slice(4), value]));
  const clickIds = picked(all, (name) => Object.hasOwn(CLICK_IDS, name));
  return {
    channel: channelOf(utm, clickIds, referrer, page),
    ...(utm && { utm }),
    ...(clickIds && { clickIds }),
    ...(referrer && { referrer: bare(referrer) }),
    ...(page && { page: bare(page) }),
  };
};
