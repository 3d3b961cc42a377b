/** What stands under every mail: who sends it, why, and for marketing the way out. */
import type { Settings } from '../../functions/definition/settings.ts';
import { escapeHtml } from './liquid-mask.ts';

/** By the language of the mail; English for all others. */
const UNSUBSCRIBE: Record<string, string> = {
  en: 'Unsubscribe',
  vi: 'Hủy đăng ký',
  th: 'ยกเลิกการรับอีเมล',
  de: 'Abmelden',
  es: 'Darse de baja',
  fr: 'Se désabonner',
};

export interface Footer {
  html: string;
  text: string;
}

/** Liquid is left in it. A transactional mail has no unsubscribe link: it was asked for. */
export function makeFooter(settings: Settings, language: string, transactional: boolean): Footer {
  const base = language.split('-')[0] ?? '';
  const label = UNSUBSCRIBE[base] ?? 'Unsubscribe';
  const sender = [settings.name, ...(settings.postalAddress === undefined ? [] : [settings.postalAddress])];
  // `ses:no-track`: SES would send the click through its counter, and may open it there.
  const link = `<a href="{{ links.unsubscribe }}" ses:no-track style="color:#4a5563;text-decoration:underline">${label}</a>`;
  const html = [
    '<p style="margin:0 0 8px">{{ reason }}</p>',
    `<p style="margin:0 0 8px">${sender.map(escapeHtml).join('<br>')}</p>`,
    ...(transactional ? [] : [`<p style="margin:0">${link}</p>`]),
  ];
  const text = ['-- ', '{{ reason }}', ...sender, ...(transactional ? [] : [`${label}: {{ links.unsubscribe }}`])];
  return { html: html.join('\n'), text: text.join('\n') };
}
