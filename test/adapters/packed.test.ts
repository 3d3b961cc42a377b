import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromItem, toItem } from '../../functions/adapters/dynamo.ts';
import { packed, unpacked } from '../../functions/adapters/packed.ts';
import { OPEN } from '../../functions/adapters/table.ts';

const ADAPTERS = join(import.meta.dirname, '..', '..', 'functions', 'adapters');
/** Named of bodies that are not packed: handoffs, turns, ledgers, asks, addresses, visitors and their views, the pointer. */
const WHOLE = ['last', 'leadId', 'moved', 'owners', 'publication', 'seconds', 'sent', 'to', 'turn', 'until', 'body'];

describe('a packed body', () => {
  it('comes back whole, whatever it holds', () => {
    const member = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('constructor', 'version', 'rest', 'body'));
    const value = fc.anything({
      values: [fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null)],
    });
    fc.assert(
      fc.property(fc.dictionary(member, value, { noNullPrototype: true }), (body) => {
        const plain = JSON.parse(JSON.stringify(body));
        const item = fromItem(toItem({ pk: 'a', sk: 'b', ...packed(body, ['version']) }));
        expect(item).toEqual({ pk: 'a', sk: 'b', body: plain });
      }),
    );
  });

  it('keeps as attributes what expressions name, and leaves out what is undefined', () => {
    expect(packed({ status: 'sent', email: 'a', why: undefined }, ['status'])).toEqual({
      body: { status: 'sent' },
      rest: '{"email":"a"}',
    });
  });

  it('reads what an update has set since as what counts', () => {
    const { body, rest } = packed<{ name: string; ended?: string }>({ name: 'a' }, ['ended']);
    expect(unpacked({ sk: 'x', body: { ...body, ended: 'today' }, rest })).toEqual({
      sk: 'x',
      body: { name: 'a', ended: 'today' },
    });
  });

  it('is read as it is where it was stored whole', () => {
    expect(unpacked({ sk: 'x', body: { name: 'a' } })).toEqual({ sk: 'x', body: { name: 'a' } });
  });

  it('has each member open that an expression of the adapters names', () => {
    const named = readdirSync(ADAPTERS).flatMap((file) =>
      [...readFileSync(join(ADAPTERS, file), 'utf8').matchAll(/[\s('`]body\.#?([a-z]\w+)[^\w(,;)]/gi)].map(
        ([, name]) => name,
      ),
    );
    const known = new Set<string>([...Object.values(OPEN).flat(), ...WHOLE]);
    expect([...new Set(named)].filter((name) => name && !known.has(name))).toEqual([]);
  });
});
