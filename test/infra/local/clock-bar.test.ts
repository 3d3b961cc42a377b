import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { createClockBar } from '../../../infra/local/clock-bar.ts';

const bar = createClockBar(() => 'Asia/Ho_Chi_Minh');
const get = (path: string) => bar(new Request(`http://localhost${path}`));

describe('the clock bar', () => {
  it('is a script that stands by itself', async () => {
    const response = await get('/_local/bar.js');
    const text = (await response?.text()) ?? '';
    expect(response?.headers.get('content-type')).toContain('text/javascript');
    expect(() => new Script(text)).not.toThrow();
    expect(text).toContain('/_local/clock');
  });

  it('tells the time in the zone that it is given', async () => {
    const text = (await (await get('/_local/bar.js'))?.text()) ?? '';
    expect(text).toContain('("Asia/Ho_Chi_Minh")');
  });

  it('leaves other paths to others', () => {
    expect(get('/_local/clock')).toBeUndefined();
  });
});
