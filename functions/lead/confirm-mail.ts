/**
 * The mail that asks to confirm, where no other mail can carry the button: built in, without anything that advertises.
 * HTML and text with the same words and the same link.
 */
import { oneLine } from './mail-header.ts';
import type { RenderedMail } from './render.ts';

export interface ConfirmMail {
  language: string;
  company: string;
  postalAddress?: string | undefined;
  link: string;
  /** What was ticked, as it was shown. */
  wordings: { text: string; language?: string }[];
  /** The one reminder. */
  again: boolean;
}

const ENGLISH = {
  subject: 'Please confirm: emails from {company}',
  subjectAgain: 'Still waiting for your answer: emails from {company}',
  opening: 'Somebody asked, with this address, for emails from {company}.',
  openingAgain:
    'A few days ago somebody asked, with this address, for emails from {company}. Nobody has confirmed it yet.',
  agreed: 'The words agreed to:',
  press: 'Was it you? Then please confirm. The link works for 7 days.',
  button: 'Confirm',
  ignore: 'Was it not you? Then there is nothing to do: without an answer you get no emails.',
};

const WORDS: Record<string, typeof ENGLISH> = {
  vi: {
    subject: 'Vui lòng xác nhận: email từ {company}',
    subjectAgain: 'Vẫn chờ xác nhận của bạn: email từ {company}',
    opening: 'Có người đã dùng địa chỉ này để đăng ký nhận email từ {company}.',
    openingAgain:
      'Vài ngày trước, có người đã dùng địa chỉ này để đăng ký nhận email từ {company}, nhưng chưa xác nhận.',
    agreed: 'Nội dung đã đồng ý:',
    press: 'Nếu đó là bạn, vui lòng xác nhận. Liên kết có hiệu lực trong 7 ngày.',
    button: 'Xác nhận',
    ignore: 'Nếu không phải bạn, bạn không cần làm gì: nếu không xác nhận, bạn sẽ không nhận được email nào.',
  },
  th: {
    subject: 'โปรดยืนยัน: อีเมลจาก {company}',
    subjectAgain: 'ยังรอการยืนยันจากคุณ: อีเมลจาก {company}',
    opening: 'มีผู้ใช้ที่อยู่อีเมลนี้ขอรับอีเมลจาก {company}',
    openingAgain: 'เมื่อไม่กี่วันก่อน มีผู้ใช้ที่อยู่อีเมลนี้ขอรับอีเมลจาก {company} แต่ยังไม่ได้ยืนยัน',
    agreed: 'ข้อความที่ยินยอม:',
    press: 'หากเป็นคุณ โปรดยืนยัน ลิงก์นี้ใช้ได้ 7 วัน',
    button: 'ยืนยัน',
    ignore: 'หากไม่ใช่คุณ ไม่ต้องทำอะไร หากไม่มีการยืนยัน คุณจะไม่ได้รับอีเมลใด ๆ',
  },
};

const primary = (language: string): string => language.split('-')[0] ?? '';

/** In the mail's language, or in English. */
export function confirmMail(mail: ConfirmMail): RenderedMail & { language: string } {
  const own = WORDS[primary(mail.language)];
  const language = own ? primary(mail.language) : 'en';
  const words = own ?? ENGLISH;
  const said = (text: string): string => text.replace('{company}', () => oneLine(mail.company));
  return {
    language,
    subject: said(mail.again ? words.subjectAgain : words.subject),
    html: htmlOf(mail, words, language, said),
    text: textOf(mail, words, said),
  };
}

type Said = (text: string) => string;

function textOf({ link, wordings, again, company, postalAddress }: ConfirmMail, words: typeof ENGLISH, said: Said) {
  const agreed = wordings.length > 0 ? [words.agreed, ...wordings.map(({ text }) => `“${oneLine(text)}”`)] : [];
  const parts = [
    said(again ? words.openingAgain : words.opening),
    ...(agreed.length > 0 ? [agreed.join('\n')] : []),
    words.press,
    `${words.button}:\n${link}`,
    words.ignore,
    ['-- ', company, ...(postalAddress ? [postalAddress] : [])].join('\n'),
  ];
  return `${parts.join('\n\n')}\n`;
}

const ESCAPES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ESCAPES[c] ?? c);

const STYLE = `:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (prefers-color-scheme:dark){body,.page{background:#14181d!important;color:#e8eaed!important}.small{color:#b6bec6!important}.button{background:#8ab8ee!important;color:#0b1a33!important}}`;
/** At least 44 px high. Not tracked: a scanner at SES's counter must not come near the token. */
const BUTTON =
  'display:inline-block;padding:12px 24px;border-radius:6px;background:#0b57d0;color:#fdfdfd;font-weight:bold;text-decoration:none';

function htmlOf(mail: ConfirmMail, words: typeof ENGLISH, language: string, said: Said): string {
  const { link, wordings, again, company, postalAddress } = mail;
  const paragraph = (html: string, style = '') => `<p style="margin:0 0 16px${style}">${html}</p>`;
  const quoted = wordings.map(
    ({ text, language: of }) =>
      `<blockquote style="margin:0 0 16px;padding:0 0 0 12px;border-left:3px solid #8a949b"${of ? ` lang="${escapeHtml(of)}"` : ''}>${escapeHtml(oneLine(text))}</blockquote>`,
  );
  const sender = [company, ...(postalAddress ? [postalAddress] : [])].map(escapeHtml).join('<br>');
  return [
    `<!doctype html><html lang="${language}" dir="ltr"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(said(again ? words.subjectAgain : words.subject))}</title><style>${STYLE}</style></head>`,
    '<body style="margin:0;background:#fdfdfd;color:#1c2530">',
    `<div class="page" style="max-width:600px;margin:0 auto;padding:24px 16px;font:16px/1.6 Arial,Tahoma,'Noto Sans Thai',sans-serif">`,
    paragraph(escapeHtml(said(again ? words.openingAgain : words.opening))),
    ...(quoted.length > 0 ? [paragraph(words.agreed, ';margin-bottom:8px'), ...quoted] : []),
    paragraph(words.press),
    paragraph(`<a href="${escapeHtml(link)}" class="button" ses:no-track style="${BUTTON}">${words.button}</a>`),
    paragraph(words.ignore),
    `<p class="small" style="margin:24px 0 0;padding:16px 0 0;border-top:1px solid #c7cdd4;color:#4a5563">${sender}</p>`,
    '</div></body></html>',
  ].join('\n');
}
