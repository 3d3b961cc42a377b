/** `ripen start`: the whole system on this machine. */
import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import type { Definition } from '../../functions/definition/definition.ts';
import { TASK_ERROR } from '../../functions/lead/task-error.ts';
import { formatProblems } from '../../workflows/compiler/format.ts';
import { findAssembly } from '../assembly.ts';
import { findCompiled } from '../compiled-folder.ts';
import type { CheckedFolder } from '../definition-folder.ts';
import type { Engine } from '../local/engine.ts';
import { lockFolder } from './lock.ts';
import { portOption, workflowsOption } from './options.ts';
import { publishTo } from './put-in-force.ts';
import { findTarget } from './target.ts';
import { watchFolder } from './watch.ts';
import { seedWebhookSecrets } from './webhook-secrets.ts';

interface Options {
  workflows: string;
  port: string;
  data: string;
  json?: true;
}

export const startCommand = (): Command =>
  new Command('start')
    .description('run everything on this machine: forms, mail, nurture, handoff; nothing leaves it')
    .addOption(portOption('the port to listen on, on loopback only'))
    .addOption(new Option('--data <folder>', 'where the data is kept').env('RIPEN_DATA').default('.ripen'))
    .addOption(workflowsOption())
    .option('--json', 'print one line of JSON when ready')
    .action(start);

/** What tasks throw to tell their state machine something is no fault to show. */
const ON_PURPOSE = new RegExp(`"errorType":"(${Object.values(TASK_ERROR).join('|')})"`);

async function start(options: Options): Promise<void> {
  const dataDir = resolve(options.data);
  const unlock = lockFolder(dataDir);
  const assembly = await findAssembly(dataDir, () => say('Synthesising the stack, once; later starts reuse it …'));
  // Loaded here, so that no other command waits for them.
  const { startEngine } = await import('../local/engine.ts');
  const { localPages } = await import('../pages/pages.ts');
  const files: Files = { problems: { errors: 0, text: '' } };
  const published = Promise.withResolvers<void>();
  const engine: Engine = await startEngine({
    assembly,
    dataDir,
    port: Number(options.port),
    pages: [
      localPages({
        url: () => engine.url,
        definition: () => files.definition,
        problems: () => files.problems,
        outbound: () => engine.outbound(),
        now: () => new Date(engine.clock.now()).toISOString(),
        workflows: options.workflows,
      }),
    ],
    zone: () => files.definition?.settings.zone ?? 'UTC',
    onLog: (line) => {
      if (!ON_PURPOSE.test(line)) console.error(line);
    },
    // As of an account that SES has come to trust: what is tried here is the workflow, not the wait for a quota.
    maxSendRate: 500,
    max24h: 5_000_000,
    // A form that comes before would find no definition.
    ready: published.promise,
  });
  let stopWatching: () => void = () => undefined;
  const end = async () => {
    stopWatching();
    published.resolve();
    await engine.close();
    unlock();
  };
  stopOn(['SIGINT', 'SIGTERM'], end);
  try {
    const found = await read(engine, dataDir, options);
    await putInForce(engine, found, files, options.workflows);
    published.resolve();
    if (options.json) console.log(JSON.stringify({ url: engine.url, definition: files.definition?.hash }));
    else say(welcome(engine.url, files.definition, options));
  } catch (error) {
    await end();
    throw error;
  }
  stopWatching = watchFolder(options.workflows, () => publishSaved(engine, dataDir, files, options));
}

/** The definition in force, for the pages, and what is wrong with the files that were saved last. */
interface Files {
  definition?: Definition;
  problems: { errors: number; text: string };
}

const read = (engine: Engine, dataDir: string, { workflows }: Options): Promise<CheckedFolder> =>
  findCompiled(dataDir, workflows, new Date(engine.clock.now()).toISOString().slice(0, 10));

/** Publishes what is in the folder; when that does not check, what was in force before stays. */
async function putInForce(engine: Engine, found: CheckedFolder, files: Files, folder: string): Promise<void> {
  const text = found.problems.length > 0 ? formatProblems(found.problems, found.files, { prefix: `${folder}/` }) : '';
  if (text !== '' && text !== files.problems.text) console.error(text);
  files.problems = { errors: found.problems.filter(({ severity }) => severity === 'error').length, text };
  if (!found.definition) {
    console.error(
      `The definition in ${folder} has errors: the version that was in force before, if any, stays in force.`,
    );
    return;
  }
  const target = await findTarget({ port: new URL(engine.url).port });
  await seedWebhookSecrets(target, found.definition);
  await publishTo(target, found.definition, 'the local run');
  files.definition = found.definition;
}

/** A file was saved: what checks is in force at once. */
async function publishSaved(engine: Engine, dataDir: string, files: Files, options: Options): Promise<void> {
  const before = files.problems.errors > 0 ? undefined : files.definition?.hash;
  try {
    await putInForce(engine, await read(engine, dataDir, options), files, options.workflows);
    const now = files.definition?.hash;
    const isSaved = files.problems.errors === 0 && now !== undefined;
    // Also when the files say again what they said before the error: somebody waits to hear that it is gone.
    if (isSaved && now !== before) say(`Saved: version ${now.slice(0, 12)} is in force.`);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    files.problems = { errors: 1, text: message };
    console.error(`Not published: ${message}`);
  }
}

function welcome(url: string, definition: Definition | undefined, options: Options): string {
  const lines = [
    ['Landing page', `${url}/`],
    ['Inbox', `${url}/_local/inbox`],
    ['Leads', `${url}/leads`],
    ['Sales', `${url}/_local/outbox/sales`],
    ['Preview', `${url}/_local/preview`],
    ['Definition', definition ? `${definition.hash.slice(0, 12)} (${options.workflows})` : 'see the errors above'],
    ['Data', options.data],
  ];
  return `Ripen runs.\n${lines.map(([name, value]) => `  ${name?.padEnd(14)}${value}`).join('\n')}\nCtrl-C stops it; the next start goes on where it was.`;
}

function stopOn(signals: NodeJS.Signals[], stop: () => Promise<void>): void {
  let stopping = false;
  for (const signal of signals) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      stop().then(
        () => process.exit(0),
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    });
  }
}

const say = (text: string): void => console.error(text);
