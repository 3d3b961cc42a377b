import { describe, expect, it } from 'vitest';
import { confirmMail } from '../../functions/lead/confirm-mail.ts';

const mail = (over = {}) =>
  confirmMail({
    language: 'en',
    company: 'Cash & Clarity',
    postalAddress: '12 Nguyễn Huệ',
    link: 'https://go.example.com/confirm/v1.k1.x.y',
    wordings: [{ text: 'Tôi <b>đồng ý</b>.', language: 'vi' }],
    again: false,
    ...over,
  });

describe('the mail that asks to confirm', () => {
  it.each([
    ['en', 'en', 'Confirm'],
    ['vi-VN', 'vi', 'Xác nhận'],
    ['th', 'th', 'ยืนยัน'],
    ['fr', 'en', 'Confirm'],
  ])('in %s is written in %s', (language, written, button) => {
    const made = mail({ language });
    expect(made.language).toBe(written);
    expect(made.html).toContain(`<html lang="${written}" dir="ltr">`);
    expect(made.html).toContain(`>${button}</a>`);
    expect(made.text).toContain(`${button}:\nhttps://go.example.com/confirm/v1.k1.x.y`);
    for (const part of [made.subject, made.html, made.text]) expect(part).not.toMatch(/\{company\}|undefined/);
  });

  it('shows what was agreed to, its markup as the text that it is', () => {
    const { html, text } = mail();
    expect(html).toContain('<blockquote');
    expect(html).toContain('lang="vi">Tôi &lt;b&gt;đồng ý&lt;/b&gt;.');
    expect(html).toContain('Cash &amp; Clarity');
    expect(text).toContain('“Tôi <b>đồng ý</b>.”');
    expect(text).toContain('12 Nguyễn Huệ');
  });

  it('has a subject of one line, and says when it comes for the second time', () => {
    expect(mail({ company: 'A\r\nBcc: x@y.example' }).subject).not.toMatch(/[\r\n]/);
    expect(mail({ again: true }).subject).not.toBe(mail().subject);
  });
});
