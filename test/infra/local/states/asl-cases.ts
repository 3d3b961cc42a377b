/** One small machine for each feature of the language that the engine claims, with what it must come to. */
import type { AslCase } from './cases/asl-case.ts';
import { choices } from './cases/choice.ts';
import { maps } from './cases/map.ts';
import { parallels } from './cases/parallel.ts';
import { catches, retries } from './cases/recovery.ts';
import { services, tasks } from './cases/task.ts';
import { timeouts } from './cases/timeout.ts';
import { context, functions, passes, variables } from './cases/value.ts';
import { ending, waits } from './cases/wait.ts';

export const ASL_CASES: readonly AslCase[] = [
  ...passes,
  ...functions,
  ...variables,
  ...context,
  ...choices,
  ...waits,
  ...ending,
  ...tasks,
  ...services,
  ...retries,
  ...catches,
  ...timeouts,
  ...parallels,
  ...maps,
];
