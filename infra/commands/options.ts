/** Options that several commands share. */
import { Option } from 'commander';

/** The folder of definition files. */
export const workflowsOption = (): Option =>
  new Option('--workflows <folder>', 'the folder of definition files').env('RIPEN_WORKFLOWS').default('workflows');

/** For machines. */
export const jsonOption = (): Option => new Option('--json', 'print the result as JSON');
