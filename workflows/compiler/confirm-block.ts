/** Asks for the confirmation of a consent, under what a transactional mail brings. It shows where there is something to confirm. */
import { mailWords } from './mail-words.ts';
import { buttonStyle } from './markdown.ts';

/** Liquid is left in it. @param colour of the button, `#rrggbb`. */
export function confirmBlock(language: string, colour: string): { html: string; text: string } {
  const { confirmAsk, confirm } = mailWords(language);
  const button = `<a href="{{ links.confirm }}" class="button" ses:no-track style="${buttonStyle(colour)}">${confirm}</a>`;
  const html = `<p style="margin:24px 0 12px">${confirmAsk}</p>\n<p style="margin:0 0 24px">${button}</p>`;
  const text = `${confirmAsk}\n\n${confirm}:\n{{ links.confirm }}`;
  return { html: `{% if links.confirm %}${html}{% endif %}`, text: `{% if links.confirm %}\n\n${text}{% endif %}` };
}
