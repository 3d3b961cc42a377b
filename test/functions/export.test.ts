/** What a person, or whoever asks for one, gets to read. */
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { act } from '../../functions/adapters/act.ts';
import { eraseLead } from '../../functions/adapters/erase.ts';
import { handoffsOf } from '../../functions/adapters/leads.ts';
import { later } from '../../functions/adapters/table.ts';
import { sign } from '../../functions/adapters/tokens.ts';
import { noteAct } from '../../functions/adapters/traffic.ts';
import { handler as answerHandoff } from '../../functions/answer.ts';
import { handler } from '../../functions/export.ts';
import { answerSubject, personKey } from '../../functions/lead/answer-link.ts';
import { mergedAway } from '../../functions/lead/merging.ts';
import type { MailAct } from '../../functions/lead/traffic.ts';
import { handler as merge } from '../../functions/merge.ts';
import { enrolledLead, happens, MONDAY, useWorld } from './nurture-world.ts';
import { asks, newAddress, postGuide, tick } from './recipients-world.ts';
import { answerOf, requestEvent } from './requests.ts';

useWorld();

const exported = async (id: string, accept = 'application/json') =>
  answerOf(await handler(requestEvent({ path: `/api/leads/${id}/export`, params: { id }, headers: { accept } })));
const record = z.looseObject({ at: z.string(), event: z.string(), definition: z.string() });
const shape = z.looseObject({
  lead: z.looseObject({ id: z.string() }),
  consents: z.array(record),
  events: z.array(z.looseObject({})),
  sends: z.array(z.looseObject({})),
  mailActs: z.array(z.looseObject({})),
  enrolments: z.array(z.looseObject({})),
});

describe('an export', () => {
  it('holds each act of consent as it can be shown in writing', async () => {
    const email = newAddress();
    const { id } = await postGuide(email, {
      consent: [tick({ frequency: { perWeek: 2 } })],
      source: { page: 'https://www.example.com/guide' },
    });
    const { statusCode, json } = await exported(id);
    expect(statusCode).toBe(200);
    const { consents } = shape.parse(json);
    expect(consents).toEqual([
      {
        purpose: 'marketing',
        action: 'granted',
        method: 'box',
        at: MONDAY,
        address: email,
        form: 'cash-flow-guide',
        conversion: 'download',
        page: 'https://www.example.com/guide',
        language: 'en',
        text: 'I agree to receive advice.',
        textHash: 'f'.repeat(64),
        frequency: { perWeek: 2 },
        doubleOptIn: true,
        definition: expect.stringMatching(/^[0-9a-f]{64}$/),
        event: expect.stringMatching(/^evt_/),
        ip: '203.0.113.9',
        userAgent: 'Mozilla/5.0',
      },
    ]);
  });

  it('holds everything else of the person, and nothing that is only ours', async () => {
    const { leadId } = await enrolledLead();
    const { body, json } = await exported(leadId);
    const data = shape.parse(json);
    expect(data).toMatchObject({ enrolments: [{ workflow: 'guide-to-demo' }], events: [{ type: 'form.submitted' }] });
    for (const ours of ['"attempt"', '"leaseUntil"', '"token"', '"waits"']) expect(body).not.toContain(ours);
  });

  it('holds where the opens and clicks of the last 30 days came from', async () => {
    const { id } = await postGuide(newAddress());
    const click: MailAct = { id: 'a1', key: 'k1', type: 'click', at: MONDAY, ip: '203.0.113.9', agent: 'Mozilla/5.0' };
    await noteAct({ leadId: id, messageId: 'm-1', sentAt: MONDAY }, click, true);
    const { json } = await exported(id);
    const told = { messageId: 'm-1', type: 'click', at: MONDAY, ip: '203.0.113.9', agent: 'Mozilla/5.0' };
    expect(shape.parse(json).mailActs).toEqual([told]);
    const { body } = await exported(id, 'text/html');
    expect(body).toContain('203.0.113.9');
  });

  it('names the address that agreed, also of a lead that was merged into this one', async () => {
    const [gone, kept] = [newAddress(), newAddress()];
    const [{ id: from }, { id: into }] = [await postGuide(gone), await postGuide(kept)];
    const at = later(MONDAY, 1000);
    await act({ leadId: from }, [mergedAway(from, into, { id: 'm', who: 'an@example.com' }, at)], { at });
    await merge({ detail: { leadId: from } });
    const { json } = await exported(into);
    expect(
      shape
        .parse(json)
        .consents.map(({ address }) => address)
        .sort(),
    ).toEqual([gone, kept].sort());
  });

  it('is a page for a browser, with every value as the text that it is', async () => {
    const { id } = await postGuide(newAddress(), {
      fields: { name: '<script>alert(1)</script>' },
      consent: [tick({ frequency: { perWeek: 2 } })],
    });
    const { headers, body } = await exported(id, 'text/html,application/xhtml+xml');
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(body).toContain('&lt;script&gt;');
    expect(body).not.toContain('<script');
    expect(body).toContain('I agree to receive advice.');
    expect(body).toContain('<dt>text hash</dt>');
    expect(body).toContain('<dt>promised</dt><dd>at most 2 a week</dd>');
  });

  it.each([`lead_${'0'.repeat(26)}`, 'x', ''])('of %j there is none', async (id) => {
    expect((await exported(id)).statusCode).toBe(404);
  });
});

describe('the page of sales', () => {
  it('says that the data is gone, once the person was erased', async () => {
    const { leadId } = await enrolledLead();
    await happens(leadId, 'demo.requested', {});
    const [handoff] = await handoffsOf(leadId);
    const subject = answerSubject({ leadId, handoffId: handoff?.id ?? '', person: personKey('an@example.com') });
    const token = await sign({ purpose: 'answer', subject }, MONDAY);
    const ask = asks(answerHandoff, 'handoffs/answer');
    expect((await ask(token)).statusCode).toBe(200);
    await eraseLead(leadId, MONDAY, { keepsNo: true });
    for (const method of ['GET', 'POST']) {
      const answer = await ask(token, method);
      expect(answer.statusCode).toBe(410);
      expect(answer.body).toContain('The data is gone');
      expect(answer.body).not.toContain('<form');
    }
  });
});
