/** Why a value that somebody typed is not accepted: in English, and by its kind, so that pages can say it in theirs. */

export type RefusalKind =
  | 'missing'
  | 'characters'
  | 'markup'
  | 'lines'
  | 'long'
  | 'plain'
  | 'number'
  | 'boolean'
  | 'date'
  | 'choice'
  | 'country'
  | 'phone'
  | 'language'
  | 'address-at'
  | 'address-before'
  | 'address-letters'
  | 'address-domain'
  | 'address-ending';

export interface Refusal {
  ok: false;
  /** Continues a sentence. */
  why: string;
  kind: RefusalKind;
  /** What the sentence names: a number, the choices that there are. */
  values?: Record<string, string>;
}

/** A value that is not accepted. */
export const refuse = (kind: RefusalKind, why: string, values?: Record<string, string>): Refusal => ({
  ok: false,
  why,
  kind,
  ...(values && { values }),
});
