/** The plain built-in frame of every mail, for a folder without `emails/layout.mjml`. */

/**
 * The slots are `{{ language }}`, `{{ direction }}`, `{{ subject }}`, `{{ preheader }}`, `{{ content }}` and `{{ footer }}`;
 * all but the last two may be left out of a layout of one's own. Tahoma and Noto Sans Thai have the Thai letters, and at a
 * line height under 1.6 Thai tone marks are cut off.
 */
export const FRAME = `<mjml lang="{{ language }}" dir="{{ direction }}">
  <mj-head>
    <mj-title>{{ subject }}</mj-title>
    <mj-preview>{{ preheader }}</mj-preview>
    <mj-raw>
      <meta name="color-scheme" content="light dark" />
      <meta name="supported-color-schemes" content="light dark" />
    </mj-raw>
    <mj-attributes>
      <mj-all font-family="Arial, Tahoma, 'Noto Sans Thai', sans-serif" />
      <mj-text font-size="16px" line-height="1.6" color="#1c2530" />
    </mj-attributes>
    <mj-style>
      :root { color-scheme: light dark; supported-color-schemes: light dark; }
      @media (prefers-color-scheme: dark) {
        .page, .page table { background: #14181d !important; }
        .words div, .small div { color: #e8eaed !important; }
        .words div > p > a[style*="underline"], .small a { color: #8ab8ee !important; }
      }
    </mj-style>
  </mj-head>
  <mj-body width="600px" background-color="#fdfdfd" css-class="page">
    <mj-section padding="24px 0 8px">
      <mj-column>
        <mj-text css-class="words">{{ content }}</mj-text>
      </mj-column>
    </mj-section>
    <mj-section padding="0 0 24px">
      <mj-column>
        <mj-divider border-width="1px" border-color="#c7cdd4" padding="8px 25px" />
        <mj-text css-class="small" font-size="14px" color="#4a5563">{{ footer }}</mj-text>
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;
