import { expect, test } from 'vitest';
import { createRouter } from '../../../../infra/local/http/routes.ts';

const KEYS = [
  'GET /',
  'POST /forms/{form}',
  'GET /leads',
  'GET /leads/{id}',
  'GET /leads/new',
  'GET /leads/{id}/score',
  'ANY /any/{x}',
  'PUT /any/{x}',
  'GET /files/{path+}',
  'ANY /files/{path+}',
  'GET /files/exact/one',
  'ANY /{rest+}',
];
const route = createRouter(KEYS.map((key) => ({ key })));

test.each([
  ['GET', '/', 'GET /', {}],
  ['POST', '/forms/guide', 'POST /forms/{form}', { form: 'guide' }],
  ['POST', '/forms/a%20b%2Fc', 'POST /forms/{form}', { form: 'a b/c' }],
  ['POST', '/forms/%E0%A4%A', 'POST /forms/{form}', { form: '%E0%A4%A' }],
  ['GET', '/leads', 'GET /leads', {}],
  ['GET', '/leads/lead_1', 'GET /leads/{id}', { id: 'lead_1' }],
  ['GET', '/leads/new', 'GET /leads/new', {}],
  ['GET', '/leads/new/score', 'GET /leads/{id}/score', { id: 'new' }],
  ['GET', '/any/1', 'ANY /any/{x}', { x: '1' }],
  ['PUT', '/any/1', 'PUT /any/{x}', { x: '1' }],
  ['GET', '/files/a/b', 'GET /files/{path+}', { path: 'a/b' }],
  ['DELETE', '/files/a/b', 'ANY /files/{path+}', { path: 'a/b' }],
  ['GET', '/files/exact/one', 'GET /files/exact/one', {}],
  ['POST', '/files/exact/one', 'ANY /files/{path+}', { path: 'exact/one' }],
  ['POST', '/leads/lead_1', 'ANY /{rest+}', { rest: 'leads/lead_1' }],
  ['GET', '/leads/', 'ANY /{rest+}', { rest: 'leads/' }],
])('%s %s takes %s', (method, path, key, parameters) => {
  const match = route(method, path);
  expect(match?.route.key).toBe(key);
  expect(match?.parameters).toEqual(parameters);
});

test('$default takes what no other route takes, and without it nothing does', () => {
  const keys = [{ key: '$default' }, { key: 'GET /a' }];
  expect(createRouter(keys)('POST', '/a')?.route.key).toBe('$default');
  expect(createRouter(keys.slice(1))('POST', '/a')).toBeUndefined();
});

test('only a route that names its first segment is specific', () => {
  expect(route('GET', '/leads/1')?.isSpecific).toBe(true);
  expect(route('GET', '/whatever')?.isSpecific).toBe(false);
});

test('refuses a route key that is none by name', () => {
  expect(() => createRouter([{ key: 'GET leads' }])).toThrow('the route key GET leads');
});
