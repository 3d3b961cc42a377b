/** SendEmail with Raw content: a whole MIME message. */
import PostalMime, { type Address, type Email } from 'postal-mime';
import { bareAddress } from './address.ts';
import { type Header, isInfected, type Outgoing } from './outgoing.ts';
import { badRequest } from './refusal.ts';
import { type SendRequest, settings } from './request.ts';

/** Headers that speak to SES and do not go out; and Bcc, which nobody else may see. */
const forSes = /^(x-ses-|bcc$)/i;

/**
 * @param data base64, as in the JSON protocol.
 * @throws AwsError BadRequestException when it has no sender or its addresses are not valid.
 */
export async function readRaw(data: string, request: SendRequest): Promise<Outgoing> {
  const email = await PostalMime.parse(Buffer.from(data, 'base64'), { attachmentEncoding: 'utf8' });
  const header = (name: string) => email.headers.find((each) => each.key === name)?.value;
  const from = request.FromEmailAddress ?? header('from');
  if (from === undefined) throw badRequest("Missing required header 'From'.");
  bareAddress(from);
  const { to, cc, bcc } = { to: addresses(email.to), cc: addresses(email.cc), bcc: addresses(email.bcc) };
  const given = request.Destination;
  const recipients = given
    ? [...given.ToAddresses, ...given.CcAddresses, ...given.BccAddresses]
    : [...to, ...cc, ...bcc];
  const set = settings(request);
  return {
    from,
    to,
    cc,
    replyTo: addresses(email.replyTo),
    recipients: [...new Set(recipients.map(bareAddress))],
    subject: email.subject ?? '',
    html: email.html,
    text: email.text,
    headers: headersOf(email),
    ...set,
    configurationSet: set.configurationSet ?? header('x-ses-configuration-set'),
    tags: { ...headerTags(header('x-ses-message-tags')), ...set.tags },
    attachments: email.attachments.map((each) => ({ name: each.filename ?? 'attachment', type: each.mimeType })),
    infected: isInfected(email.html, email.text, ...email.attachments.map((each) => String(each.content))),
  };
}

function headersOf(email: Email): Header[] {
  return email.headers
    .filter((each) => !forSes.test(each.key))
    .map((each) => ({ name: each.originalKey, value: each.value }));
}

/** Header-style addresses, groups opened. */
function addresses(given: Address | Address[] | undefined): string[] {
  const flat = [given ?? []].flat().flatMap((each) => each.group ?? [each]);
  return flat.map(({ name, address }) => (name ? `"${name.replace(/["\\]/g, '\\$&')}" <${address}>` : (address ?? '')));
}

/** `X-SES-MESSAGE-TAGS: name1=value1, name2=value2`. */
function headerTags(value = ''): Record<string, string> {
  const pairs = value.split(',').map((pair) => pair.trim().split('='));
  return Object.fromEntries(pairs.filter(([name]) => name).map(([name = '', text = '']) => [name, text]));
}
