/** What can be told of the script without a browser; the rest is in test/system/visits.test.ts. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { requestOf } from '../../functions/http/request.ts';
import { scriptAnswer } from '../../functions/http/script.ts';
import { ripenScript } from '../../infra/bundle.ts';
import { exampleDefinition } from '../adapters/example-definition.ts';
import { requestEvent } from '../functions/requests.ts';

describe('ripen.js', () => {
  it('is below 3 kB gzipped, with what the server puts before it', () => {
    vi.stubGlobal('RIPEN_SCRIPT', ripenScript());
    const { body } = scriptAnswer(requestOf(requestEvent()), Object.values(exampleDefinition.forms));
    const size = gzipSync(body).length;
    expect(size).toBeGreaterThan(1000);
    expect(size).toBeLessThan(3000);
  });

  it('sets no cookie and asks no other host', () => {
    const script = ripenScript();
    expect(script).not.toMatch(/cookie|indexedDB|sessionStorage/i);
    expect(script).not.toMatch(/https?:\/\//);
  });
});
