import { afterEach, expect, it, vi } from 'vitest';
import { beginFrugally } from '../../../infra/commands/frugal.ts';

const { execArgv, platform } = process;
afterEach(() => {
  vi.restoreAllMocks();
  Object.assign(process, { execArgv });
  Object.defineProperty(process, 'platform', { value: platform });
});

const execve = () => vi.spyOn(process as unknown as { execve: () => void }, 'execve').mockReturnValue();

it('begins the process anew with the same program, arguments and variables, and its memory bounded', () => {
  const begun = execve();
  Object.assign(process, { execArgv: ['--inspect'] });
  beginFrugally();
  const [file, [, ...args], env] = begun.mock.calls[0] as unknown as [string, string[], NodeJS.ProcessEnv];
  expect(file).toBe(process.execPath);
  expect(args).toEqual(['--inspect', '--max-semi-space-size=2', ...process.argv.slice(1)]);
  expect(env).toEqual({ MALLOC_ARENA_MAX: '2', ...process.env });
});

it('does so once', () => {
  const begun = execve();
  Object.assign(process, { execArgv: ['--max-semi-space-size=2'] });
  beginFrugally();
  expect(begun).not.toHaveBeenCalled();
});

it('goes on as it is where a process cannot begin anew', () => {
  const begun = execve();
  Object.defineProperty(process, 'platform', { value: 'win32' });
  beginFrugally();
  expect(begun).not.toHaveBeenCalled();
});
