/** The request of SES v2 SendEmail, as the API reference has it. Names that are not listed are refused. */
import * as z from 'zod';
import { MessageHeader, MessageTag } from './header.ts';
import type { Outgoing } from './outgoing.ts';

const Content = z.object({ Data: z.string(), Charset: z.string().optional() });
const Attachment = z.looseObject({
  FileName: z.string(),
  RawContent: z.string(),
  ContentType: z.string().default('application/octet-stream'),
});
export const Simple = z.strictObject({
  Subject: Content,
  Body: z.strictObject({ Text: Content.optional(), Html: Content.optional() }),
  Headers: z.array(MessageHeader).default([]),
  Attachments: z.array(Attachment).default([]),
});
const Addresses = z.array(z.string()).default([]);
const Feature = z.enum(['ENABLED', 'DISABLED']).optional();

export const SendRequest = z.strictObject({
  FromEmailAddress: z.string().optional(),
  // Who may send and where SES would forward bounces to: of no meaning on one machine.
  FromEmailAddressIdentityArn: z.unknown().optional(),
  FeedbackForwardingEmailAddress: z.unknown().optional(),
  FeedbackForwardingEmailAddressIdentityArn: z.unknown().optional(),
  Destination: z.strictObject({ ToAddresses: Addresses, CcAddresses: Addresses, BccAddresses: Addresses }).optional(),
  ReplyToAddresses: Addresses,
  EmailTags: z.array(MessageTag).default([]),
  ConfigurationSetName: z.string().optional(),
  ConfigurationOverrides: z
    .strictObject({
      Tracking: z.strictObject({ OpenTrackingEnabled: Feature, ClickTrackingEnabled: Feature }).optional(),
    })
    .optional(),
  Content: z.object({
    Simple: Simple.optional(),
    Raw: z.strictObject({ Data: z.string() }).optional(),
    Template: z.unknown().optional(),
  }),
});
export type SendRequest = z.infer<typeof SendRequest>;

/** What does not depend on the kind of content. */
export function settings(
  request: SendRequest,
): Pick<Outgoing, 'tags' | 'configurationSet' | 'trackOpens' | 'trackClicks'> {
  const { OpenTrackingEnabled: opens, ClickTrackingEnabled: clicks } = request.ConfigurationOverrides?.Tracking ?? {};
  return {
    tags: Object.fromEntries(request.EmailTags.map(({ Name, Value }) => [Name, Value])),
    configurationSet: request.ConfigurationSetName,
    trackOpens: opens && opens === 'ENABLED',
    trackClicks: clicks && clicks === 'ENABLED',
  };
}
