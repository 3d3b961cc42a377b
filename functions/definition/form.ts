/** One compiled file of `workflows/forms/`. */
import type { FieldType } from './scoring.ts';

export const CONVERSIONS = {
  download: 'asset.downloaded',
  quote: 'quote.requested',
  demo: 'demo.requested',
  meeting: 'meeting.booked',
  contact: 'contact.requested',
  trial: 'trial.started',
  newsletter: 'newsletter.subscribed',
  webinar: 'webinar.registered',
  survey: 'survey.submitted',
  coupon: 'coupon.requested',
} as const;
export type Conversion = keyof typeof CONVERSIONS;

export type FormField = FieldType & { required: boolean; defaultCountry?: string };

export const STORAGES = ['none', 'consent', 'free'] as const;
export type Storage = (typeof STORAGES)[number];

export interface FormConsent {
  /** The form field that carries the tick. */
  field: string;
  doubleOptIn: boolean;
  /** The promise made beside the box, as a cap. */
  frequency?: { perDay?: number; perWeek?: number };
  /** The wording shown, by language. */
  text: Record<string, string>;
}

export interface Form {
  name: string;
  conversion: Conversion;
  asset?: { name: string; depth?: 'shallow' | 'deep' | 'brand'; problem?: string };
  audience: 'sales' | 'recruiting' | 'partner';
  /** The email that answers every accepted post. */
  deliver?: string;
  language?: string;
  fields: Record<string, FormField>;
  /** By purpose. */
  consent: Record<string, FormConsent>;
  redirect?: string;
  /** What ripen.js may keep in the browser: `consent` (where it is not given), only once the page says that it may. */
  storage?: Storage;
  /** Allowed origins; `*` stands for any run of characters but `/`. */
  origins: string[];
  /** The hidden field that only machines fill in. */
  trap?: string;
}
