import { describe, expect, it } from 'vitest';
import { fakeParts } from './fake-parts.ts';
import { setUpMail, simple } from './mail-set-up.ts';

const asJson = { headers: { accept: 'application/json' } };

describe('the inbox as JSON', () => {
  it('has each mail as its recipient gets it, newest first', async () => {
    const { send, inbox, advance } = setUpMail();
    await send(simple({}, ['first@example.com']));
    await advance(1000);
    const messageId = await send({
      ...simple({ Headers: [{ Name: 'List-Unsubscribe', Value: '<https://example.com/u>' }] }, [
        '=?utf-8?B?Wm/Dqw==?= <zoe@example.com>',
      ]),
      EmailTags: [{ Name: 'send_id', Value: 's1' }],
      ReplyToAddresses: ['sales@example.com'],
    });
    const { items } = await inbox();
    expect(items.map((item: { to: string }) => item.to)).toEqual(['Zoë <zoe@example.com>', 'first@example.com']);
    expect(items[0]).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{20}$/),
      messageId,
      to: 'Zoë <zoe@example.com>',
      from: 'Example Inc <hello@example.com>',
      subject: 'How teams cut onboarding time in half',
      headers: {
        Date: 'Mon, 16 Nov 2026 14:10:06 GMT',
        'Message-ID': `<${messageId}@email.amazonses.com>`,
        From: 'Example Inc <hello@example.com>',
        'Reply-To': 'sales@example.com',
        To: 'Zoë <zoe@example.com>',
        Subject: 'How teams cut onboarding time in half',
        'MIME-Version': '1.0',
        'Content-Type': expect.stringContaining('multipart/alternative'),
        'List-Unsubscribe': '<https://example.com/u>',
      },
      tags: { send_id: 's1' },
      html: expect.stringMatching(
        /^<p>Hello <a href="http:\/\/localhost:8787\/_local\/ses\/click\/[0-9a-f]{20}\/0">prices<\/a><\/p><img/,
      ),
      text: 'Hello',
      at: '2026-11-16T14:10:06.221Z',
      attachments: [],
    });
  });

  it('is filtered by a whole address or a part of one', async () => {
    const { send, inbox } = setUpMail();
    for (const to of ['ada@example.com', 'nada@example.com', 'Bounce+x@simulator.amazonses.com'])
      await send(simple({}, [to]));
    const found = async (query: string) => (await inbox(query)).items.map((item: { to: string }) => item.to);
    expect(await found('?to=ADA@example.com')).toEqual(['ada@example.com']);
    expect(await found('?to=ada')).toEqual(['nada@example.com', 'ada@example.com']);
    expect(await found('?to=bounce+x@simulator.amazonses.com')).toEqual(['Bounce+x@simulator.amazonses.com']);
    expect(await found('?to=bounce%2Bx@simulator.amazonses.com')).toHaveLength(1);
    expect(await found('?to=nobody@example.com')).toEqual([]);
  });

  it('comes in pages', async () => {
    const { send, inbox } = setUpMail();
    for (let n = 0; n < 5; n += 1) await send(simple({ Subject: { Data: `${n}` } }));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await inbox(`?limit=2${cursor ? `&cursor=${cursor}` : ''}`);
      seen.push(...page.items.map((item: { subject: string }) => item.subject));
      cursor = page.cursor;
    } while (cursor);
    expect(seen).toEqual(['4', '3', '2', '1', '0']);
    expect((await inbox()).cursor).toBeUndefined();
  });

  it('has one mail by its id, and 404 for an unknown one', async () => {
    const { send, inbox, get } = setUpMail();
    await send({ Content: { Simple: { Subject: { Data: 'x' }, Body: { Text: { Data: 'only text' } } } } });
    const [item] = (await inbox()).items;
    expect(await (await get(`/_local/inbox/${item.id}`, asJson)).json()).toEqual(item);
    expect(item).toMatchObject({ html: null, text: 'only text' });
    expect((await get('/_local/inbox/unknown', asJson)).status).toBe(404);
  });

  it('keeps its mails over a restart', async () => {
    const first = setUpMail();
    await first.send();
    expect((await setUpMail({}, fakeParts({ db: first.db })).inbox()).items).toHaveLength(1);
  });

  it('shows a name that was not encoded as SES would send it', async () => {
    const { send, inbox } = setUpMail();
    await send({ FromEmailAddress: 'Zoë <zoe@example.com>' });
    expect((await inbox()).items[0].from).toBe('Zo? <zoe@example.com>');
  });
});

describe('the pages of the inbox', () => {
  const evil = '"><script>alert(1)</script>';

  it('list the mails, and escape what is in them', async () => {
    const { send, get } = setUpMail();
    await send(simple({ Subject: { Data: evil } }));
    const response = await get('/_local/inbox', { headers: { accept: 'text/html,*/*' } });
    const page = await response.text();
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(response.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page).toContain('ada.lovelace@example.com');
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('<script src="/_local/bar.js" defer></script>');
  });

  it('tell when a mail came in the zone of the run, and name the zone', async () => {
    const { send, get } = setUpMail({ zone: () => 'Asia/Ho_Chi_Minh' });
    await send();
    expect(await (await get('/_local/inbox')).text()).toContain('16 Nov 2026, 21:10 GMT+7');
    const utc = setUpMail();
    await utc.send();
    expect(await (await utc.get('/_local/inbox')).text()).toContain('16 Nov 2026, 14:10 UTC');
  });

  it('show a mail in a frame without scripts, its text and its headers', async () => {
    const { send, inbox, get } = setUpMail();
    await send(simple({ Subject: { Data: evil } }));
    const [{ id }] = (await inbox()).items;
    const page = await (await get(`/_local/inbox/${id}`)).text();
    expect(page).toContain(
      'sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation"',
    );
    expect(page).toContain(`src="/_local/inbox/${id}/html"`);
    expect(page).not.toContain('<script>alert');
    expect(await (await get(`/_local/inbox/${id}?view=text`)).text()).toContain('<pre');
    expect(await (await get(`/_local/inbox/${id}?view=headers`)).text()).toContain('MIME-Version');
  });

  it('serve the frame under a policy that runs nothing, with links that open in a new tab', async () => {
    const { send, inbox, get } = setUpMail();
    await send(
      simple({ Body: { Html: { Data: '<!doctype html><html><head><title>x</title></head><body>y</body></html>' } } }),
    );
    const [{ id }] = (await inbox()).items;
    const frame = await get(`/_local/inbox/${id}/html`);
    const policy = frame.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/sandbox allow-popups/);
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/script-src|allow-scripts/);
    expect(await frame.text()).toContain('<head><base target="_blank"><title>');
  });

  it('say that there is nothing, and nothing of the kind', async () => {
    const { get } = setUpMail();
    expect(await (await get('/_local/inbox')).text()).toContain('No mail yet');
    expect(await (await get('/_local/inbox?to=x%40y.z')).text()).toContain('No mail to');
    const unknown = await get('/_local/inbox/unknown');
    expect(unknown.status).toBe(404);
    expect(await unknown.text()).toContain('There is no such mail');
  });

  it('leave other paths to others', () => {
    const { mail } = setUpMail();
    for (const path of ['/', '/_local/clock', '/_local/ses', '/_local/inboxes'])
      expect(mail.pages(new Request(`http://localhost${path}`))).toBeUndefined();
  });
});
