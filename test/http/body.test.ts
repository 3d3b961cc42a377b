import { describe, expect, it } from 'vitest';
import { MOST_BYTES, readBody } from '../../functions/http/body.ts';
import { requestOf } from '../../functions/http/request.ts';
import { requestEvent } from '../functions/requests.ts';

const read = (type: string | undefined, body: string | Uint8Array) =>
  readBody(requestOf(requestEvent({ method: 'POST', headers: type ? { 'content-type': type } : {}, body })));

const URLENCODED = 'application/x-www-form-urlencoded';
const multipart = (lines: string[]) => Buffer.from(lines.join('\r\n'));
const BOUNDARY = 'multipart/form-data; boundary=x1';

describe('a body', () => {
  it.each([
    ['JSON', 'application/json', '{"name":"Ada","tags":["a","b"],"age":36,"agree":true}'],
    ['JSON with a charset', 'application/json; charset=utf-8', '{"name":"Ada","tags":["a","b"],"age":36,"agree":true}'],
    ['urlencoded', URLENCODED, 'name=Ada&tags=a&tags=b&age=36&agree=true'],
    [
      'multipart',
      BOUNDARY,
      multipart([
        ...['name', 'tags', 'tags', 'age', 'agree'].flatMap((name, i) => [
          '--x1',
          `Content-Disposition: form-data; name="${name}"`,
          '',
          ['Ada', 'a', 'b', '36', 'true'][i] ?? '',
        ]),
        '--x1--',
        '',
      ]),
    ],
  ])('of a form is the same as %s', async (_, type, body) => {
    expect(await read(type, body)).toEqual({
      ok: true,
      fields: { name: ['Ada'], tags: ['a', 'b'], age: ['36'], agree: ['true'] },
      nested: [],
    });
  });

  it('is read the same when API Gateway has encoded it', async () => {
    expect(await read(URLENCODED, Buffer.from('name=%C4%90%E1%BB%A9c+Anh&x'))).toMatchObject({
      fields: { name: ['Đức Anh'], x: [''] },
    });
  });

  it.each([
    [413, 'larger than 32 kB', URLENCODED, `a=${'x'.repeat(MOST_BYTES)}`],
    [415, 'of another type', 'text/plain', 'a=1'],
    [415, 'of no type', undefined, 'a=1'],
    [400, 'of JSON that does not parse', 'application/json', '{"a":'],
    [400, 'of JSON that is a list', 'application/json', '[1]'],
    [400, 'of JSON that is null', 'application/json', 'null'],
    [400, 'of JSON with half a surrogate pair', 'application/json', '{"a":"\\ud800"}'],
    [400, 'of JSON that is not UTF-8', 'application/json', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d])],
    [400, 'of JSON that a gateway could not decode', 'application/json', '{"a":"\ufffd"}'],
    [400, 'urlencoded that is not UTF-8', URLENCODED, 'name=%FF%FE'],
    [400, 'urlencoded with a broken escape', URLENCODED, 'name=%G1'],
    [400, 'multipart without its boundary', 'multipart/form-data', 'x'],
    [400, 'multipart that is cut', BOUNDARY, multipart(['--x1', 'Content-Disposition: form-data; name="a"', '', 'b'])],
    [
      400,
      'multipart that is not UTF-8',
      BOUNDARY,
      Buffer.concat([
        multipart(['--x1', 'Content-Disposition: form-data; name="a"', '', '']),
        Buffer.from([0xff, 0xfe]),
        Buffer.from('\r\n--x1--\r\n'),
      ]),
    ],
  ])('is refused with %i when it is %s', async (status, _, type, body) => {
    expect(await read(type, body)).toMatchObject({ ok: false, status });
  });

  const file = (name: string, content: string) =>
    multipart([
      '--x1',
      `Content-Disposition: form-data; name="cv"; filename="${name}"`,
      'Content-Type: application/octet-stream',
      '',
      content,
      '--x1--',
      '',
    ]);

  it('may hold an empty file field, but no file', async () => {
    expect(await read(BOUNDARY, file('', ''))).toMatchObject({ ok: true, fields: {} });
    expect(await read(BOUNDARY, file('cv.pdf', 'text'))).toMatchObject({ ok: false, status: 400 });
  });

  it('names the fields whose value is an object, and takes them, nulls and empty lists as saying nothing', async () => {
    expect(await read('application/json', '{"a":{"b":1},"c":[{"d":1},"e"],"f":null,"g":[]}')).toEqual({
      ok: true,
      fields: { a: [''], c: ['e'], f: [''], g: [''] },
      nested: ['a', 'c'],
    });
  });

  it('keeps a field called __proto__ a field like any other', async () => {
    const body = await read('application/json', '{"__proto__":"x"}');
    expect(body.ok && Object.keys(body.fields)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf({})).not.toBe('x');
  });
});
