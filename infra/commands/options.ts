/** Options that several commands share. */
import { InvalidArgumentError, Option } from 'commander';

/** The folder of definition files. */
export const workflowsOption = (): Option =>
  new Option('--workflows <folder>', 'the folder of definition files').env('RIPEN_WORKFLOWS').default('workflows');

/** Where the run on this machine listens. */
export const portOption = (about: string): Option =>
  new Option('--port <port>', about).env('PORT').default('8787').argParser(readPort);

/** A port as text. @throws InvalidArgumentError, which the program tells with the option or the variable. */
export function readPort(text: string): string {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return text;
  throw new InvalidArgumentError(`“${text}” is not a port: give a number from 0 to 65535.`);
}

/** For machines. */
export const jsonOption = (): Option => new Option('--json', 'print the result as JSON');
