/** The plain built-in frame of every mail, for a folder without `emails/layout.mjml`. */
import type { Settings } from '../../functions/definition/settings.ts';
import { DARK, LIGHT, onDark } from './colour.ts';
import { escapeHtml } from './liquid-mask.ts';

/**
 * The slots are `{{ language }}`, `{{ direction }}`, `{{ subject }}`, `{{ preheader }}`, `{{ content }}` and `{{ footer }}`;
 * all but the last two may be left out of a layout of one's own. Links have the class `link`, buttons `button`, so that
 * their colours, which stand inline, can be others by night. Tahoma and Noto Sans Thai have the Thai letters, and at a line
 * height under 1.6 Thai tone marks are cut off.
 */
export function makeFrame({ name, site, brand = {} }: Pick<Settings, 'name' | 'site' | 'brand'>): string {
  const byNight = onDark(brand.colour ?? LIGHT.accent);
  return `<mjml lang="{{ language }}" dir="{{ direction }}">
  <mj-head>
    <mj-title>{{ subject }}</mj-title>
    <mj-preview>{{ preheader }}</mj-preview>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
    </mj-raw>
    <mj-attributes>
      <mj-all font-family="Arial, Tahoma, 'Noto Sans Thai', sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="${LIGHT.ink}" />
    </mj-attributes>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (prefers-color-scheme: dark) {
        body, .page > div, .page table, .page td { background: ${DARK.page} !important; border-color: ${DARK.line} !important; }
        .words div { color: ${DARK.ink} !important; }
        .small div, .small a { color: ${DARK.soft} !important; }
        .words a.link { color: ${byNight} !important; }
        .words a.button { background: ${byNight} !important; color: ${DARK.on} !important; }
        .rule p { border-color: ${DARK.line} !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body width="600px" background-color="${LIGHT.page}" css-class="page">
    ${brand.logo === undefined ? '' : logoSection(brand.logo, name, site)}
    <mj-section padding="24px 0 8px">
      <mj-column>
        <mj-text css-class="words">{{ content }}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section padding="0 0 24px">
      <mj-column>
        <mj-divider css-class="rule" border-width="1px" border-color="${LIGHT.line}" padding="8px 25px" />
        <mj-text css-class="small" font-size="14px" color="${LIGHT.soft}">{{ footer }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
}

/** Who does not load pictures reads the name. */
function logoSection(logo: string, name: string, site: string | undefined): string {
  const link = site === undefined ? '' : ` href="${escapeHtml(site)}"`;
  return `<mj-section padding="24px 0 0">
      <mj-column>
        <mj-image src="${escapeHtml(logo)}" alt="${escapeHtml(name)}" width="160px" align="left" padding="0 25px"${link} />
      </mj-column>
    </mj-section>`;
}
