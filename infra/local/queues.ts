/** SQS: the queues of the template, durable, with visibility timeouts in engine time. */

import { AwsError, type JsonService, type Parts } from './part.ts';
import type { MessageAttributes } from './queue/attributes.ts';
import { type Queue, readQueue } from './queue/definition.ts';
import { createMessages } from './queue/messages.ts';
import { createOperations } from './queue/operations.ts';
import type { Resource } from './resource.ts';

export interface QueuePart {
  service: JsonService;
  /**
   * Puts a message on a queue (name, URL or ARN), each attribute a string. Returns the message id.
   * @throws AwsError QueueDoesNotExist
   */
  send(queue: string, body: string, attributes?: Record<string, string>): string;
  names: string[];
}

type PartsHere = Pick<Parts, 'db' | 'clock' | 'region' | 'account'> & {
  /** Read at each call: the port may only be known once the engine listens. */
  readonly baseUrl: string;
};

/** @throws Error that names the queue which cannot be understood. */
export function createQueues(parts: PartsHere, resources: Resource[]): QueuePart {
  const queues = resources.map((each) => readQueue(each, parts));
  const byName = new Map(queues.map((queue) => [queue.name, queue]));
  const messages = createMessages(parts.db, parts.clock);
  const arrivals = createArrivals();

  function find(nameUrlOrArn: string): Queue {
    const queue = byName.get(nameUrlOrArn.split(/[:/]/).at(-1) ?? '');
    if (!queue) throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  function send(queue: Queue, body: string, attributes: MessageAttributes, delay = queue.delay): string {
    const id = messages.add(queue, body, attributes, delay);
    arrivals.tell(queue);
    return id;
  }

  /** Until a message arrives, one becomes visible, or the deadline. */
  function wait(queue: Queue, deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const until = Math.min(messages.nextVisible(queue) ?? deadline, deadline);
      const wake = (): void => {
        forget();
        cancel();
        resolve();
      };
      const forget = arrivals.once(queue, wake);
      const cancel = parts.clock.at(until, wake);
    });
  }

  const operations = createOperations({
    queues,
    messages,
    find,
    send,
    wait,
    url: (queue) => `${parts.baseUrl}/${parts.account}/${queue.name}`,
    now: () => parts.clock.now(),
  });
  return {
    names: [...byName.keys()],
    send: (queue, body, attributes = {}) => send(find(queue), body, stringAttributes(attributes)),
    service: {
      handle(operation, input) {
        const run = operations[operation];
        if (!run) throw new AwsError('InvalidAction', `The local SQS has no ${operation}`);
        return run(input);
      },
    },
  };
}

function stringAttributes(attributes: Record<string, string>): MessageAttributes {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
  );
}

/** Those who wait for a message on a queue. */
function createArrivals() {
  const waiting = new Map<string, Set<() => void>>();
  return {
    /** Returns the cancel. */
    once(queue: Queue, wake: () => void): () => void {
      const wakes = waiting.get(queue.name) ?? new Set();
      waiting.set(queue.name, wakes.add(wake));
      return () => wakes.delete(wake);
    },
    tell(queue: Queue): void {
      for (const wake of [...(waiting.get(queue.name) ?? [])]) wake();
    },
  };
}
