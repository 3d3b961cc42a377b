/** The preview as a part of the local run, which tells the counts and takes the test mails. */
import type { PageHandler } from '../local/part.ts';
import { previewPages } from './handler.ts';
import { watchPreview } from './state.ts';
import { localSender } from './test-send.ts';

/** @param system where the run answers. @param folder of the definition files; watched as long as the run lasts. */
export const previewBeside = (system: string, folder: string): PageHandler =>
  previewPages({ state: watchPreview(folder), system, isPartOfSystem: true, send: localSender(system) });
