/** The table, a published definition and mocked services around the functions that machines call. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetAccountCommand, SESv2Client, SendEmailCommand, type SendEmailCommandInput } from '@aws-sdk/client-sesv2';
import { SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { act } from '../../functions/adapters/act.ts';
import {
  forgetDefinitions,
  movePointer,
  storeDefinition,
  writeManifest,
} from '../../functions/adapters/definitions.ts';
import { dynamo } from '../../functions/adapters/dynamo.ts';
import { enrolmentsOf, loadLead, sendsOf } from '../../functions/adapters/leads.ts';
import { forgetRate } from '../../functions/adapters/mail.ts';
import type { Definition } from '../../functions/definition/definition.ts';
import type { Email } from '../../functions/definition/settings.ts';
import type { Happening, Instant } from '../../functions/lead/event.ts';
import type { Enrolment } from '../../functions/lead/lead.ts';
import { exampleRules } from '../lead/example-rules.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';

const mail = (name: string, language: string, over: Partial<Email> = {}): Email => ({
  name,
  language,
  subject: `${name} in ${language}`,
  class: 'educational',
  html: '<p>{{ lead.name | greeting }}</p><p>{{ reason }}</p><a href="{{ links.unsubscribe }}">out</a>',
  text: '{{ lead.name | greeting }} {{ reason }}',
  ...over,
});

const EMAILS = ['three-leaks', 'webinar-invitation', 'three-leaks-short', 'payroll-story', 'customer-story'];

const { classes: _, ...rules } = exampleRules;
export const nurtureDefinition: Definition = {
  ...rules,
  hash: 'd'.repeat(64),
  settings: {
    ...rules.settings,
    webhooks: { crm: { url: 'https://crm.example.com/hooks/leads', secret: 'CRM_WEBHOOK' } },
  },
  handoff: { ...rules.handoff, notify: [{ channel: 'email' }, { channel: 'webhook', webhook: 'crm' }] },
  emails: {
    ...Object.fromEntries(EMAILS.map((name) => [name, { en: mail(name, 'en'), vi: mail(name, 'vi') }])),
    'three-leaks-short': { en: mail('three-leaks-short', 'en', { class: 'pricing' }) },
    'guide-delivery': {
      en: mail('guide-delivery', 'en', {
        class: 'transactional',
        html: '<p>{{ lead.name | greeting }}</p><p>{{ form.name }} {{ asset.name }}</p>',
        text: '{{ lead.name | greeting }} {{ reason }}{% if links.confirm %} {{ links.confirm }}{% endif %}',
      }),
    },
  },
  machines: {
    'guide-to-demo': { StartAt: 'Start', Call: '${SendFunction}' },
    'quarterly-digest': { StartAt: 'Start' },
  },
};

export const ses = mockClient(SESv2Client);
export const sfn = mockClient(SFNClient);
export const bus = mockClient(EventBridgeClient);
export const secrets = mockClient(SecretsManagerClient);

export const MACHINE = 'arn:aws:states:us-east-1:123456789012:stateMachine:Ripen-nurture-guide-to-demo:1';

/** Monday 1 March 2027, 09:00 in Vietnam. */
export const MONDAY: Instant = '2027-03-01T02:00:00.000Z';

/** Moves the clock that the functions read. */
export const setNow = (at: Instant): void => void vi.setSystemTime(new Date(at));

/**
 * Starts the world for the tests of a file: calm and silent before each of them, with nothing armed or mocked after it, and
 * gone at the end.
 */
export function useWorld(definition: Definition = nurtureDefinition): void {
  let local: LocalDynamo;
  beforeAll(async () => {
    local = await startWorld(definition);
  });
  afterAll(() => local.stop());
  beforeEach(() => {
    calm();
    for (const level of ['error', 'warn', 'info'] as const) vi.spyOn(console, level).mockImplementation(() => {});
  });
  afterEach(() => {
    disarm();
    vi.restoreAllMocks();
  });
}

export async function startWorld(definition = nurtureDefinition): Promise<LocalDynamo> {
  const local = await startLocalDynamo();
  Object.assign(process.env, {
    PUBLIC_URL: 'https://go.example.com',
    CONFIGURATION_SET: 'ripen',
    TOKEN_KEYS_SECRET: 'token-keys',
    WEBHOOK_SECRETS: 'webhooks',
    HANDOFF_MACHINE_ARN: 'arn:aws:states:us-east-1:123456789012:stateMachine:Ripen-handoff',
  });
  vi.useFakeTimers({ toFake: ['Date'] });
  setNow(MONDAY);
  const parts = await storeDefinition(definition);
  await writeManifest({
    hash: definition.hash,
    at: MONDAY,
    parts,
    machines: { 'guide-to-demo': MACHINE, 'quarterly-digest': MACHINE.replace('guide-to-demo', 'quarterly-digest') },
  });
  await movePointer(undefined, { hash: definition.hash, at: MONDAY });
  forgetDefinitions();
  return local;
}

/** Every service answers as on a good day; the clock stands on Monday. */
export function calm(): void {
  for (const client of [ses, sfn, bus, secrets]) client.reset();
  forgetRate();
  setNow(MONDAY);
  let nth = 0;
  ses.on(GetAccountCommand).resolves({ SendQuota: { MaxSendRate: 1000 } });
  ses.on(SendEmailCommand).callsFake(() => ({ MessageId: `message-${nth++}` }));
  sfn.on(StartExecutionCommand).resolves({});
  sfn.on(SendTaskSuccessCommand).resolves({});
  bus.on(PutEventsCommand).callsFake(({ Entries }) => ({ Entries: Entries.map(() => ({ EventId: 'e' })) }));
  secrets.on(GetSecretValueCommand).callsFake(({ SecretId }) => ({
    SecretString: SecretId === 'webhooks' ? '{"CRM_WEBHOOK":"shh"}' : '{"k1":"a-key-that-is-long-enough"}',
  }));
}

export const mails = (): SendEmailCommandInput[] => ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input);

/** The messages on the bus, by type. */
export const messages = (type: string): Record<string, unknown>[] =>
  bus
    .commandCalls(PutEventsCommand)
    .flatMap(({ args }) => args[0].input.Entries ?? [])
    .filter(({ DetailType }) => DetailType === type)
    .map(({ Detail }) => JSON.parse(Detail ?? ''));

/** What parked machines were told: token and output. */
export const wakes = (): { token: string | undefined; output: Record<string, unknown> }[] =>
  sfn
    .commandCalls(SendTaskSuccessCommand)
    .map(({ args }) => ({ token: args[0].input.taskToken, output: JSON.parse(args[0].input.output ?? '') }));

let people = 0;

/** A lead that asked for the guide (and agreed, unless told otherwise) and is enrolled in `guide-to-demo`. */
export async function enrolledLead(over: Partial<Happening> = {}): Promise<{ leadId: string; enrolmentId: string }> {
  const key = `reader-${people++}@company.example`;
  const post: Happening = {
    key: `form:${key}`,
    type: 'form.submitted',
    at: MONDAY,
    actor: 'human',
    data: { form: 'cash-flow-guide', conversion: 'download', asset: 'cash-flow-guide', depth: 'deep' },
    fields: { name: 'Nguyễn Thị Hương', companySize: '10-49', country: 'VN' },
    consent: [{ purpose: 'marketing', action: 'granted', method: 'box', form: 'cash-flow-guide' }],
    ...over,
  };
  const outcome = await act({ email: { asTyped: key, deliverTo: key, key } }, [post], { at: MONDAY });
  if (outcome.kind !== 'applied') throw new Error(outcome.kind);
  const [enrolment] = await enrolmentsOf(outcome.lead.id);
  return { leadId: outcome.lead.id, enrolmentId: enrolment?.id ?? '' };
}

/** Something happens to a lead. */
export const happens = (leadId: string, type: string, over: Partial<Happening> = {}) => {
  const at = new Date().toISOString();
  return act({ leadId }, [{ key: `${type}:${at}`, type, at, actor: 'human', data: {}, ...over }], { at });
};

export const unsubscribes = (leadId: string) =>
  happens(leadId, 'email.unsubscribed', {
    consent: [{ purpose: 'marketing', action: 'withdrawn', method: 'one-click' }],
  });

/** What a machine gives its task. */
export const taskOf = async ({ leadId, enrolmentId }: { leadId: string; enrolmentId: string }, step: string) => {
  const enrolment = await enrolmentOf({ leadId, enrolmentId });
  return { leadId, enrolmentId, definition: enrolment.definition, run: enrolment.run, step };
};

export async function enrolmentOf({
  leadId,
  enrolmentId,
}: {
  leadId: string;
  enrolmentId: string;
}): Promise<Enrolment> {
  const found = (await enrolmentsOf(leadId)).find(({ id }) => id === enrolmentId);
  if (!found) throw new Error('There is no such enrolment.');
  return found;
}

export const leadOf = async (leadId: string) => {
  const lead = await loadLead(leadId);
  if (!lead) throw new Error('There is no such lead.');
  return lead;
};

/** The lead's one send; the error of none or several is the test's. */
export const onlySend = async (leadId: string) => {
  const sends = await sendsOf(leadId);
  if (sends.length !== 1) throw new Error(`There are ${sends.length} sends.`);
  return sends[0];
};

/** The error that a task throws at its machine. */
export const thrown = async (task: Promise<unknown>): Promise<{ name: string; message: string }> =>
  task.then(
    (answer) => ({ name: 'none', message: JSON.stringify(answer) }),
    (error: Error) => ({ name: error.name, message: error.message }),
  );

interface Interference {
  on: string;
  when?: (body: string) => boolean;
  run: () => Promise<void> | void;
}
let armed: { before?: Interference | undefined; after?: Interference | undefined } = {};

// Between the SDK's retries and the wire, so that a lost answer is retried as it would be.
dynamo.middlewareStack.add(
  (next, context) => async (args) => {
    const hit = (one: Interference | undefined) =>
      one && `${one.on}Command` === context.commandName && (one.when?.(bodyOf(args.request)) ?? true) ? one : undefined;
    const before = hit(armed.before);
    if (before) {
      armed = { ...armed, before: undefined };
      await before.run();
    }
    const answer = await next(args);
    const after_ = hit(armed.after);
    if (after_) {
      armed = { ...armed, after: undefined };
      await after_.run();
    }
    return answer;
  },
  { step: 'deserialize', priority: 'low', name: 'interference' },
);

const bodyOf = (request: unknown): string =>
  typeof request === 'object' && request !== null && 'body' in request ? String(request.body) : '';

/** Runs something right before the next DynamoDB call of this kind (whose body fits) goes out. */
export const beforeCall = (on: string, run: Interference['run'], when?: Interference['when']): void => {
  armed = { ...armed, before: { on, run, ...(when ? { when } : {}) } };
};
/** Runs something right after the next such call was done, before its answer is seen. */
export const afterCall = (on: string, run: Interference['run'], when?: Interference['when']): void => {
  armed = { ...armed, after: { on, run, ...(when ? { when } : {}) } };
};
/** Takes off what was set up. */
export const disarm = (): void => {
  armed = {};
};

/** The answer of a call is lost on the way. The SDK tries again. */
export const loseAnswer = (): never => {
  throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' });
};
/** The process dies here: no try again. */
export const crash = (): never => {
  throw Object.assign(new Error('killed'), { name: 'Killed' });
};
