import { describe, expect, it } from 'vitest';
import { sourceOf } from '../../functions/lead/source.ts';

describe('the channel', () => {
  it.each([
    [{ utm_medium: 'cpc', referrer: 'https://www.facebook.com/' }, 'paid-search'],
    [{ utm_medium: 'Paid Social' }, 'paid-social'],
    [{ utm_medium: 'E-Mail' }, 'email'],
    [{ utm_medium: 'newsletter' }, 'email'],
    [{ utm_medium: 'affiliate' }, 'affiliate'],
    [{ utm_medium: 'qr' }, 'offline'],
    [{ gclid: 'x' }, 'paid-search'],
    [{ msclkid: 'x' }, 'paid-search'],
    [{ ttclid: 'x' }, 'paid-social'],
    [{ fbclid: 'x' }, 'social'],
    [{ referrer: 'https://www.google.co.th/search?q=private' }, 'organic-search'],
    [{ referrer: 'https://coccoc.com/' }, 'organic-search'],
    [{ referrer: 'https://l.facebook.com/l.php' }, 'social'],
    [{ referrer: 'https://zalo.me/' }, 'social'],
    [{ referrer: 'https://mail.google.com/' }, 'email'],
    [{ referrer: 'https://blog.partner.example/post' }, 'referral'],
    [{ referrer: 'https://www.example.com/', page: 'https://www.example.com/guide' }, 'direct'],
    [{ utm_source: 'flyer' }, 'other'],
    [{ utm_source: 'x', utm_medium: 'unheard-of', referrer: 'https://www.bing.com/' }, 'organic-search'],
    [{ referrer: 'no address' }, 'direct'],
    [{}, 'direct'],
  ])('of %j is %s', (given, channel) => {
    expect(sourceOf(given).channel).toBe(channel);
  });
});

describe('the source', () => {
  it('reads what is missing from the query of the page, and keeps addresses without theirs', () => {
    const page = 'https://www.example.com/guide?utm_source=zalo&utm_campaign=tet&gclid=g1&email=mai@company.vn#top';
    expect(sourceOf({ utm_source: 'own', referrer: 'https://news.example/a?b=c' }, page)).toEqual({
      channel: 'paid-search',
      utm: { source: 'own', campaign: 'tet' },
      clickIds: { gclid: 'g1' },
      referrer: 'https://news.example/a',
      page: 'https://www.example.com/guide',
    });
  });

  it.each([
    ['http://www.example.com/user/foo@bar.com/c', 'http://www.example.com/user/…/c'],
    ['https://www.example.com/u/foo%40bar.com', 'https://www.example.com/u/…'],
    ['https://www.example.com/u/foo%2540bar.com/x', 'https://www.example.com/u/…/x'],
    ['https://www.example.com/guide/cash-flow', 'https://www.example.com/guide/cash-flow'],
  ])('keeps no address of a person that stands in the path: %s', (told, kept) => {
    expect(sourceOf({ page: told, referrer: told })).toMatchObject({ page: kept, referrer: kept });
    expect(sourceOf({}, told).page).toBe(kept);
  });

  it('is cut between characters, and takes no name that would change what an object is', () => {
    const long = `${'x'.repeat(199)}😀`;
    const given = { utm_campaign: long, utm___proto__: 'x', utm_constructor: 'y', 'utm_\ud800': 'z' };
    const { utm } = sourceOf(given, 'https://www.example.com/?utm___proto__=x');
    expect(utm).toEqual({ campaign: 'x'.repeat(199), constructor: 'y', '\ufffd': 'z' });
  });

  it('stays small, whatever is sent', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, place) => [`utm_${place}`, 'x'.repeat(5000)]));
    expect(JSON.stringify(sourceOf(many)).length).toBeLessThan(3500);
  });
});
