/**
 * `GET /_local/bar.js`: a script that any local page may include. It shows the engine's time at the bottom of the page, in
 * the zone that all local pages tell, and moves it. It needs no more of a content security policy than
 * `script-src 'self'; connect-src 'self'`: styles are set by script, and nothing is inline.
 */
import type { PageHandler } from './part.ts';

/** Runs in the browser; its text is what is served, so it may use nothing from outside of itself. */
function bar(timeZone: string): void {
  const host = document.createElement('div');
  const root = host.attachShadow({ mode: 'open' });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    :host { all: initial; color-scheme: light dark; }
    section { position: fixed; inset: auto 0 0 0; z-index: 2147483647; display: flex; flex-wrap: wrap; gap: .2rem 1rem;
      align-items: center; padding: .4rem clamp(.75rem, 3vw, 2rem);
      font: .875rem/1.4 system-ui, sans-serif; background: #1d2126; color: #f1efeb; border-top: 1px solid #3b424b; }
    div, nav { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: center; }
    nav { margin-left: auto; }
    @media (max-width: 44rem) { section, nav { column-gap: .5rem; font-size: .8rem; } div { order: 1; flex-basis: 100%; } }
    time { font-variant-numeric: tabular-nums; }
    a { color: #9fe0c8; padding: .3rem 0; }
    button { font: inherit; color: inherit; min-height: 2rem; padding: .15rem .7rem; background: #2f353d; cursor: pointer;
      border: 1px solid #59626d; border-radius: .4rem; }
    button:hover:enabled { border-color: #9fe0c8; }
    button:disabled { opacity: .6; cursor: progress; }
    :focus-visible { outline: 3px solid #9fe0c8; outline-offset: 2px; }`);
  root.adoptedStyleSheets = [sheet];

  const add = (parent: Node, name: string, text = ''): HTMLElement => {
    const element = document.createElement(name);
    element.textContent = text;
    parent.appendChild(element);
    return element;
  };
  const section = add(root, 'section');
  section.setAttribute('aria-label', 'Clock of the local run');
  const time = add(section, 'time', '…');
  const left = add(section, 'div');
  let offset = 0;
  const clock = new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
    timeZoneName: 'short',
  });
  const show = (): void => {
    const now = new Date(Date.now() + offset);
    time.setAttribute('datetime', now.toISOString());
    time.textContent = clock.format(now);
  };
  const read = async (response: Response): Promise<void> => {
    if (!response.ok) throw new Error(`the clock answered ${response.status}`);
    const now = Date.parse((await response.json()).now);
    if (Number.isFinite(now)) offset = now - Date.now();
    show();
  };

  const buttons: HTMLButtonElement[] = [];
  const move = async (button: HTMLButtonElement, advance: string, label: string): Promise<void> => {
    for (const each of buttons) each.disabled = true;
    button.textContent = `${label} …`;
    status.textContent = 'Moving the clock';
    try {
      const headers = { 'content-type': 'application/json' };
      await read(await fetch('/_local/clock', { method: 'POST', headers, body: JSON.stringify({ advance }) }));
      location.reload();
    } catch (error) {
      status.textContent = `The clock did not move: ${error instanceof Error ? error.message : error}`;
      button.textContent = label;
      for (const each of buttons) each.disabled = false;
    }
  };
  for (const [label, advance] of Object.entries({ '+1 hour': 'PT1H', '+1 day': 'P1D', '+1 week': 'P7D' })) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = label;
    button.addEventListener('click', () => void move(button, advance, label));
    buttons.push(button);
    left.appendChild(button);
  }
  // Told to screen readers: what a button did, not each second that passes.
  const status = add(left, 'span');
  status.setAttribute('role', 'status');
  status.setAttribute('aria-live', 'polite');
  const links = add(section, 'nav');
  links.setAttribute('aria-label', 'Local pages');
  const places = { Home: '/', Inbox: '/_local/inbox', Leads: '/leads', Sales: '/_local/outbox/sales' };
  for (const [text, path] of Object.entries(places)) add(links, 'a', text).setAttribute('href', path);

  const start = (): void => {
    document.body.appendChild(host);
    // What stands at the end of the page must not hide behind the bar.
    const room = (): void => document.body.style.setProperty('padding-bottom', `${section.offsetHeight + 24}px`);
    new ResizeObserver(room).observe(section);
    fetch('/_local/clock')
      .then(read)
      .catch(() => {
        status.textContent = 'The clock does not answer';
      });
    setInterval(show, 1000);
  };
  if (document.body) start();
  else document.addEventListener('DOMContentLoaded', start);
}

/** @param zone that in which the bar tells the time. */
export const createClockBar =
  (zone: () => string): PageHandler =>
  (request) => {
    if (new URL(request.url).pathname !== '/_local/bar.js') return undefined;
    return new Response(`(${bar})(${JSON.stringify(zone())});\n`, {
      headers: { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-store' },
    });
  };
