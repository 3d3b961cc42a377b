/**
 * `ripen.js`: page views with the seconds in which somebody was at them, where a visitor came from, and forms marked
 * `data-ripen-form` sent without leaving the page. Below 3 kB gzipped; no cookie; it keeps something in the browser only as
 * the forms' `storage` allows. Where it is blocked, the forms work as plain ones.
 */
import { meantDomain } from '../functions/lead/domain-typo.ts';

type Texts = Record<string, string>;
interface Ripen {
  /** Put before this script by the server: redirects by form; the origins that keep nothing, ask, and need not ask. */
  set: { f: Texts; s: string[] };
  /** The page's consent manager has a yes already. */
  granted?: boolean;
  consent(yes?: boolean): void;
  view(): void;
}
/** What is kept: the visitor's id, a hash of the address that was sent last, and the last touch. */
interface Kept {
  v: string;
  a?: number;
  t?: Texts;
}

const ripen = (self as unknown as { ripen: Ripen }).ripen;
const page = document;
const script = (page.currentScript ?? page.querySelector('script[src*="ripen.js"]')) as HTMLScriptElement;
const base = new URL('.', script.src).href;
const language = page.documentElement.lang;

const WORDS: Record<string, string[]> = {
  vi: ['Cảm ơn bạn.', 'Chưa gửi được. Vui lòng thử lại.', 'Có phải ý bạn là '],
  th: ['ขอบคุณ', 'ส่งไม่สำเร็จ โปรดลองใหม่', 'คุณหมายถึง '],
};
const [THANKS = '', FAILED = '', MEANT = ''] = WORDS[language.slice(0, 2)] ?? [
  'Thank you.',
  'Not sent. Please try again.',
  'Did you mean ',
];

const newId = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => (byte + 256).toString(16).slice(1)).join('');

// What may be kept.

const KEY = 'ripen';
const KEY_FIELD = 'idempotency_key';
const INVALID = '[aria-invalid]';
const [none, , free] = ripen.set.s.map((origins) => new RegExp(origins, 'i').test(location.origin));

/** Reads, keeps or (null) forgets; where the browser forbids that, nothing is kept. */
const storage = (value?: string | null): string | null | undefined => {
  try {
    if (value) localStorage.setItem(KEY, value);
    else if (value === null) localStorage.removeItem(KEY);
    else return localStorage.getItem(KEY);
  } catch {}
};

let granted = free && !none;
let kept: Kept = { v: newId() };
if (none) storage(null);
else {
  // What is there was allowed.
  const found = /^{"v":"[0-9a-f]{32}".*}$/.exec(storage() ?? '');
  if (found) {
    kept = JSON.parse(found[0]);
    granted = true;
  }
}

const save = (): void => {
  if (granted) storage(JSON.stringify(kept));
};

ripen.consent = (yes = true) => {
  granted = yes && !none;
  save();
  if (!yes) {
    kept = { v: newId() };
    storage(null);
  }
};

// Where from.

/** The server knows them better. */
const CLICK_ID = /^(utm_\w+|\w*(clid|clkid|braid)|li_fat_id|igshid)$/;
const url = (): string => location.origin + location.pathname;
const referrer = page.referrer.split(/[?#]/)[0] as string;
const touch: Texts = {};
new URLSearchParams(location.search).forEach((value, name) => {
  if (CLICK_ID.test(name)) touch[name] = value;
});
const params = { ...touch };
if (referrer && new URL(referrer).host !== location.host) touch.referrer = referrer;
if (!kept.t || Object.keys(touch).length > 0) kept.t = touch;
save();

// Page views.

const category =
  script.dataset.category ??
  page.body?.dataset.category ??
  page.querySelector<HTMLMetaElement>('meta[name="ripen:category"]')?.content;
let view = '';
let seconds = 0;
let active = 0;
let told = '';

const tell = (open: boolean): void => {
  const state = `${view}${seconds}${open}`;
  if (!view || state === told) return;
  told = state;
  const body = { visitor: kept.v, view, page: url(), referrer, category, seconds, open, ...params };
  navigator.sendBeacon(`${base}visits`, JSON.stringify(body));
};
const leave = (): void => tell(false);

ripen.view = () => {
  leave();
  view = newId();
  seconds = 0;
  active = Date.now();
  tell(true);
};

for (const type of ['pointerdown', 'pointermove', 'keydown', 'scroll'])
  addEventListener(type, () => (active = Date.now()), { passive: true, capture: true });
setInterval(() => {
  if (page.hidden || Date.now() - active > 3e4) return;
  seconds++;
  // So that a page that is never left by the book is known too.
  if (seconds % 120 === 15) tell(true);
}, 1e3);
page.addEventListener('visibilitychange', () => page.hidden && leave());
addEventListener('pagehide', leave);
addEventListener('pageshow', (event) => event.persisted && ripen.view());

// Forms.

const control = (form: HTMLFormElement, name: string): HTMLInputElement | undefined => {
  const found = form.elements.namedItem(name);
  return (found instanceof RadioNodeList ? found[0] : found) as HTMLInputElement | undefined;
};

/** A hidden field, made where it is missing; what the page has put in stays, unless it must be `anew`. */
const put = (form: HTMLFormElement, name: string, value: string, anew = false): void => {
  let input = control(form, name);
  if (!input) {
    input = page.createElement('input');
    input.type = 'hidden';
    input.name = name;
    form.append(input);
  }
  if (input.type === 'hidden' && (anew || !input.value)) input.value = value;
};
const fill = (form: HTMLFormElement): void => {
  const values: Texts = { language, page: url(), [KEY_FIELD]: newId(), ...kept.t };
  for (const name in values) put(form, name, values[name] as string);
  put(form, 'ripen_visitor', kept.v, true);
};

/** A line for people, after a field or at the form's end. */
const line = (form: HTMLFormElement, kind: string, text: string, after?: Element): HTMLElement => {
  const made = page.createElement('p');
  made.className = `ripen-${kind}`;
  made.textContent = text;
  if (after) after.after(made);
  else {
    form.append(made);
    // So that it is read out, and seen.
    made.tabIndex = -1;
    made.focus();
  }
  return made;
};

const clear = (form: HTMLFormElement): void => {
  for (const old of form.querySelectorAll('p[class^=ripen-]')) old.remove();
  for (const input of form.querySelectorAll(INVALID)) {
    input.removeAttribute('aria-invalid');
    input.removeAttribute('aria-describedby');
  }
};

interface Problem {
  detail: string;
  errors?: { field: string; message: string }[];
}
const showErrors = (form: HTMLFormElement, { detail, errors = [] }: Problem): void => {
  line(form, 'failed', detail);
  for (const { field, message } of errors) {
    const input = control(form, field);
    if (!input) continue;
    const error = line(form, 'error', message, input);
    error.id = KEY + newId();
    input.setAttribute('aria-invalid', 'true');
    input.setAttribute('aria-describedby', error.id);
  }
  form.querySelector<HTMLElement>(INVALID)?.focus();
};

const hash = (text: string): number => {
  let sum = 0;
  for (const character of text.trim().toLowerCase()) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) | 0;
  return sum;
};

let tried = 0;
/** Another person at the same browser begins a trail of their own. */
const asWhom = (form: HTMLFormElement): void => {
  const address = hash(control(form, 'email')?.value ?? '');
  if (kept.a && kept.a !== address && tried !== address) {
    leave();
    kept = { v: newId(), t: touch };
    ripen.view();
  }
  tried = address;
};
const sent = (): void => {
  kept.a = tried;
  save();
};

const done = (form: HTMLFormElement, name: string): void => {
  sent();
  // The next post from here is another one.
  put(form, KEY_FIELD, newId(), true);
  const { thanks } = form.dataset;
  const redirect = ripen.set.f[name];
  form.dispatchEvent(new CustomEvent('ripen:sent', { bubbles: true }));
  if (redirect && thanks === undefined) location.assign(redirect);
  else {
    form.reset();
    line(form, 'sent', thanks ?? THANKS);
  }
};

const post = async (form: HTMLFormElement, name: string, action: string): Promise<void> => {
  const body = new URLSearchParams(new FormData(form) as unknown as Texts);
  const init = { method: 'POST', body };
  try {
    const response = await fetch(action, { ...init, headers: { accept: 'application/json' } });
    if (response.ok) done(form, name);
    else showErrors(form, await response.json().catch(() => ({ detail: FAILED })));
  } catch {
    // Where it arrives, but its answer may not be read here, the browser's own way shows it, as the same post.
    await fetch(action, { ...init, mode: 'no-cors' }).then(
      () => {
        sent();
        form.setAttribute('action', action);
        HTMLFormElement.prototype.submit.call(form);
      },
      () => line(form, 'failed', FAILED),
    );
  }
};

page.addEventListener('submit', async (event) => {
  const form = event.target as HTMLFormElement;
  const name = form.dataset.ripenForm;
  const action = new URL(form.getAttribute('action') || `${base}forms/${name}`, location.href).href;
  if (event.defaultPrevented || !(name || action.startsWith(`${base}forms/`))) return;
  asWhom(form);
  fill(form);
  leave();
  if (!name) return sent();
  event.preventDefault();
  if (form.ariaBusy === 'true') return;
  form.ariaBusy = 'true';
  clear(form);
  await post(form, name, action);
  form.ariaBusy = 'false';
});

page.addEventListener('change', ({ target }) => {
  const input = target as HTMLInputElement;
  const form = input.form;
  if (input.type !== 'email' || !form?.dataset.ripenForm) return;
  for (const old of form.querySelectorAll('.ripen-hint')) old.remove();
  const [local, domain] = input.value.trim().split('@');
  const meant = domain && meantDomain(domain.toLowerCase());
  if (!meant) return;
  const hint = line(form, 'hint', MEANT, input);
  hint.setAttribute('role', 'status');
  const button = page.createElement('button');
  button.type = 'button';
  button.textContent = `${local}@${meant}`;
  button.onclick = () => {
    input.value = button.textContent as string;
    hint.remove();
    input.focus();
  };
  hint.append(button, '?');
});

if (ripen.granted) ripen.consent();
// A page that the browser draws on suspicion is seen only once somebody goes there.
if ('prerendering' in page && page.prerendering) page.addEventListener('prerenderingchange', ripen.view);
else ripen.view();
