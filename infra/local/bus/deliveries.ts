/** Deliveries of accepted events: kept on disk until the target has taken them or their retries are used up. */
import * as z from 'zod';
import { AwsError, type Parts } from '../part.ts';
import { inTransaction } from '../transaction.ts';
import type { Envelope, Origin } from './input.ts';
import type { Rule, Target } from './rule.ts';

/** What the bus delivers to besides functions. Each may throw an AwsError; a promise is awaited. */
export interface Delivery {
  /** `input` is JSON text. */
  startExecution(stateMachineArn: string, input: string): unknown;
  /** Throws an AwsError when the queue does not exist. */
  sendMessage(queueArn: string, body: string, attributes?: Record<string, string>): unknown;
  /** A line for the person who runs the engine: an event was dropped. */
  warn(line: string): void;
}

/** Times are ms of engine time. `attempts` counts those made. */
interface Row {
  seq: number;
  rule: string;
  target: string;
  event: string;
  accepted: number;
  due: number;
  attempts: number;
}

const RowSchema: z.ZodType<Row> = z.object({
  seq: z.int(),
  rule: z.string(),
  target: z.string(),
  event: z.string(),
  accepted: z.int(),
  due: z.int(),
  attempts: z.int(),
});

/**
 * EventBridge backs off exponentially with jitter over 24 hours and 185 retries. Here: 1, 2, 4 … s up to 8 minutes,
 * without jitter (176 retries of 480 s and the first nine make 23.6 hours).
 */
const MAX_BACKOFF_MS = 480_000;

type PartsHere = Pick<Parts, 'db' | 'clock' | 'activity' | 'lambda'>;
type PutOnBus = (busArn: string, event: Envelope) => void;

export function createDeliveries(parts: PartsHere, rules: Rule[], delivery: Delivery, putOnBus: PutOnBus) {
  const { db, clock } = parts;
  db.exec(`CREATE TABLE IF NOT EXISTS bus_deliveries (seq INTEGER PRIMARY KEY AUTOINCREMENT, rule TEXT NOT NULL,
    target TEXT NOT NULL, event TEXT NOT NULL, accepted INTEGER NOT NULL, due INTEGER NOT NULL, attempts INTEGER NOT NULL)`);
  const insert = db.prepare(
    'INSERT INTO bus_deliveries (rule, target, event, accepted, due, attempts) VALUES (?, ?, ?, ?, ?, 0)',
  );
  const remove = db.prepare('DELETE FROM bus_deliveries WHERE seq = ?');
  const postpone = db.prepare('UPDATE bus_deliveries SET due = ?, attempts = ? WHERE seq = ?');
  const targets = new Map(
    rules.flatMap((rule) => rule.targets.map((target) => [`${rule.arn} ${target.id}`, { rule, target }] as const)),
  );

  /** Hands the event over, in the caller's transaction; or stores a delivery that starts once that is over. */
  function add(event: Envelope, text: string, rule: Rule, target: Target): void {
    const now = clock.now();
    if (target.kind === 'function' && wasTaken(event, rule, target, now)) return;
    const { lastInsertRowid } = insert.run(rule.arn, target.id, text, now, now);
    const seq = Number(lastInsertRowid);
    start({ seq, rule: rule.arn, target: target.id, event: text, accepted: now, due: now, attempts: 0 }, event);
  }

  /** A function's events are kept in the same database, so that nothing is between the two. What fails is tried as any other. */
  function wasTaken(event: Envelope, rule: Rule, target: Target, now: number): boolean {
    try {
      invoke(target, event, originOf(rule, now));
      return true;
    } catch {
      return false;
    }
  }

  const invoke = (target: Target, event: Envelope, origin: Origin): void =>
    parts.lambda.invokeAsync(target.arn, JSON.parse(jsonInput(target, event, origin)));

  function resume(): void {
    for (const row of z.array(RowSchema).parse(db.prepare('SELECT * FROM bus_deliveries ORDER BY seq').all()))
      plan(row);
  }

  function plan(row: Row): void {
    clock.at(row.due, () => start(row, JSON.parse(row.event)));
  }

  function start(row: Row, event: Envelope): void {
    void parts.activity.track(Promise.resolve().then(() => attempt(row, event)));
  }

  async function attempt(row: Row, event: Envelope): Promise<void> {
    const found = targets.get(`${row.rule} ${row.target}`);
    if (!found) {
      delivery.warn(`An event for ${row.rule}, target ${row.target}, was dropped: the template no longer has it`);
      remove.run(row.seq);
      return;
    }
    const { rule, target } = found;
    try {
      await deliver(row, target, event, originOf(rule, row.accepted));
    } catch (error) {
      fail({ ...row, attempts: row.attempts + 1 }, target, failureOf(error));
    }
  }

  /** What the engine itself keeps is stored in one transaction with the end of the delivery. */
  async function deliver(row: Row, target: Target, event: Envelope, origin: Origin): Promise<void> {
    if (target.kind === 'state-machine') {
      await delivery.startExecution(target.arn, jsonInput(target, event, origin));
      remove.run(row.seq);
      return;
    }
    inTransaction(db, () => {
      if (target.kind === 'function') invoke(target, event, origin);
      else if (target.kind === 'bus') putOnBus(target.arn, event);
      else delivery.sendMessage(target.arn, target.input(event, origin));
      remove.run(row.seq);
    });
  }

  function fail(row: Row, target: Target, failure: Failure): void {
    const due = clock.now() + Math.min(1000 * 2 ** (row.attempts - 1), MAX_BACKOFF_MS);
    const exhausted =
      row.attempts > target.maxRetries
        ? 'MaximumRetryAttempts'
        : due > row.accepted + target.maxAge * 1000
          ? 'MaximumEventAgeInSeconds'
          : undefined;
    if (failure.final || exhausted !== undefined) {
      giveUp(row, target, failure, exhausted);
      return;
    }
    postpone.run(due, row.attempts, row.seq);
    plan({ ...row, due });
  }

  /** To the dead-letter queue, with the attributes that EventBridge sets; without a queue the event is dropped. */
  function giveUp(row: Row, target: Target, failure: Failure, exhausted: string | undefined): void {
    const attributes = {
      RULE_ARN: row.rule,
      TARGET_ARN: target.arn,
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      ...(failure.final || exhausted === undefined ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      RETRY_ATTEMPTS: String(row.attempts - 1),
    };
    inTransaction(db, () => {
      remove.run(row.seq);
      if (target.deadLetterQueue === undefined || !sendToDeadLetters(target.deadLetterQueue, row.event, attributes))
        delivery.warn(`An event for ${target.arn} was dropped: ${failure.code} ${failure.message}`);
    });
  }

  function sendToDeadLetters(queue: string, body: string, attributes: Record<string, string>): boolean {
    try {
      delivery.sendMessage(queue, body, attributes);
      return true;
    } catch {
      return false;
    }
  }

  return { add, resume };
}

const originOf = (rule: Rule, accepted: number): Origin => ({
  ruleArn: rule.arn,
  ruleName: rule.name,
  ingested: new Date(accepted).toISOString(),
});

function jsonInput(target: Target, event: Envelope, origin: Origin): string {
  const text = target.input(event, origin);
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError('INVALID_JSON', `The input for ${target.arn} is not JSON`);
  }
  return text;
}

/** How EventBridge names a failure; a final one is not retried ("a target resource that no longer exists"). */
interface Failure {
  code: string;
  message: string;
  final: boolean;
}

function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof AwsError)) return { code: 'ERROR_FROM_TARGET', message, final: false };
  if (error.code === 'INVALID_JSON') return { code: error.code, message, final: true };
  if (error.status === 404 || /NotFound|DoesNotExist|NonExistent/.test(error.code))
    return { code: 'NO_RESOURCE', message, final: true };
  if (error.status === 429 || /Throttl|TooManyRequests/.test(error.code))
    return { code: 'THROTTLING', message, final: false };
  return { code: error.status < 500 ? 'SDK_CLIENT_ERROR' : 'ERROR_FROM_TARGET', message, final: error.status < 500 };
}
