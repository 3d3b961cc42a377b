import { createSocket, type Socket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { reachOf } from '../../functions/adapters/mail-domain.ts';

/** Answers as a name server would, by the name: RFC 1035, section 4.1. Records: [type, data]. */
const NAMES: Record<string, { code?: number; records?: [number, number[]][]; silent?: true }> = {
  'good.example': { records: [[15, [0, 10, 2, 109, 120, 0]]] },
  'null.example': { records: [[15, [0, 0, 0]]] },
  'two.example': {
    records: [
      [15, [0, 0, 0]],
      [15, [0, 10, 2, 109, 120, 0]],
    ],
  },
  'gone.example': { code: 3 },
  'plain.example': { records: [[1, [192, 0, 2, 1]]] },
  'six.example': { records: [[28, [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]]] },
  'empty.example': { records: [] },
  'broken.example': { code: 2 },
  'refused.example': { code: 5 },
  'silent.example': { silent: true },
};
let asked: string[] = [];
let server: Socket;

function answer(question: Buffer): Buffer | undefined {
  const labels: string[] = [];
  let at = 12;
  for (let length = question[at] ?? 0; length > 0; length = question[at] ?? 0) {
    labels.push(question.subarray(at + 1, at + 1 + length).toString());
    at += length + 1;
  }
  const type = question.readUInt16BE(at + 1);
  const name = labels.join('.').toLowerCase();
  asked.push(name);
  const { code = 0, records = [], silent } = NAMES[name] ?? { code: 3 };
  if (silent) return undefined;
  const found = records.filter(([kind]) => kind === type);
  const header = Buffer.from(question.subarray(0, 12));
  header.writeUInt16BE(0x8180 | code, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(found.length, 6);
  header.writeUInt32BE(0, 8);
  const answers = found.map(([kind, data]) =>
    Buffer.from([0xc0, 12, 0, kind, 0, 1, 0, 0, 0, 60, data.length >> 8, data.length & 255, ...data]),
  );
  return Buffer.concat([header, question.subarray(12, at + 5), ...answers]);
}

beforeAll(async () => {
  server = createSocket('udp4');
  server.on('message', (question, from) => {
    const reply = answer(question);
    if (reply) server.send(reply, from.port, from.address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  process.env.DNS_SERVER = `127.0.0.1:${server.address().port}`;
});
afterAll(() => {
  delete process.env.DNS_SERVER;
  server.close();
});
afterEach(() => {
  asked = [];
});

const unreachable = (why: string) => ({ kind: 'unreachable', why });

describe('mail for a domain', () => {
  it.each([
    ['good.example', { kind: 'reachable' }],
    ['two.example', { kind: 'reachable' }],
    ['plain.example', { kind: 'reachable' }],
    ['six.example', { kind: 'reachable' }],
    ['null.example', unreachable('the domain takes no mail')],
    ['gone.example', unreachable('the domain does not exist')],
    ['firm.invalid', unreachable('the domain does not exist')],
    ['empty.example', unreachable('the domain has no mail server')],
    ['broken.example', { kind: 'unknown' }],
    ['refused.example', { kind: 'unknown' }],
    ['silent.example', { kind: 'unknown' }],
  ])('at %s is %j', async (domain, reach) => {
    expect(await reachOf(domain, 0)).toEqual(reach);
  });

  it('is asked for once in a while, and sooner where nobody answered', async () => {
    await reachOf('kept.example', 0);
    await reachOf('broken.example', 60_000);
    const first = asked.length;
    await reachOf('kept.example', 9 * 60_000);
    expect(asked).toHaveLength(first);
    await reachOf('broken.example', 9 * 60_000);
    await reachOf('kept.example', 11 * 60_000);
    expect(asked.length).toBeGreaterThan(first + 1);
  });

  it('is unknown on this machine, where nothing may be asked', async () => {
    const { DNS_SERVER } = process.env;
    delete process.env.DNS_SERVER;
    process.env.AWS_ENDPOINT_URL_DYNAMODB = 'http://127.0.0.1:1';
    expect(await reachOf('unasked.example', 0)).toEqual({ kind: 'unknown' });
    expect(asked).toEqual([]);
    delete process.env.AWS_ENDPOINT_URL_DYNAMODB;
    process.env.DNS_SERVER = DNS_SERVER;
  });
});
