/** Traces of what was done on one mail, written short, and the verdict that each act must get. */
import type { Actor } from '../../../functions/lead/event.ts';
import type { Evidence, MailAct } from '../../../functions/lead/traffic.ts';

/** Seconds after the mail was delivered; what was done; by whom it must be taken to be done. */
export type Line = [after: number, what: string, actor: Actor, more?: Partial<MailAct> & { crowd?: true }];

export interface Trace {
  name: string;
  /** Seconds from sending to delivery; undefined: SES has not told of a delivery. */
  delivered?: number | undefined;
  /** Links of content in the mail. */
  links?: number;
  agent: string;
  ip: string;
  lines: Line[];
}

export const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36';
export const EDGE = `${CHROME} Edg/134.0.0.0`;
export const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1';
export const OUTLOOK = 'Mozilla/4.0 (compatible; ms-office; MSOffice rmj)';
export const GMAIL = 'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)';
export const YAHOO = 'YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html';
export const APPLE = 'Mozilla/5.0';

const SENT = Date.parse('2027-03-02T02:00:00.000Z');
const at = (ms: number): string => new Date(ms).toISOString();

/** `open`, or a link; the pages of ours are `unsubscribe` and `preferences`. */
const actOf = (trace: Trace, [after, what, , more]: Line, place: number): MailAct => {
  const { crowd: _, ...given } = more ?? {};
  const own = what === 'unsubscribe' || what === 'preferences';
  return {
    id: `act${place}`,
    key: `ses:m:${place}`,
    type: what === 'open' ? 'open' : 'click',
    at: at(SENT + (trace.delivered ?? 0) * 1000 + after * 1000),
    ...(what !== 'open' && { link: `https://www.example.com/${what}` }),
    ...(own && { own }),
    ip: trace.ip,
    agent: trace.agent,
    ...given,
  };
};

/** The evidence that a trace leaves; its acts in the order of its lines. */
export const evidenceOf = (trace: Trace): Evidence => {
  const acts = trace.lines.map((line, place) => actOf(trace, line, place));
  return {
    sentAt: at(SENT),
    ...(trace.delivered !== undefined && { deliveredAt: at(SENT + trace.delivered * 1000) }),
    ...(trace.links !== undefined && { links: trace.links }),
    acts,
    crowd: new Set(trace.lines.flatMap(([, , , more], place) => (more?.crowd ? [`act${place}`] : []))),
  };
};
