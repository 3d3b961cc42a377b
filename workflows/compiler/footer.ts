/** What stands under every mail: who sends it, why, and for marketing the way out. */
import type { Settings } from '../../functions/definition/settings.ts';
import { LIGHT } from './colour.ts';
import { escapeHtml } from './liquid-mask.ts';
import { mailWords } from './mail-words.ts';

export interface Footer {
  html: string;
  text: string;
}

/**
 * Liquid is left in it. A transactional mail has no unsubscribe link: it was asked for. The link to the preferences is
 * there where there is such a page.
 */
export function makeFooter(settings: Settings, language: string, transactional: boolean): Footer {
  const words = mailWords(language);
  const sender = [settings.name, ...(settings.postalAddress === undefined ? [] : [settings.postalAddress])];
  // Thai letters are small: what is read at 14 px in Latin needs 16 px.
  const size = language.split('-')[0] === 'th' ? ';font-size:16px' : '';
  const paragraph = (html: string) => `<p style="margin:0 0 8px${size}">${html}</p>`;
  const ways = transactional ? [] : [way('preferences', words.preferences), way('unsubscribe', words.unsubscribe)];
  const html = [
    paragraph('{{ reason }}'),
    paragraph(sender.map(escapeHtml).join('<br>')),
    ...ways.map((each) => each.when(paragraph(each.html))),
  ];
  const text = ['-- ', '{{ reason }}', ...sender, ...ways.map((each) => each.when(each.text))];
  return { html: html.join('\n'), text: text.join('\n') };
}

/** A link of ours. `ses:no-track`: SES would send the click through its counter, and may open it there. */
function way(link: 'preferences' | 'unsubscribe', label: string) {
  const style = `color:${LIGHT.soft};text-decoration:underline`;
  return {
    html: `<a href="{{ links.${link} }}" ses:no-track style="${style}">${label}</a>`,
    text: `${label}: {{ links.${link} }}`,
    when: (part: string) => (link === 'unsubscribe' ? part : `{% if links.${link} %}${part}{% endif %}`),
  };
}
