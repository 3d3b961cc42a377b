import { describe, expect, it } from 'vitest';
import { allows, corsHeaders, preflight } from '../../functions/http/cors.ts';

const ORIGINS = ['https://www.example.com', 'http://localhost:*', 'https://*.example.org'];

describe('an origin', () => {
  it.each([
    ['https://www.example.com', true],
    ['HTTPS://WWW.EXAMPLE.COM', true],
    ['http://localhost:5173', true],
    ['https://shop.example.org', true],
    ['https://a.b.example.org', true],
    ['https://www.example.com.evil.example', false],
    ['https://wwwxexample.com', false],
    ['http://www.example.com', false],
    ['https://evil.example/x.example.org', false],
    ['https://example.org', false],
    ['null', false],
  ])('%s on the list: %s', (origin, expected) => {
    expect(allows(ORIGINS, origin)).toBe(expected);
  });

  it('that is allowed is named in the answer, and no other', () => {
    expect(corsHeaders(ORIGINS, 'http://localhost:5173')).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': 'http://localhost:5173',
    });
    expect(corsHeaders(ORIGINS, 'https://evil.example')).toEqual({ vary: 'Origin' });
    expect(corsHeaders(ORIGINS, undefined)).toEqual({ vary: 'Origin' });
  });

  it('that is allowed learns before it posts that it may, and how', () => {
    expect(preflight(ORIGINS, 'http://localhost:1')).toMatchObject({
      statusCode: 204,
      headers: {
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'content-type, idempotency-key',
      },
    });
    expect(preflight(ORIGINS, 'https://evil.example').headers).toEqual({ vary: 'Origin' });
  });
});
