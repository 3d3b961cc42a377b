/** SendEmail with Simple content: subject, text, HTML, headers and attachments; SES makes the message. */
import { randomInt } from 'node:crypto';
import type * as z from 'zod';
import { bareAddress } from './address.ts';
import { checkHeaders } from './header.ts';
import { contentType, isInfected, type Outgoing } from './outgoing.ts';
import { badRequest } from './refusal.ts';
import { type SendRequest, type Simple, settings } from './request.ts';

/** @throws AwsError BadRequestException that names what is missing or not allowed. */
export function readSimple(request: SendRequest, content: z.infer<typeof Simple>): Outgoing {
  const { Subject, Body, Headers, Attachments } = content;
  if (request.FromEmailAddress === undefined) throw badRequest("Missing required header 'From'.");
  if (!Body.Html && !Body.Text) throw badRequest('Content.Simple.Body has neither Html nor Text');
  checkHeaders(Headers);
  const { ToAddresses: to, CcAddresses: cc, BccAddresses: bcc } = request.Destination ?? noDestination;
  bareAddress(request.FromEmailAddress);
  for (const address of request.ReplyToAddresses) bareAddress(address);
  const parts = { html: Body.Html !== undefined, text: Body.Text !== undefined, attached: Attachments.length > 0 };
  const envelope = { from: request.FromEmailAddress, to, cc, replyTo: request.ReplyToAddresses };
  return {
    ...envelope,
    recipients: [...new Set([...to, ...cc, ...bcc].map(bareAddress))],
    subject: Subject.Data,
    html: Body.Html?.Data,
    text: Body.Text?.Data,
    headers: [
      ...standardHeaders({ ...envelope, subject: Subject.Data, type: contentType(parts, boundary()) }),
      ...Headers.map(({ Name, Value }) => ({ name: Name, value: Value })),
    ],
    ...settings(request),
    attachments: Attachments.map(({ FileName, ContentType }) => ({ name: FileName, type: ContentType })),
    infected: isInfected(
      Body.Html?.Data,
      Body.Text?.Data,
      ...Attachments.map((each) => Buffer.from(each.RawContent, 'base64').toString('latin1')),
    ),
  };
}

const noDestination = { ToAddresses: [], CcAddresses: [], BccAddresses: [] };

function standardHeaders(mail: {
  from: string;
  replyTo: string[];
  to: string[];
  cc: string[];
  subject: string;
  type: string;
}) {
  const list = (name: string, values: string[]) => (values.length > 0 ? [{ name, value: values.join(', ') }] : []);
  return [
    { name: 'From', value: mail.from },
    ...list('Reply-To', mail.replyTo),
    ...list('To', mail.to),
    ...list('Cc', mail.cc),
    { name: 'Subject', value: mail.subject },
    { name: 'MIME-Version', value: '1.0' },
    { name: 'Content-Type', value: mail.type },
  ];
}

const boundary = (): string => `----=_Part_${randomInt(10_000)}_${randomInt(1_000_000)}.${randomInt(1_000_000_000)}`;
