import { afterEach, describe, expect, it, vi } from 'vitest';
import { log } from '../../functions/http/log.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('a log line', () => {
  it('is one line of JSON', () => {
    const info = vi.spyOn(console, 'info').mockImplementation(() => undefined);
    log.info('a post was taken', { leadId: 'lead_1', count: 2 });
    expect(JSON.parse(String(info.mock.calls[0]?.[0]))).toMatchObject({
      level: 'INFO',
      message: 'a post was taken',
      leadId: 'lead_1',
      count: 2,
    });
  });

  it('tells of an error its name and place, never its message', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    log.error('failed', { error: new TypeError('ada@example.com is no number\nat all') });
    const line = String(error.mock.calls[0]?.[0]);
    expect(line).toContain('"error":"TypeError"');
    expect(line).toContain('log.test.ts');
    expect(line).not.toContain('ada@');
    expect(line).not.toContain('at all');
  });
});
