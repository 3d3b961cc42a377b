/**
 * What a user agent says of who asked: proxies of mail providers, programs that name themselves, and what is no browser.
 * A list of its own, because lists for web sites call the proxies of Gmail and Yahoo bots, which would throw away every
 * open of theirs, and miss Apple's. A name that a person's mail program also gives itself is not in it.
 */

export type AgentKind =
  | { kind: 'proxy' | 'machine'; name: string }
  /** No browser, and no program that is known. */
  | { kind: 'odd' }
  | { kind: 'plain' };

/**
 * Proxies that load images for the reader, sometimes before anybody reads. Sources: Gmail and Yahoo, the agents that they
 * send (the Yahoo one names its help page, SLN28749); Apple Mail Privacy Protection sends just `Mozilla/5.0`.
 */
const PROXIES: readonly (readonly [RegExp, string])[] = [
  [/\(via ggpht\.com GoogleImageProxy\)/, 'the image proxy of Gmail'],
  [/\bYahooMailProxy\b/, 'the image proxy of Yahoo'],
  [/^Mozilla\/5\.0$/, 'the image proxy of Apple Mail'],
];

/**
 * Mail scanners and link previews, by the names that they send. Sources: the field guide to scanners of
 * live-direct-marketing.online (Barracuda, Proofpoint, Cisco, Trend Micro), suped.com on agents in click data (previews,
 * libraries), and the vendors' own pages for the previews.
 */
const SCANNERS: readonly (readonly [RegExp, string])[] = [
  [/\bBarracuda/i, 'the scanner of Barracuda'],
  [/\bMimecast\b/i, 'the scanner of Mimecast'],
  [/\bProofpoint\b/i, 'the scanner of Proofpoint'],
  [/\bCiscoSecureEmail\b|\bIronPort\b/i, 'the scanner of Cisco'],
  [/\bTMES\b|\bTrendMicro\b/i, 'the scanner of Trend Micro'],
  [/\bFortiMail\b|\bFortiGuard\b/i, 'the scanner of Fortinet'],
  [/\bBingPreview\//, 'a preview by Bing'],
  [/\bSkypeUriPreview\b/, 'a preview by Skype or Teams'],
  [/\bMicrosoft Office (?:Protocol|Existence) Discovery\b/, 'Office, which looks at a link before it is opened'],
  [/\bSlackbot\b|\bSlack-ImgProxy\b/, 'a preview by Slack'],
  [/\bfacebookexternalhit\/|\bfacebookexternalua\b/, 'a preview by Facebook'],
  [/\bTwitterbot\//, 'a preview by X'],
  [/\bLinkedInBot\//, 'a preview by LinkedIn'],
  [/\bTelegramBot\b/, 'a preview by Telegram'],
  [/^WhatsApp\//, 'a preview by WhatsApp'],
  [/\bSnap URL Preview Service\b/, 'a preview by Snapchat'],
  [/\bGooglebot\b|\bGoogle-Safety\b|\bGoogle-Read-Aloud\b/, 'a program of Google'],
  [/\bbingbot\//i, 'a crawler of Bing'],
];

/** Libraries and headless browsers, by the names that they send unless told otherwise. Source: their documentation. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bHeadlessChrome\/|\bPhantomJS\//, 'a browser without a screen'],
  [/^curl\//, 'curl'],
  [/^Wget\//i, 'Wget'],
  [/^python-(?:requests|urllib3|httpx)\/|^Python-urllib\/|^Python\/[\d.]+ aiohttp\//, 'a program in Python'],
  [/^Go-http-client\//, 'a program in Go'],
  [/^Java\/|^Apache-HttpClient\/|^Jetty\/|^Java-http-client\//, 'a program in Java'],
  [/^axios\/|^node-fetch|^undici$|^node$|^got \(/, 'a program in JavaScript'],
  [/^libwww-perl\/|^lua-resty-http\/|^Ruby$|^Faraday v|^GuzzleHttp\//, 'a program'],
];

/** A link preview or a scanner follows links; a proxy loads images. */
export const agentOf = (agent: string | undefined): AgentKind => {
  const text = agent?.trim() ?? '';
  const named = (list: readonly (readonly [RegExp, string])[]) => list.find(([pattern]) => pattern.test(text))?.[1];
  const proxy = named(PROXIES);
  if (proxy !== undefined) return { kind: 'proxy', name: proxy };
  const machine = named(SCANNERS) ?? named(PROGRAMS);
  if (machine !== undefined) return { kind: 'machine', name: machine };
  return isBrowser(text) ? { kind: 'plain' } : { kind: 'odd' };
};

/** Browsers and mail programs say which system they run on, in brackets behind the first product. */
const isBrowser = (agent: string): boolean =>
  /^(?:Mozilla|Opera|Dalvik)\/[\d.]+ \(|^Microsoft Office\/|^Outlook-(?:iOS|Android)|\bMSOffice\b|CFNetwork\//.test(
    agent,
  );
