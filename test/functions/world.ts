/** What the intake functions run on in tests: the local table with the example definition, a bus that takes all, a clock. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { leadIdOf, loadLead } from '../../functions/adapters/leads.ts';
import type { Lead } from '../../functions/lead/lead.ts';
import { AT, publishExample } from '../adapters/example-definition.ts';
import { address } from '../adapters/happenings.ts';
import { startLocalDynamo } from '../local-dynamo.ts';

export interface World {
  stop(): Promise<void>;
  /** The types of the messages that went out since the last `quiet`. */
  published(): string[];
  quiet(): void;
}

/** Starts it all; the clock stands at AT until `setTime`. */
export async function startWorld(): Promise<World> {
  const local = await startLocalDynamo();
  process.env.TOKEN_KEYS_SECRET = 'arn:token-keys';
  const bus = mockClient(EventBridgeClient);
  bus.on(PutEventsCommand).callsFake(({ Entries }: { Entries: object[] }) => ({
    Entries: Entries.map(() => ({ EventId: 'e' })),
  }));
  mockClient(SecretsManagerClient)
    .on(GetSecretValueCommand)
    .resolves({ SecretString: JSON.stringify({ k1: 'x'.repeat(64) }) });
  vi.stubGlobal('console', { ...console, info: () => undefined, warn: () => undefined, error: () => undefined });
  setTime(AT);
  await publishExample();
  return {
    stop: async () => {
      vi.useRealTimers();
      vi.unstubAllGlobals();
      await local.stop();
    },
    published: () =>
      bus
        .commandCalls(PutEventsCommand)
        .flatMap(({ args }) => args[0].input.Entries ?? [])
        .map(({ DetailType }) => DetailType ?? ''),
    quiet: () => bus.resetHistory(),
  };
}

/** The world for the tests of a file: quiet and at AT before each of them, nothing mocked after it, gone at the end. */
export function useWorld(): Omit<World, 'stop'> {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world.stop());
  beforeEach(() => {
    setTime(AT);
    world.quiet();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return { published: () => world.published(), quiet: () => world.quiet() };
}

/** Sets the clock; timers stay real. */
export function setTime(at: string): void {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date(at) });
}

/** @throws Error when there is no lead of the address. */
export async function leadOf(email: string): Promise<Lead> {
  const id = await leadIdOf(address(email));
  const lead = id === undefined ? undefined : await loadLead(id);
  if (!lead) throw new Error(`There is no lead of ${email}.`);
  return lead;
}
