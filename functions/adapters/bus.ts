/** Putting messages on the bus. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { env } from '../env.ts';
import { BUS_SOURCE, type Envelope } from '../lead/message.ts';
import { gather } from './gather.ts';
import { lean } from './lean.ts';

// A post waits for this, and the sweeper publishes what did not go: two quick attempts, no more.
const bus = lean(
  new EventBridgeClient({
    maxAttempts: 2,
    cacheMiddleware: true,
    requestHandler: { connectionTimeout: 1000, requestTimeout: 2000, throwOnRequestTimeout: true },
  }),
  'events',
);

/** EventBridge takes ten entries a call. */
const PER_CALL = 10;

const put = /* @__PURE__ */ gather<Envelope[], Envelope[]>({
  atOnce: 2,
  most: PER_CALL,
  size: (messages) => messages.length,
  serve(groups) {
    const left = publishTen(groups.flat()).then((messages) => new Set(messages));
    return groups.map(async (messages) => {
      const those = await left;
      return messages.filter((message) => those.has(message));
    });
  },
});

/**
 * Publishes messages; their consumers are idempotent by message id.
 * @returns those that the bus did not take. Never throws for what the bus or the network does.
 */
export async function publish(messages: Envelope[]): Promise<Envelope[]> {
  const calls: Promise<Envelope[]>[] = [];
  for (let i = 0; i < messages.length; i += PER_CALL) calls.push(put(messages.slice(i, i + PER_CALL)));
  return (await Promise.all(calls)).flat();
}

async function publishTen(messages: Envelope[]): Promise<Envelope[]> {
  try {
    const { Entries } = await bus.send(new PutEventsCommand({ Entries: messages.map(entryOf) }));
    return messages.filter((_, i) => !Entries?.[i]?.EventId);
  } catch {
    return messages;
  }
}

const entryOf = (message: Envelope) => ({
  EventBusName: env('bus'),
  Source: BUS_SOURCE,
  DetailType: message.type,
  Detail: JSON.stringify(message),
  Time: new Date(message.at),
});
