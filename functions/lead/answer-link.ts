/** What a link for answering a handoff names: the lead, the handoff, and the person, never an address. */
import { createHash } from 'node:crypto';

export interface AnswerSubject {
  leadId: string;
  handoffId: string;
  /** Who was asked: see `personKey`. */
  person: string;
}

/** Stands for a salesperson's address where the address itself must not stand. */
export const personKey = (address: string): string =>
  createHash('sha256').update(address.trim().toLowerCase()).digest('hex').slice(0, 16);

export const answerSubject = ({ leadId, handoffId, person }: AnswerSubject): string =>
  [leadId, handoffId, person].join(':');

/** Undefined when the subject is not of this kind. */
export function readAnswerSubject(subject: string): AnswerSubject | undefined {
  const [leadId, handoffId, person, ...more] = subject.split(':');
  return leadId && handoffId && person && more.length === 0 ? { leadId, handoffId, person } : undefined;
}
