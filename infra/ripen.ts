#!/usr/bin/env node
/** `ripen`: the one program for people. Each sub-command is a file in `commands/`. */
import { Command } from 'commander';
import { beginFrugally } from './commands/frugal.ts';

/** In the order of the help. Each is loaded only when it is called, so that none waits for what another one needs. */
const COMMANDS: Record<string, () => Promise<Command>> = {
  start: async () => (await import('./commands/start.ts')).startCommand(),
  new: async () => (await import('./commands/new.ts')).newCommand(),
  check: async () => (await import('./commands/check.ts')).checkCommand(),
  preview: async () => (await import('./commands/preview.ts')).previewCommand(),
  simulate: async () => (await import('./commands/simulate.ts')).simulateCommand(),
  plan: async () => (await import('./commands/plan.ts')).planCommand(),
  publish: async () => (await import('./commands/publish.ts')).publishCommand(),
  versions: async () => (await import('./commands/versions.ts')).versionsCommand(),
  pause: async () => (await import('./commands/pause.ts')).pauseCommand(),
  resume: async () => (await import('./commands/pause.ts')).resumeCommand(),
  rescore: async () => (await import('./commands/rescore.ts')).rescoreCommand(),
  import: async () => (await import('./commands/import.ts')).importCommand(),
  redrive: async () => (await import('./commands/redrive.ts')).redriveCommand(),
  lists: async () => (await import('./commands/lists.ts')).listsCommand(),
  schema: async () => (await import('./commands/schema.ts')).schemaCommand(),
};

const program = new Command('ripen')
  .description(
    'Takes leads from forms, scores and nurtures them by email, and hands them to sales when they are ready.',
  )
  .showHelpAfterError('("ripen --help" lists the commands)')
  .configureHelp({ showGlobalOptions: true });

const [called = ''] = process.argv.slice(2);
if (called === 'start') beginFrugally();
// Without a command, or with one that there is not, the help lists them all.
const names = Object.hasOwn(COMMANDS, called) ? [called] : Object.keys(COMMANDS);
for (const name of names) {
  const command = await COMMANDS[name]?.();
  if (command) program.addCommand(command);
}

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong is for a person; where in the code, only when asked for.
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  console.error(process.env.DEBUG ? (stack ?? message) : `ripen: ${message}`);
  process.exitCode = 1;
}
