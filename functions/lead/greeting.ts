/** The first line of a mail, by language. Without a name it still reads as one would say it: never "Hello ,". */
import { greetingName } from './name.ts';

interface Greeting {
  named: (name: string) => string;
  nameless: string;
}

const GREETINGS = new Map<string, Greeting>([
  ['en', { named: (name) => `Hello ${name},`, nameless: 'Hello,' }],
  ['vi', { named: (name) => `Xin chào ${name},`, nameless: 'Chào bạn,' }],
  // Thai puts no comma after a greeting.
  ['th', { named: (name) => `สวัสดี ${name}`, nameless: 'สวัสดี' }],
  ['de', { named: (name) => `Hallo ${name},`, nameless: 'Guten Tag,' }],
  ['fr', { named: (name) => `Bonjour ${name},`, nameless: 'Bonjour,' }],
  ['es', { named: (name) => `Hola, ${name}:`, nameless: 'Hola:' }],
]);

/** @param language a BCP 47 tag; one without a greeting of its own is greeted in English. */
export function greeting(name: string, language: string): string {
  const found = GREETINGS.get(language) ?? GREETINGS.get(language.split('-')[0] ?? '') ?? GREETINGS.get('en');
  const called = greetingName(name, language);
  if (!found) return called ?? '';
  return called ? found.named(called) : found.nameless;
}
