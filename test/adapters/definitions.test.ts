import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { partKey } from '../../functions/adapters/definition-items.ts';
import {
  currentPointer,
  email,
  forgetDefinitions,
  machine,
  manifest,
  movePointer,
  notePublication,
  published,
  rules,
  storeDefinition,
} from '../../functions/adapters/definitions.ts';
import { dynamo, getItem, putItem } from '../../functions/adapters/dynamo.ts';
import { type LocalDynamo, startLocalDynamo } from '../local-dynamo.ts';
import { AT, exampleDefinition, MACHINE, publishExample } from './example-definition.ts';

let local: LocalDynamo;
const { hash } = exampleDefinition;

beforeAll(async () => {
  local = await startLocalDynamo();
  await publishExample();
});
afterAll(() => local.stop());
beforeEach(forgetDefinitions);

const reads = () => vi.spyOn(dynamo, 'send');

describe('a definition', () => {
  it('is read as it was stored: rules, mails, machines, manifest', async () => {
    const read = await rules(hash);
    expect(read).toMatchObject({
      hash,
      settings: exampleDefinition.settings,
      classes: { 'three-leaks': 'educational' },
    });
    expect(await email(hash, 'three-leaks', 'en', AT)).toEqual(exampleDefinition.emails['three-leaks']?.en);
    expect(await machine(hash, 'guide-to-demo')).toEqual(exampleDefinition.machines['guide-to-demo']);
    expect((await manifest(hash))?.machines).toEqual({ 'guide-to-demo': MACHINE });
    expect(await manifest('f'.repeat(64))).toBeUndefined();
  });

  it('gives a mail in the first language of the settings where there is none in the wanted one', async () => {
    expect((await email(hash, 'three-leaks', 'th', AT)).language).toBe('en');
    await expect(email(hash, 'four-leaks', 'en', AT)).rejects.toThrow('no email four-leaks');
  });

  it('is read once, and which mails were mended once a publication, however many ask at once and later', async () => {
    const send = reads();
    await Promise.all([
      rules(hash),
      rules(hash),
      email(hash, 'three-leaks', 'en', AT),
      email(hash, 'three-leaks', 'en', AT),
    ]);
    await rules(hash);
    // The rules and which publication it is at once; then the mended; then the mail.
    expect(send.mock.calls.length).toBeLessThanOrEqual(4);
    await email(hash, 'three-leaks', 'en', AT);
    expect(send.mock.calls.length).toBeLessThanOrEqual(4);
    send.mockRestore();
  });

  it('larger than an item is kept in several, cut between characters, and read as one', async () => {
    const html = 'đường '.repeat(100_000);
    const mail = {
      ...exampleDefinition.emails['three-leaks']?.en,
      name: 'long',
      language: 'vi',
      subject: 's',
      class: 'x',
    };
    const emails = { long: { vi: { ...mail, html, text: '' } } };
    await storeDefinition({ ...exampleDefinition, hash: 'b'.repeat(64), emails });
    expect((await email('b'.repeat(64), 'long', 'vi', AT)).html).toBe(html);
    expect(await getItem(partKey('b'.repeat(64), 'email/long/vi', 2))).toBeDefined();
  });

  it('of before a setting was read has what held then', async () => {
    const { clickHold: _, topics: __, ...settings } = exampleDefinition.settings;
    const old = { ...exampleDefinition, hash: '8'.repeat(64), settings: settings as typeof exampleDefinition.settings };
    await storeDefinition(old);
    expect((await rules(old.hash)).settings).toEqual({ ...settings, clickHold: 90_000, topics: {} });
  });

  it('whose content was changed in the table is not used', async () => {
    await putItem({ ...partKey('c'.repeat(64), 'rules'), body: { sha256: '0', chunks: 0, json: '{}' } });
    await expect(rules('c'.repeat(64))).rejects.toThrow('not whole');
    await expect(rules('d'.repeat(64))).rejects.toThrow('not stored');
  });
});

describe('the pointer', () => {
  it('is read at most once a second of the clock, whichever way the clock moves', async () => {
    const send = reads();
    await Promise.all([published(AT), published('2027-03-01T02:00:00.900Z')]);
    expect(send).toHaveBeenCalledTimes(1);
    await published('2027-03-01T02:00:01.000Z');
    await published(AT);
    expect(send).toHaveBeenCalledTimes(3);
    send.mockRestore();
  });

  it('is read at once when a lead was judged by a newer publication', async () => {
    const old = await published(AT);
    const moved = await movePointer(old, { hash, at: AT });
    forgetDefinitions();
    const stale = await published(AT);
    expect(moved).toMatchObject({ publication: old.publication + 1 });
    expect(await published(AT, { atLeast: stale.publication })).toEqual(stale);
    const send = reads();
    await published(AT, { atLeast: stale.publication + 1 });
    expect(send).toHaveBeenCalledTimes(1);
    send.mockRestore();
  });

  it('moves for one of two that publish at once', async () => {
    const previous = await currentPointer();
    const both = await Promise.all([1, 2].map(() => movePointer(previous, { hash, at: AT })));
    expect(both.filter((result) => result === 'stale')).toHaveLength(1);
  });

  it('keeps what is paused over a publication', async () => {
    const current = await currentPointer();
    if (!current) throw new Error('Nothing is published.');
    const note = { what: 'paused', at: AT } as const;
    const paused = await notePublication(current, note, { paused: { workflows: ['guide-to-demo'] } });
    if (paused === 'stale') throw new Error('Somebody else published.');
    expect(await movePointer(paused, { hash, at: AT })).toMatchObject({ paused: { workflows: ['guide-to-demo'] } });
    expect(await notePublication(current, note, { paused: { workflows: [] } })).toBe('stale');
  });
});
