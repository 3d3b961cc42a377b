import { describe, expect, it } from 'vitest';
import { isLeft, readVisit, viewed } from '../../functions/lead/visit.ts';
import { visitorHash } from '../../functions/lead/visitor.ts';

const NOW = '2027-03-01T02:00:00.000Z';
const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';
const visitor = 'ab'.repeat(16);
const told = { visitor, view: 'cd'.repeat(16), page: 'https://www.example.com/pricing?x=1#y' };
const read = (over: object = {}, agent = CHROME) => readVisit({ ...told, ...over }, agent, NOW);
const viewIn = (over: object = {}, agent = CHROME) => {
  const result = read(over, agent);
  if ('refused' in result) throw new Error(result.refused);
  return result.view;
};

describe('a visit', () => {
  it('is read with the hash of its visitor, and the path of its page without what was typed', () => {
    expect(read({ seconds: 12.9, category: ' pricing ', referrer: 'https://www.example.com/' })).toEqual({
      visitor: visitorHash(visitor),
      view: { id: told.view, at: NOW, page: '/pricing', category: 'pricing', seconds: 12 },
    });
  });

  it.each([
    ['https://www.example.com/u/an@firm.vn/x', '/u/…/x'],
    ['https://www.example.com/u/an%40firm.vn', '/u/…'],
    ['https://www.example.com', '/'],
    [`https://www.example.com/${'a'.repeat(900)}`, `/${'a'.repeat(299)}`],
  ])('of %s is told as %s', (page, path) => {
    expect(viewIn({ page }).page).toBe(path);
  });

  it.each([
    [
      { utm_source: 'news', utm_medium: 'email' },
      { channel: 'email', utm: { source: 'news', medium: 'email' } },
    ],
    [{ gclid: 'x1' }, { channel: 'paid-search', clickIds: { gclid: 'x1' } }],
    [
      { referrer: 'https://www.google.com/search?q=secret' },
      { channel: 'organic-search', referrer: 'https://www.google.com/search' },
    ],
    [{ referrer: '' }, { channel: 'direct' }],
  ])('with %j comes from %j', (over, source) => {
    expect(viewIn(over).source).toMatchObject(source);
    expect(JSON.stringify(viewIn(over))).not.toContain('secret');
  });

  it('that moves on within the site comes from nowhere new', () => {
    expect(viewIn({ referrer: 'https://www.example.com/start' }).source).toBeUndefined();
  });

  it('is open until five minutes after it was told so', () => {
    const view = viewIn({ open: true });
    expect(view.until).toBe('2027-03-01T02:05:00.000Z');
    expect(isLeft(view, '2027-03-01T02:04:59.000Z')).toBe(false);
    expect(isLeft(view, '2027-03-01T02:05:00.000Z')).toBe(true);
    expect(isLeft(viewIn(), NOW)).toBe(true);
  });

  it.each([
    [{ at: '2027-03-01T02:00:04Z' }, NOW],
    [{ at: '2027-03-01T08:59:00+07:00' }, '2027-03-01T01:59:00.000Z'],
  ])('with %j happened then, and never after it was told', (over, at) => {
    expect(viewIn(over).at).toBe(at);
  });

  it.each([
    [{ visitor: 7 }, '“visitor” must be a text'],
    [{ visitor: 'short' }, '32 hexadecimal'],
    [{ visitor: 'AB'.repeat(16) }, '32 hexadecimal'],
    [{ view: undefined }, '“view” must be a text'],
    [{ view: 'no' }, '16 to 32'],
    [{ page: ['x'] }, '“page” must be a text'],
    [{ page: 'javascript:alert(1)' }, 'address of a page'],
    [{ page: '/pricing' }, 'address of a page'],
    [{ page: `https://a.vn/${'a'.repeat(2000)}` }, 'at most 2000'],
    [{ seconds: '12' }, '“seconds” must be a number'],
    [{ seconds: -1 }, '0 to 86400'],
    [{ seconds: Number.NaN }, '“seconds”'],
    [{ seconds: 1e9 }, '0 to 86400'],
    [{ category: {} }, '“category” must be a text'],
    [{ category: 'c'.repeat(61) }, 'longer than 60'],
    [{ open: 'yes' }, '“open”'],
    [{ at: 1_772_330_400_000 }, '“at” must be a text'],
    [{ at: 'yesterday' }, 'ISO 8601'],
    [{ at: '2027-03-01T02:00:00' }, 'with a zone'],
    [{ at: '2027-03-01T02:06:00Z' }, 'in the future'],
    [{ at: '2027-02-28T01:59:00Z' }, 'more than a day back'],
    [{ at: '1970-01-01T00:00:00Z' }, 'more than a day back'],
  ])('with %j is refused: %s', (over, why) => {
    expect(read(over)).toEqual({ refused: expect.stringContaining(why) });
  });

  it.each([[null], [[]], ['text'], [5]])('that is %j is refused', (raw) => {
    expect(readVisit(raw, CHROME, NOW)).toEqual({ refused: 'The body is a JSON object.' });
  });

  it('ignores what it does not know, however much', () => {
    const more = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`utm_x${i}`, 'v']));
    const { source, ...view } = viewIn({ ...more, leadId: 'lead_x', email: 'an@firm.vn' });
    expect(Object.keys(source?.utm ?? {}).length).toBeLessThanOrEqual(12);
    expect(view).toEqual({ id: told.view, at: NOW, page: '/pricing', seconds: 0 });
  });

  it('lets no half characters through', () => {
    expect(viewIn({ category: 'a\ud800b' }).category?.isWellFormed()).toBe(true);
  });
});

describe('the act that a view becomes', () => {
  it('is a person’s, at its own time, once', () => {
    expect(viewed(viewIn({ seconds: 40, category: 'pricing' }))).toEqual({
      key: `visit:${told.view}`,
      type: 'page.viewed',
      at: NOW,
      actor: 'human',
      data: { page: '/pricing', category: 'pricing', seconds: 40 },
      source: expect.anything(),
    });
  });

  it.each([
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'machine'],
    ['Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0.0.0 Safari/537.36', 'machine'],
    ['facebookexternalhit/1.1', 'machine'],
    ['curl/8.5.0', 'human'],
    ['node', 'human'],
    ['Mozilla/5.0 (Linux; Android 10) Chrome-Lighthouse', 'machine'],
    [CHROME, 'human'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1',
      'human',
    ],
    ['Mozilla/5.0 (Linux; Android 14; CUBOT P80) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36', 'human'],
    ['', 'human'],
  ])('of %s is one of a %s', (agent, actor) => {
    expect(viewed(viewIn({}, agent)).actor).toBe(actor);
  });
});
