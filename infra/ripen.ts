#!/usr/bin/env node
/** `ripen`: the one program for people. Each sub-command is a file in `commands/`. */
import { Command } from 'commander';
import { checkCommand } from './commands/check.ts';
import { importCommand } from './commands/import.ts';
import { listsCommand } from './commands/lists.ts';
import { newCommand } from './commands/new.ts';
import { pauseCommand, resumeCommand } from './commands/pause.ts';
import { planCommand } from './commands/plan.ts';
import { previewCommand } from './commands/preview.ts';
import { publishCommand } from './commands/publish.ts';
import { redriveCommand } from './commands/redrive.ts';
import { rescoreCommand } from './commands/rescore.ts';
import { schemaCommand } from './commands/schema.ts';
import { simulateCommand } from './commands/simulate.ts';
import { startCommand } from './commands/start.ts';
import { versionsCommand } from './commands/versions.ts';

const program = new Command('ripen')
  .description(
    'Takes leads from forms, scores and nurtures them by email, and hands them to sales when they are ready.',
  )
  .showHelpAfterError('("ripen --help" lists the commands)')
  .configureHelp({ showGlobalOptions: true });

for (const command of [
  startCommand,
  newCommand,
  checkCommand,
  previewCommand,
  simulateCommand,
  planCommand,
  publishCommand,
  versionsCommand,
  pauseCommand,
  resumeCommand,
  rescoreCommand,
  importCommand,
  redriveCommand,
  listsCommand,
  schemaCommand,
]) {
  program.addCommand(command());
}

try {
  await program.parseAsync();
} catch (error) {
  // What went wrong is for a person; where in the code, only when asked for.
  const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
  console.error(process.env.DEBUG ? (stack ?? message) : `ripen: ${message}`);
  process.exitCode = 1;
}
