/** A mail that SES has been asked to send: what follows from the request alone, whatever kind of content it had. */

export interface Header {
  name: string;
  value: string;
}

/** Addresses are as given, friendly names included; `recipients` are the bare ones, each once. */
export interface Outgoing {
  from: string;
  to: string[];
  cc: string[];
  replyTo: string[];
  recipients: string[];
  subject: string;
  html?: string | undefined;
  text?: string | undefined;
  /** All headers that SES's events list, in order: the standard ones, then the caller's own. */
  headers: Header[];
  tags: Record<string, string>;
  configurationSet?: string | undefined;
  /** What the request says of tracking; absent: as the configuration set does. */
  trackOpens?: boolean | undefined;
  trackClicks?: boolean | undefined;
  attachments: { name: string; type: string }[];
  /** The EICAR test file is in it, which SES's virus scan finds. */
  infected: boolean;
}

/** https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html, "Testing Reject events". */
const EICAR = '$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!';

export const isInfected = (...contents: (string | undefined)[]): boolean =>
  contents.some((content) => content?.includes(EICAR));

/** The Content-Type that SES gives to a mail with these parts. */
export function contentType(parts: { html: boolean; text: boolean; attached: boolean }, boundary: string): string {
  if (parts.attached) return `multipart/mixed;  boundary="${boundary}"`;
  if (parts.html && parts.text) return `multipart/alternative;  boundary="${boundary}"`;
  return parts.html ? 'text/html; charset=UTF-8' : 'text/plain; charset=UTF-8';
}
