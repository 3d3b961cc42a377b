/** Schedules, in engine time: each tick runs its function at its own moment, also when the clock is moved across many. */
import * as z from 'zod';
import type { InvokeResult, Parts } from './part.ts';
import type { Resource } from './resource.ts';
import { compileExpression, type NextTick } from './schedule/expression.ts';
import { readSchedule, readScheduledRule, type Scheduled } from './schedule/scheduled.ts';

export interface ScheduleSurroundings {
  /** How many pieces of work have ended in the engine (`activity.done`): each invocation and each tracked promise is one. */
  workDone(): number;
  /** Puts a message on a dead-letter queue. */
  sendMessage(queueArn: string, body: string, attributes?: Record<string, string>): unknown;
  warn(line: string): void;
}

/**
 * What a scheduled function may answer: it has nothing to do before that instant (ISO 8601), unless other work runs
 * in the engine first. It only spares ticks; a month of minutes then passes quickly.
 */
const Answer = z.object({ nothingBefore: z.iso.datetime({ offset: true }) });

/** A function that had nothing to do: until when, and how much other work had been done by then. */
interface Quiet {
  until: number;
  otherWork: number;
}

interface State {
  scheduled: Scheduled;
  next: NextTick;
  quiet: Quiet | undefined;
}

type PartsHere = Pick<Parts, 'db' | 'clock' | 'activity' | 'lambda' | 'region' | 'account'>;

/**
 * Makes the schedules of the template; nothing ticks before `resume()`.
 * Ticks that were due while the engine was not running become one tick at the next start.
 * @throws Error that names the resource which cannot be understood.
 */
export function createSchedules(
  parts: PartsHere,
  template: { rules: Resource[]; schedules: Resource[] },
  around: ScheduleSurroundings,
): { resume(): void } {
  const { clock, activity } = parts;
  const all = [
    ...template.rules.flatMap((each) => readScheduledRule(each, parts)),
    ...template.schedules.flatMap((each) => readSchedule(each, parts)),
  ];
  for (const each of all) checkPayload(each);
  const memory = createMemory(parts);
  // Ticks must not count as "other work" for each other, or two idle schedules would keep each other awake.
  let ownWork = 0;
  const otherWork = (): number => around.workDone() - ownWork;

  function plan(state: State, after: number): void {
    const { from = after, until = Number.POSITIVE_INFINITY } = state.scheduled;
    const due = state.next(Math.max(after, from - 1));
    if (due === undefined || due > until) return;
    clock.at(due, () => tick(state, due));
  }

  /** The next tick is planned when this one has ended, so a tick never overlaps itself. */
  function tick(state: State, due: number): void {
    const { quiet } = state;
    if (quiet && due < quiet.until && otherWork() === quiet.otherWork) {
      plan(state, due);
      return;
    }
    const work = run(state, due).then(() => {
      const after = Math.max(due, clock.now());
      memory.remember(state.scheduled.key, after);
      plan(state, after);
    });
    void activity.track(work);
    void work.then(() => {
      ownWork += 1;
    });
  }

  async function run(state: State, due: number): Promise<void> {
    const { scheduled } = state;
    const before = otherWork();
    state.quiet = undefined;
    const payload = scheduled.payload(due);
    try {
      const result = await parts.lambda.invoke(scheduled.function, payload);
      ownWork += 1;
      state.quiet = quietUntil(result, before);
      // On AWS the invocation is asynchronous, and Lambda retries it; from here on it does so here too.
      if (!result.ok) parts.lambda.invokeAsync(scheduled.function, payload);
    } catch (error) {
      giveUp(scheduled, due, payload, error);
    }
  }

  function giveUp(scheduled: Scheduled, due: number, payload: unknown, error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    around.warn(`The schedule ${scheduled.key} could not invoke ${scheduled.function}: ${message}`);
    if (scheduled.deadLetterQueue === undefined) return;
    around.sendMessage(scheduled.deadLetterQueue, JSON.stringify(payload), {
      SCHEDULE_ARN: scheduled.key,
      TARGET_ARN: scheduled.function,
      ERROR_CODE: error instanceof Error ? error.name : 'Error',
      ERROR_MESSAGE: message,
      EXECUTION_TIME: new Date(due).toISOString(),
      RETRY_ATTEMPTS: '0',
    });
  }

  return {
    resume() {
      for (const scheduled of all) {
        const { anchor, last } = memory.recall(scheduled.key);
        const next = compileExpression(scheduled.expression, scheduled.zone, anchor);
        plan({ scheduled, next, quiet: undefined }, last);
      }
    },
  };
}

function checkPayload(scheduled: Scheduled): void {
  try {
    scheduled.payload(0);
  } catch {
    throw new Error(`The input of ${scheduled.key} is not JSON`);
  }
}

function quietUntil(result: InvokeResult, otherWork: number): Quiet | undefined {
  const answer = Answer.safeParse(result.ok ? result.payload : undefined);
  return answer.success ? { until: Date.parse(answer.data.nothingBefore), otherWork } : undefined;
}

const Remembered = z.object({ anchor: z.int(), last: z.int() });

/** On disk: when a schedule was first seen, and up to when it has ticked. Times are ms of engine time. */
function createMemory({ db, clock }: PartsHere) {
  db.exec(
    'CREATE TABLE IF NOT EXISTS schedules (key TEXT PRIMARY KEY, anchor INTEGER NOT NULL, last INTEGER NOT NULL)',
  );
  const insert = db.prepare('INSERT OR IGNORE INTO schedules VALUES (?, ?, ?)');
  const select = db.prepare('SELECT anchor, last FROM schedules WHERE key = ?');
  const update = db.prepare('UPDATE schedules SET last = ? WHERE key = ?');
  return {
    recall(key: string) {
      insert.run(key, clock.now(), clock.now());
      return Remembered.parse(select.get(key));
    },
    remember(key: string, last: number): void {
      update.run(last, key);
    },
  };
}
