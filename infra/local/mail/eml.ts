/** A mail as SES puts it on the wire: MIME (RFC 5322, RFC 2045), to be opened by any mail program. */
import MimeNode from 'nodemailer/lib/mime-node';
import type { Mail } from './mails.ts';

/** SES makes these itself, out of the request. */
const MADE = new Set(['from', 'to', 'cc', 'reply-to', 'subject', 'mime-version', 'content-type', 'date', 'message-id']);

/** The bytes of the message, with CRLF at the end of each line. */
export async function emlOf(mail: Mail): Promise<Buffer> {
  const root = bodyOf(mail);
  root.setHeader('Subject', mail.subject);
  root.setHeader('Date', new Date(mail.at).toUTCString().replace('GMT', '+0000'));
  root.setHeader('Message-ID', `<${mail.messageId}@email.amazonses.com>`);
  for (const { name, value } of mail.headers) {
    // Not folded: some relays break a signature over a folded List-Unsubscribe, which RFC 8058 wants signed.
    if (!MADE.has(name.toLowerCase())) root.addHeader(name, { prepared: true, value });
  }
  return Buffer.concat([Buffer.from(addressLines(mail)), await root.build()]);
}

/** Addresses as they were given: SES wants names encoded beforehand, and what is not ASCII arrives as question marks. */
function addressLines({ from, replyTo, to, cc }: Mail): string {
  const lines = Object.entries({ From: [from], 'Reply-To': replyTo, To: to, Cc: cc });
  return lines
    .filter(([, values]) => values.length > 0)
    .map(([name, values]) => {
      const sevenBit = values.map((value) => value.replace(/[^ -~]/gu, '?').replaceAll('?= ', '?=\r\n '));
      return `${name}: ${sevenBit.join(',\r\n ')}\r\n`;
    })
    .join('');
}

/** The text comes first: of alternatives the last is the best (RFC 2046, 5.1.4). */
function bodyOf({ html, text }: Mail): MimeNode {
  const options = { disableFileAccess: true, disableUrlAccess: true, newline: 'win' };
  if (html !== undefined && text !== undefined) {
    const root = new MimeNode('multipart/alternative', options);
    root.createChild('text/plain; charset=utf-8').setContent(text);
    root.createChild('text/html; charset=utf-8').setContent(html);
    return root;
  }
  const [type, content] = html === undefined ? ['text/plain', text ?? ''] : ['text/html', html];
  const root = new MimeNode(`${type}; charset=utf-8`, options);
  root.setContent(content);
  return root;
}
