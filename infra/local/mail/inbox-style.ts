/** The looks of the inbox: one column on a phone, a list with columns on a desktop; light and dark as the system is. */
export const inboxStyle = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#fbfaf8, #16181b);
  --sheet: light-dark(#ffffff, #1f2226);
  --ink: light-dark(#1d2126, #e9e7e3);
  --faint: light-dark(#5a626c, #a5acb5);
  --line: light-dark(#dedbd5, #353a41);
  --accent: light-dark(#1a5f4a, #7fd1b4);
  font: 1rem/1.5 system-ui, sans-serif;
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem clamp(.75rem, 3vw, 2rem) 5rem; background: var(--ground); color: var(--ink); }
h1 { margin: .25rem 0 .75rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
a { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: .25rem; }
.top { margin-bottom: 1rem; }
.top p { margin: 0; }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; }
label { color: var(--faint); }
input { flex: 1 1 12rem; max-width: 24rem; }
input, button, .button { font: inherit; min-height: 2.75rem; padding: .25rem .9rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--sheet); color: var(--ink); }
button, .button { cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
button:hover, .button:hover { border-color: var(--accent); }
.mails { list-style: none; margin: 0; padding: 0; border: 1px solid var(--line); border-radius: .75rem; background: var(--sheet); overflow: hidden; }
.mails li + li { border-top: 1px solid var(--line); }
.mails a { display: grid; gap: .1rem 1rem; padding: .75rem 1rem; color: inherit; text-decoration: none; }
.mails a:hover { background: color-mix(in srgb, var(--accent) 8%, transparent); }
.mails a:focus-visible { outline-offset: -3px; }
.to, time { color: var(--faint); font-size: .9rem; }
.to, .subject { overflow-wrap: anywhere; }
.subject { font-weight: 600; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.empty { padding: 2rem 1rem; text-align: center; color: var(--faint); border: 1px dashed var(--line); border-radius: .75rem; }
dl { margin: 0; }
dl div { display: grid; grid-template-columns: minmax(4rem, max-content) 1fr; gap: .25rem 1rem; padding: .15rem 0; }
dt { color: var(--faint); }
dd { margin: 0; overflow-wrap: anywhere; }
.headers { padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--sheet); }
.headers div { padding: .4rem 0; }
.bar { display: flex; flex-wrap: wrap; gap: .75rem; justify-content: space-between; align-items: center; margin-top: 1rem; }
nav { display: flex; gap: .25rem; }
nav a { display: inline-flex; align-items: center; min-height: 2.75rem; padding: .25rem .9rem; border-radius: .5rem; text-decoration: none; }
nav a[aria-current] { background: var(--accent); color: var(--ground); }
iframe { display: block; width: 100%; height: calc(100dvh - 19rem); min-height: 26rem; border: 1px solid var(--line); border-radius: .75rem; background: #fff; color-scheme: light; }
pre { margin: 0; padding: 1rem; border: 1px solid var(--line); border-radius: .75rem; background: var(--sheet); white-space: pre-wrap; overflow-wrap: anywhere; font: .95rem/1.6 ui-monospace, monospace; }
@media (min-width: 44rem) {
  .mails a { grid-template-columns: 16rem 1fr max-content; align-items: baseline; }
  .headers div { grid-template-columns: 14rem 1fr; }
}
`;
