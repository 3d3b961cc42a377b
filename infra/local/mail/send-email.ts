/** SES v2 SendEmail: what SES checks of a request before it takes a mail. */
import * as z from 'zod';
import { AwsError } from '../part.ts';
import { checkTags } from './header.ts';
import type { Outgoing } from './outgoing.ts';
import { readRaw } from './raw.ts';
import { badRequest } from './refusal.ts';
import { SendRequest } from './request.ts';
import { readSimple } from './simple.ts';

/** Members of the request that the local SES does not act on: using one is an error, so that nobody relies on it. */
const absent = ['ListManagementOptions', 'EndpointId', 'TenantName'];

/** 50 recipients a message, 40 MB a message (SES quotas). */
const MAX_RECIPIENTS = 50;
const MAX_BYTES = 41_943_040;

/** @throws AwsError as SES does: BadRequestException, MessageRejected. */
export async function readSendRequest(body: Record<string, unknown>): Promise<Outgoing> {
  const request = parse(body);
  const { Simple, Raw, Template } = request.Content;
  if (Template !== undefined)
    throw badRequest('Content.Template is not there in the local SES: send Simple or Raw content, rendered beforehand');
  if (Simple && Raw) throw badRequest('Content must have exactly one of Simple, Raw and Template');
  const outgoing = Raw ? await readRaw(Raw.Data, request) : Simple && readSimple(request, Simple);
  if (!outgoing) throw badRequest('Content must have exactly one of Simple, Raw and Template');
  checkTags(outgoing.tags, request.EmailTags);
  checkRecipients(outgoing.recipients);
  return outgoing;
}

function parse(body: Record<string, unknown>): SendRequest {
  const used = absent.find((name) => body[name] !== undefined);
  if (used) throw badRequest(`${used} is not there in the local SES`);
  const request = SendRequest.safeParse(body);
  if (!request.success) throw badRequest(z.prettifyError(request.error));
  const size = Buffer.byteLength(JSON.stringify(body));
  if (size > MAX_BYTES)
    throw new AwsError('MessageRejected', `Message length is more than ${MAX_BYTES} bytes long: '${size}'.`);
  return request.data;
}

function checkRecipients(recipients: string[]): void {
  if (recipients.length === 0) throw badRequest('Missing required recipients: Destination is empty');
  if (recipients.length > MAX_RECIPIENTS) throw badRequest(`Recipient count exceeds ${MAX_RECIPIENTS}.`);
}
