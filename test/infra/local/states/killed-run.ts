/**
 * A run of the state machines on the real clock, made to be killed: starts executions, says each that was accepted and
 * each call of a function, and ends when all are closed. Arguments: data directory, number of executions.
 */
import { createActivity } from '../../../../infra/local/activity.ts';
import { createClock } from '../../../../infra/local/clock.ts';
import { AwsError } from '../../../../infra/local/part.ts';
import { createStates } from '../../../../infra/local/states/states.ts';
import { openStore } from '../../../../infra/local/store.ts';

const [folder = '', count = '0'] = process.argv.slice(2);
const MACHINE = 'arn:aws:states:r:1:stateMachine:killed';
const step = (name: string, next: string) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: { FunctionName: 'step', Payload: { step: name, execution: '{% $states.context.Execution.Name %}' } },
  Assign: { [name]: '{% $states.result.Payload %}' },
  Next: next,
});
const definition = {
  QueryLanguage: 'JSONata',
  StartAt: 'one',
  States: {
    one: step('one', 'wait'),
    wait: { Type: 'Wait', Seconds: 1, Next: 'two' },
    two: step('two', 'both'),
    both: {
      Type: 'Parallel',
      Branches: ['left', 'right'].map((name) => ({
        StartAt: name,
        States: { [name]: step(name, `after ${name}`), [`after ${name}`]: { Type: 'Succeed', Output: { name } } },
      })),
      Next: 'end',
    },
    end: { Type: 'Succeed', Output: { said: '{% $one & $two & $join($states.input.name) %}' } },
  },
};

const db = openStore(folder);
const activity = createActivity();
const states = createStates({
  db,
  clock: createClock(db),
  activity,
  lambda: {
    async invoke(_, payload) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      const { step: name, execution } = Object(payload);
      console.log(`called ${execution} ${name}`);
      return { ok: true, payload: name };
    },
    invokeAsync: () => {},
  },
  buses: { put: (entries) => entries.map(() => 'event') },
  baseUrl: 'http://localhost',
  region: 'r',
  account: '1',
});

states.define({ name: 'killed', arn: MACHINE, definition });
states.resume();
for (let index = 0; index < Number(count); index += 1) {
  const name = `e${index}`;
  try {
    await states.service.handle('StartExecution', { stateMachineArn: MACHINE, name });
  } catch (error) {
    if (!(error instanceof AwsError && error.code === 'ExecutionAlreadyExists')) throw error;
  }
  console.log(`accepted ${name}`);
  await new Promise((resolve) => setTimeout(resolve, 2));
}
const closed = db.prepare("SELECT count(*) AS n FROM states_executions WHERE status <> 'RUNNING'");
while (Number(closed.get()?.n) < Number(count)) await new Promise((resolve) => setTimeout(resolve, 20));
await activity.idle();
const rows = db.prepare('SELECT name, status, output FROM states_executions').all();
console.log(`closed ${JSON.stringify(rows)}`);
process.exit(0);
