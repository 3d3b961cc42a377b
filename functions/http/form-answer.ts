/** The answers to a posted form: JSON to scripts, pages and redirects to browsers. */
import type { Form } from '../definition/form.ts';
import type { FieldError } from '../lead/form-values.ts';
import { fieldErrorIn } from './field-words.ts';
import { errorsPage, messagePage, thanksPage } from './page.ts';
import { json, problem } from './problem.ts';
import { type HttpRequest, type HttpResponse, wantsJson } from './request.ts';
import { pageLanguage, wordsIn } from './words.ts';

export interface Asked {
  request: HttpRequest;
  form?: Form;
  /** What was posted, once it could be read. */
  posted?: Record<string, string[]>;
}

/** The language that was posted, that of the form, that of the browser. */
const languageOf = ({ request, form, posted }: Asked): string => {
  const said = posted && Object.hasOwn(posted, 'language') ? posted.language?.[0] : undefined;
  return pageLanguage([said, form?.language], request.headers['accept-language']);
};

/** Taken; the same whether the address is known or not. */
export function accepted(
  asked: Asked,
  { id, setAside, language }: { id: string; setAside: string[]; language?: string },
): HttpResponse {
  if (wantsJson(asked.request)) {
    return json(202, { submissionId: id, ...(setAside.length > 0 ? { setAside } : {}) });
  }
  const { redirect } = asked.form ?? {};
  if (redirect) return { statusCode: 303, headers: { location: redirect, 'cache-control': 'no-store' }, body: '' };
  return thanksPage(language === undefined ? languageOf(asked) : pageLanguage([language, languageOf(asked)]));
}

/** Some fields are wrong: all are named at once, in the visitor's language, and nothing that was typed is lost. */
export function invalid(asked: Asked, wrong: FieldError[]): HttpResponse {
  const language = languageOf(asked);
  const errors = wrong.map((error) => fieldErrorIn(language, error));
  if (!wantsJson(asked.request)) {
    return errorsPage({ language, errors, fields: withPage(asked), redirect: asked.form?.redirect });
  }
  return inLanguage(language, problem(422, wordsIn(language).invalidText, errors));
}

/** What was posted, and the page that held the form: the page of errors, which sends it again, tells of no page itself. */
function withPage({ request, posted = {} }: Asked): Record<string, string[]> {
  const { referer } = request.headers;
  return referer === undefined || Object.hasOwn(posted, 'page') ? posted : { ...posted, page: [referer] };
}

/** The post could not be read, has no form, or cannot be stored now. `detail` is for who programs, in English. */
export function refused(asked: Asked, status: number, detail: string): HttpResponse {
  const language = languageOf(asked);
  const words = wordsIn(language);
  if (wantsJson(asked.request)) {
    // What may happen to a visitor whose page is right is said in their language: ripen.js shows it.
    return status === 503 ? inLanguage(language, problem(status, words.laterText)) : problem(status, detail);
  }
  if (status === 404) return messagePage(language, words.notFoundTitle, words.notFoundText, status);
  if (status === 503) return messagePage(language, words.laterTitle, words.laterText, status);
  return messagePage(language, words.refusedTitle, status === 413 ? words.tooLongText : words.unreadText, status);
}

const inLanguage = (language: string, answer: HttpResponse): HttpResponse => ({
  ...answer,
  headers: { ...answer.headers, 'content-language': language },
});
