import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { serveClockBar } from '../../../infra/local/clock-bar.ts';

const get = (path: string) => serveClockBar(new Request(`http://localhost${path}`));

describe('the clock bar', () => {
  it('is a script that stands by itself', async () => {
    const response = await get('/_local/bar.js');
    const text = (await response?.text()) ?? '';
    expect(response?.headers.get('content-type')).toContain('text/javascript');
    expect(() => new Script(text)).not.toThrow();
    expect(text).toContain('/_local/clock');
  });

  it('leaves other paths to others', () => {
    expect(get('/_local/clock')).toBeUndefined();
  });
});
