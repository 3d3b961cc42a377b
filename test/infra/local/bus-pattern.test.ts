import { describe, expect, it } from 'vitest';
import { compilePattern } from '../../../infra/local/bus/pattern.ts';

const detail = (value: unknown) => ({ detail: value });
const matches = (pattern: unknown, event: unknown) => compilePattern(pattern)(event);

/** The examples of "Comparison operators for use in event patterns" and its sister pages: pattern, matching, not matching. */
const table: [string, unknown, unknown[], unknown[]][] = [
  ['equals', { n: ['Alice'] }, ['Alice', ['Bob', 'Alice']], ['alice', 'Bob', undefined, null]],
  ['equals a number', { n: [100] }, [100, 1e2], ['100', 101]],
  ['equals a boolean', { n: [true] }, [true], ['true', false]],
  ['or', { n: ['Credit', 'Debit'] }, ['Credit', 'Debit'], ['Cash']],
  ['empty text', { n: [''] }, [''], [null, undefined]],
  ['null', { n: [null] }, [null], ['', undefined, 'null']],
  ['prefix', { n: [{ prefix: 'us-' }] }, ['us-east-1'], ['eu-us-1', 5]],
  ['prefix without case', { n: [{ prefix: { 'equals-ignore-case': 'EventB' } }] }, ['eventbridge', 'EVENTB'], ['vent']],
  ['suffix', { n: [{ suffix: '.png' }] }, ['a.png'], ['a.PNG', 'png']],
  ['suffix without case', { n: [{ suffix: { 'equals-ignore-case': '.png' } }] }, ['a.PNG'], ['a.jpg']],
  ['without case', { n: [{ 'equals-ignore-case': 'alice' }] }, ['ALICE', 'alice'], ['alices', 1]],
  ['anything but', { n: [{ 'anything-but': 'initializing' }] }, ['running', ''], ['initializing', undefined]],
  ['anything but a number', { n: [{ 'anything-but': 123 }] }, [124, '123'], [123]],
  ['anything but a list', { n: [{ 'anything-but': ['stopped', 'overloaded'] }] }, ['x'], ['stopped', 'overloaded']],
  ['anything but numbers', { n: [{ 'anything-but': [100, 200, 300] }] }, [101], [100, 300]],
  [
    'anything but, without case',
    { n: [{ 'anything-but': { 'equals-ignore-case': ['initializing', 'stopped'] } }] },
    ['on'],
    ['INITIALIZING', 'Stopped'],
  ],
  ['anything but a prefix', { n: [{ 'anything-but': { prefix: 'init' } }] }, ['stop'], ['initial']],
  ['anything but prefixes', { n: [{ 'anything-but': { prefix: ['init', 'stop'] } }] }, ['go'], ['stopped', 'initial']],
  ['anything but a suffix', { n: [{ 'anything-but': { suffix: ['.txt', '.rtf'] } }] }, ['a.png'], ['a.txt', 'a.rtf']],
  ['anything but a wildcard', { n: [{ 'anything-but': { wildcard: '*/lib/*' } }] }, ['/usr/bin/x'], ['/usr/lib/x']],
  ['numeric equals', { n: [{ numeric: ['=', 3.018e2] }] }, [301.8], [301, '301.8']],
  ['numeric range', { n: [{ numeric: ['>', 0, '<=', 5] }] }, [1, 5], [0, 6, '3']],
  ['cidr', { n: [{ cidr: '10.0.0.0/24' }] }, ['10.0.0.0', '10.0.0.255'], ['10.0.1.0', 'ten', '::1']],
  ['cidr of IPv6', { n: [{ cidr: '2001:db8::/32' }] }, ['2001:db8::1'], ['2001:db9::1', '10.0.0.1']],
  ['exists', { n: [{ exists: true }] }, ['x', null, ['a']], [undefined, { inner: 1 }]],
  ['does not exist', { n: [{ exists: false }] }, [undefined], ['x', null]],
  ['wildcard', { n: [{ wildcard: 'dir/*.png' }] }, ['dir/a.png', 'dir/a/b.png'], ['dir/a.jpg', 'xdir/a.png']],
  ['escaped wildcard', { n: [{ wildcard: 'a\\*b\\\\*' }] }, ['a*b\\c'], ['axb\\c']],
  ['wildcard with signs of expressions', { n: [{ wildcard: 'a.b(*)' }] }, ['a.b(c)'], ['axb(c)']],
  [
    'several matchers are alternatives',
    { n: ['x', { prefix: 'y' }, { exists: false }] },
    ['x', 'yes', undefined],
    ['no'],
  ],
];

describe('a leaf of a pattern', () => {
  it.each(table)('%s', (_, pattern, yes, no) => {
    const compiled = compilePattern(detail(pattern));
    for (const value of yes) expect(compiled(detail({ n: value })), JSON.stringify(value)).toBe(true);
    for (const value of no) expect(compiled(detail({ n: value })), JSON.stringify(value)).toBe(false);
  });
});

describe('a pattern', () => {
  const complex = {
    time: [{ prefix: '2017-10-02' }],
    detail: {
      state: [{ 'anything-but': 'initializing' }],
      'c-count': [{ numeric: ['>', 0, '<=', 5] }],
      'd-count': [{ numeric: ['<', 10] }],
      'x-limit': [{ 'anything-but': [100, 200, 300] }],
    },
  };
  const event = {
    time: '2017-10-02T18:43:48Z',
    detail: { state: 'on', 'c-count': 3, 'd-count': 8, 'x-limit': 3.018e2 },
  };

  it('needs all of its fields', () => {
    expect(matches(complex, event)).toBe(true);
    expect(matches(complex, { ...event, detail: { ...event.detail, 'd-count': 10 } })).toBe(false);
    expect(matches(complex, { ...event, time: '2018-10-02' })).toBe(false);
  });

  it('needs one alternative of $or, beside its other fields', () => {
    const pattern = { source: ['a'], detail: { $or: [{ c: [{ numeric: ['>', 0] }] }, { d: [{ exists: false }] }] } };
    expect(matches(pattern, { source: 'a', detail: { c: 1, d: 1 } })).toBe(true);
    expect(matches(pattern, { source: 'a', detail: { c: 0 } })).toBe(true);
    expect(matches(pattern, { source: 'a', detail: { c: 0, d: 1 } })).toBe(false);
    expect(matches(pattern, { source: 'b', detail: { c: 1 } })).toBe(false);
  });

  it('matches when the arrays of pattern and event have one element in common', () => {
    const pattern = { resources: ['i-1', 'i-2'] };
    expect(matches(pattern, { resources: ['asg', 'i-2'] })).toBe(true);
    expect(matches(pattern, { resources: ['asg'] })).toBe(false);
    expect(matches(pattern, { resources: [] })).toBe(false);
  });

  it('keeps the fields of one element of an array of objects together', () => {
    const pattern = { detail: { items: { kind: ['a'], size: [1] } } };
    expect(matches(pattern, detail({ items: [{ kind: 'a', size: 1 }] }))).toBe(true);
    expect(
      matches(
        pattern,
        detail({
          items: [
            { kind: 'a', size: 2 },
            { kind: 'b', size: 1 },
          ],
        }),
      ),
    ).toBe(false);
  });

  it('finds a field absent where its whole branch is', () => {
    const pattern = { detail: { a: { b: [{ exists: false }] } } };
    expect(matches(pattern, detail({}))).toBe(true);
    expect(matches(pattern, detail({ a: { b: 1 } }))).toBe(false);
  });

  it('may be given as JSON text', () => {
    expect(matches('{"source":["aws.ses"]}', { source: 'aws.ses' })).toBe(true);
  });
});

describe('a pattern that cannot be understood is refused, naming', () => {
  it.each([
    ['the matcher', detail({ state: [{ startsWith: 'x' }] }), /detail\.state: unknown matcher "startsWith"/],
    ['the nested matcher', detail({ n: [{ 'anything-but': { cidr: 'x' } }] }), /anything-but.*unknown matcher "cidr"/],
    [
      'a matcher with two keys',
      detail({ n: [{ prefix: 'a', suffix: 'b' }] }),
      /detail\.n: a matcher is an object with exactly one key/,
    ],
    ['a bare value', detail({ n: 'x' }), /detail\.n: must be an object or an array/],
    ['an empty array', detail({ n: [] }), /detail\.n: an empty array/],
    ['an empty object', detail({}), /detail: an empty object/],
    ['consecutive wildcards', detail({ n: [{ wildcard: 'a**' }] }), /consecutive wildcards/],
    ['an unknown escape', detail({ n: [{ wildcard: 'a\\b' }] }), /invalid escape/],
    ['a wrong operand', detail({ n: [{ prefix: 5 }] }), /matcher "prefix"/],
    ['an odd comparison', detail({ n: [{ numeric: ['~', 1] }] }), /matcher "numeric"/],
    ['half a comparison', detail({ n: [{ numeric: ['>', 1, '<'] }] }), /pairs/],
    ['a wrong address block', detail({ n: [{ cidr: '10.0.0.0/40' }] }), /not an address block/],
    ['a lonely alternative', { $or: [{ source: ['a'] }] }, /two or more/],
    ['text that is not JSON', '{', /not JSON/],
  ])('%s', (_, pattern, message) => {
    expect(() => compilePattern(pattern)).toThrow(message);
  });

  it('too many combinations of $or', () => {
    const eleven = Array.from({ length: 11 }, (_, n) => ({ [`f${n}`]: ['x'] }));
    expect(() => compilePattern({ a: { $or: eleven }, b: { $or: eleven }, c: { $or: eleven } })).toThrow(/1000/);
  });
});
