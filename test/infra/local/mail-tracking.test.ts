import { describe, expect, it } from 'vitest';
import { trackHtml } from '../../../infra/local/mail/tracking.ts';

const tracking = { click: (n: number) => `http://t/${n}`, open: 'http://t/o.gif' };
const PIXEL = '<img alt="" src="http://t/o.gif" style="display: none; width: 1px; height: 1px;">';
const links = (html: string) => trackHtml(html, { click: tracking.click });

describe('a link', () => {
  it.each([
    ['with double quotes', '<a href="https://a.example/">x</a>', '<a href="http://t/0">x</a>', 'https://a.example/'],
    [
      'with single quotes',
      "<a class=b href='http://a.example/'>x</a>",
      '<a class=b href="http://t/0">x</a>',
      'http://a.example/',
    ],
    [
      'without quotes',
      '<a href=https://a.example/ id=c>x</a>',
      '<a href="http://t/0" id=c>x</a>',
      'https://a.example/',
    ],
    [
      'in capitals over lines',
      '<A\n  HREF = "https://a.example/">x</A>',
      '<A\n  HREF = "http://t/0">x</A>',
      'https://a.example/',
    ],
    [
      'with entities',
      '<a href="https://a.example/?a=1&amp;b=2&#38;c=3">x</a>',
      '<a href="http://t/0">x</a>',
      'https://a.example/?a=1&b=2&c=3',
    ],
    [
      'after an attribute that holds a >',
      '<a title="a > b" href="https://a.example/">x</a>',
      '<a title="a > b" href="http://t/0">x</a>',
      'https://a.example/',
    ],
  ])('%s is rewritten', (_, html, expected, url) => {
    expect(links(html)).toEqual({ html: expected, links: [{ url, tags: null }] });
  });

  it.each([
    ['a mail address', '<a href="mailto:a@example.com">x</a>'],
    ['an anchor', '<a href="#top">x</a>'],
    ['a telephone number', '<a href="tel:+4930">x</a>'],
    ['no address', '<a name="top">x</a>'],
    ['another element', '<abbr title="x">y</abbr><area href="https://a.example/">'],
    ['a comment', '<!-- <a href="https://a.example/">x</a> -->'],
    ['a style', '<style>a { content: \'<a href="https://a.example/">\' }</style>'],
    ['data-href', '<a data-href="https://a.example/">x</a>'],
  ])('%s is left as it is', (_, html) => {
    expect(links(html)).toEqual({ html, links: [] });
  });

  it('that says ses:no-track is left as it is, without the attribute', () => {
    expect(links('<a ses:no-track href="https://a.example/">x</a>')).toEqual({
      html: '<a href="https://a.example/">x</a>',
      links: [],
    });
    expect(links('<a href="https://a.example/" ses:no-track="">x</a>').html).toBe('<a href="https://a.example/">x</a>');
  });

  it('keeps its tags for the event', () => {
    expect(links('<a ses:tags="cta:pricing;weight:high;" href="https://a.example/">x</a>')).toEqual({
      html: '<a href="http://t/0">x</a>',
      links: [{ url: 'https://a.example/', tags: { cta: ['pricing'], weight: ['high'] } }],
    });
  });

  it('is not tracked when clicks are not, and loses the attributes of SES', () => {
    const { html } = trackHtml(
      '<a ses:no-track href="https://a.example/">x</a><a ses:tags="a:b;" href="https://b.example/">y</a>',
      {},
    );
    expect(html).toBe('<a href="https://a.example/">x</a><a href="https://b.example/">y</a>');
  });

  it('is tracked up to the 250th', () => {
    const result = links('<a href="https://a.example/">x</a>'.repeat(251));
    expect(result.links).toHaveLength(250);
    expect(result.html.endsWith('<a href="http://t/249">x</a><a href="https://a.example/">x</a>')).toBe(true);
  });
});

describe('the open pixel', () => {
  it.each([
    ['at the end of the body', '<body>x</body></html>', `<body>x${PIXEL}</body></html>`],
    ['at the end of a fragment', '<p>x</p>', `<p>x</p>${PIXEL}`],
    ['where the mail wants it, once', '<p>{{ses:openTracker}}x{{ses:openTracker}}</p>', `<p>${PIXEL}x</p>`],
  ])('stands %s', (_, html, expected) => {
    expect(trackHtml(html, tracking).html).toBe(expected);
  });

  it('and its placeholder are not there when opens are not tracked', () => {
    expect(trackHtml('<p>{{ses:openTracker}}x</p>', {}).html).toBe('<p>x</p>');
  });
});
