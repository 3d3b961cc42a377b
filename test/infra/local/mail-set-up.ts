import { createMail, type MailOptions } from '../../../infra/local/mail/mail.ts';
import type { Resource } from '../../../infra/local/resource.ts';
import { account, fakeParts, region } from './fake-parts.ts';

export const everyType = ['send', 'reject', 'bounce', 'complaint', 'delivery', 'open', 'click'];

/** An event destination as the CDK writes it. */
export function destination(types: string[] = everyType, more: Record<string, unknown> = {}): Resource {
  const EventBusArn = `arn:aws:events:${region}:${account}:event-bus/default`;
  const EventDestination = {
    Enabled: true,
    MatchingEventTypes: types,
    EventBridgeDestination: { EventBusArn },
    ...more,
  };
  return { logicalId: 'D', name: 'D', properties: { ConfigurationSetName: 'nurture-prod', EventDestination } };
}

export const configurationSet = (properties: Record<string, unknown> = {}): Resource => ({
  logicalId: 'C',
  name: 'nurture-prod',
  properties,
});

/** The local SES with one configuration set that publishes everything. */
export function setUpMail(options: Partial<MailOptions> = {}, fake = fakeParts()) {
  const mail = createMail(fake.parts, {
    configurationSets: [configurationSet()],
    eventDestinations: [destination()],
    maxSendRate: 1000,
    ...options,
  });
  const send = async (request: Record<string, unknown> = {}): Promise<string> => {
    const body = { ...simple(), ...request };
    const answer: unknown = await mail.service.handle('POST', '/v2/email/outbound-emails', new URLSearchParams(), body);
    if (typeof answer !== 'object' || answer === null || !('MessageId' in answer)) throw new Error('no MessageId');
    return String(answer.MessageId);
  };
  const call = (method: string, path: string, body: Record<string, unknown> = {}, query = '') =>
    mail.service.handle(method, `/v2/email${path}`, new URLSearchParams(query), body);
  const get = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const url = path.startsWith('http') ? path : `http://localhost:8787${path}`;
    const response = await mail.pages(new Request(url, init));
    if (!response) throw new Error(`no page at ${path}`);
    return response;
  };
  const inbox = async (query = '') =>
    (await get(`/_local/inbox${query}`, { headers: { accept: 'application/json' } })).json();
  return { ...fake, mail, send, call, get, inbox };
}

export const simple = (content: Record<string, unknown> = {}, to = ['ada.lovelace@example.com']) => ({
  FromEmailAddress: 'Example Inc <hello@example.com>',
  Destination: { ToAddresses: to },
  ConfigurationSetName: 'nurture-prod',
  Content: {
    Simple: {
      Subject: { Data: 'How teams cut onboarding time in half' },
      Body: {
        Html: { Data: '<p>Hello <a href="https://www.example.com/pricing?a=1&amp;b=2">prices</a></p>' },
        Text: { Data: 'Hello' },
      },
      ...content,
    },
  },
});
