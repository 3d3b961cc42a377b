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
  /** Soft bounces in a row after which an address is suppressed; a delivery starts again. */
  softBounces: number;
  /** How long a click is held before it is judged. 0: judged as it comes. */
  clickHold: number;
  /** What the law puts before the subject of marketing mail, by the lead's country (`VN`: `[QC]`). */
  subjectLabel: Record<string, string>;
  /** How often the law of a lead's country lets it be mailed at most, beside what was promised (`VN`: 3 a day). */
  frequency?: Record<string, { perDay?: number; perWeek?: number }>;
  /** Marketing mails in a row without any act of the person, after which mail slows down, then stops. */
  sunset?: { slowAfter: number; stopAfter: number };
  /** What recipients may choose from on the preference page: the title by language. A mail names its topic. */
  topics: Record<string, Record<string, string>>;
  /** How the built-in frame of the mails looks: a picture (https) and the colour of links and buttons (`#0b5cad`). */
  brand?: { logo?: string; colour?: string };
}

/** One email in one language: Liquid still in it, all else already rendered. */
export interface Email {
  name: string;
  language: string;
  subject: string;
  preheader?: string;
  class: string;
  /** One of the settings' topics: a recipient may choose to get none of it. */
  topic?: string;
  html: string;
  text: string;
}
