/** Dates and amounts as people of a language write them. What is no date and no number gives an empty text. */

export const DATE_STYLES = ['full', 'long', 'medium', 'short'] as const;
/** Thai dates count the years of the Buddha unless a mail says `gregory`. */
export const DATE_CALENDARS = ['gregory', 'buddhist'] as const;

export interface DateForm {
  style?: unknown;
  /** With the time of day, in this style. */
  time?: unknown;
  calendar?: unknown;
  /** An IANA name; without one the company's. */
  zone?: unknown;
}

/**
 * A date in words: "2 tháng 3, 2027". A day without a time (`2027-03-01`) is that day in every zone.
 * @param value ISO 8601, or milliseconds. @param language a BCP 47 tag.
 */
export function dateText(value: unknown, language: string, form: DateForm, companyZone: string): string {
  if (value === null || value === undefined || value === '' || typeof value === 'boolean') return '';
  const at = new Date(typeof value === 'number' ? value : String(value));
  if (Number.isNaN(at.getTime())) return '';
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(String(value));
  const dateStyle = DATE_STYLES.find((style) => style === form.style) ?? 'long';
  const timeStyle = DATE_STYLES.find((style) => style === form.time);
  const calendar = DATE_CALENDARS.find((each) => each === form.calendar);
  return new Intl.DateTimeFormat(language, {
    dateStyle,
    ...(timeStyle && !isDay ? { timeStyle } : {}),
    ...(calendar ? { calendar } : {}),
    timeZone: isDay ? 'UTC' : typeof form.zone === 'string' ? form.zone : companyZone,
  }).format(at);
}

/** An amount with its currency: `1.250.000 ₫`, `฿1,250.00`. */
export function moneyText(value: unknown, language: string, currency: unknown): string {
  if (value === null || value === undefined || value === '' || !Number.isFinite(Number(value))) return '';
  if (typeof currency !== 'string' || !isCurrency(currency)) return '';
  return new Intl.NumberFormat(language, { style: 'currency', currency }).format(Number(value));
}

const names = new Intl.DisplayNames('en', { type: 'currency', fallback: 'none' });

/** A currency of today by its three letters (ISO 4217). */
export const isCurrency = (code: string): boolean => /^[A-Z]{3}$/.test(code) && names.of(code) !== undefined;
