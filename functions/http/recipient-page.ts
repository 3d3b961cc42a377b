/** What the pages behind links of mails have in common: an answer whatever happens, and none of its body to a HEAD. */
import { now } from '../clock.ts';
import type { Instant } from '../lead/event.ts';
import { log } from './log.ts';
import { laterPage } from './page.ts';
import { type HttpRequest, type HttpResponse, requestOf } from './request.ts';
import { pageLanguage } from './words.ts';

/**
 * A handler that answers each request with a page; where that fails, with 503 and a page that asks to come again: mail
 * programs try again on a 5xx. `failure` is what the log says then.
 */
export const recipientPage =
  (failure: string, answerTo: (request: HttpRequest, at: Instant) => Promise<HttpResponse>) =>
  async (event: unknown): Promise<HttpResponse> => {
    const request = requestOf(event);
    try {
      const response = await answerTo(request, now());
      return request.method === 'HEAD' ? { ...response, body: '' } : response;
    } catch (error) {
      log.error(failure, { error });
      return laterPage(pageLanguage([], request.headers['accept-language']));
    }
  };
