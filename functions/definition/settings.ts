/** The compiled `settings.yaml`, every default filled in. Durations are milliseconds. */
export interface Settings {
  name: string;
  from: { name: string; address: string };
  replyTo?: string;
  postalAddress?: string;
  site?: string;
  /** The first is the fallback. */
  languages: string[];
  zone: string;
  /** Domains of the own staff: never leads, never scored. */
  staffDomains: string[];
  webhooks: Record<string, { url: string; secret: string }>;
}

/** One email in one language: Liquid still in it, all else already rendered. */
export interface Email {
  name: string;
  language: string;
  subject: string;
  preheader?: string;
  class: string;
  html: string;
  text: string;
}
