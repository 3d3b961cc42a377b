/** Options that several commands share. */
import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { portOption } from '../../../infra/commands/options.ts';

function parsed(args: string[]): unknown {
  const command = new Command('x').addOption(portOption('the port')).exitOverride();
  command.configureOutput({ writeErr: () => {} });
  return command.parse(args, { from: 'user' }).opts().port;
}

describe('the option --port', () => {
  it.each(['0', '8787', '65535'])('takes %s', (port) => {
    expect(parsed(['--port', port])).toBe(port);
  });

  it.each(['abc', '', '-1', '65536', '1.5', ' ', '0x50'])('says of “%s” that it is no port', (port) => {
    expect(() => parsed(['--port', port])).toThrow(`“${port}” is not a port: give a number from 0 to 65535.`);
  });
});
