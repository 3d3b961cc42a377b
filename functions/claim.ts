/**
 * On `visitor.claimed`: a form was sent from a visitor's browser, whose page views are that lead's from now on. On that
 * and on `visitor.viewed`: moves them into the lead, each once. Emits what the acts cause.
 */
import * as z from 'zod/mini';
import { moveViews } from './adapters/move-views.ts';
import { claimVisitor } from './adapters/visitors.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';

const envelope = z.object({
  detail: z.discriminatedUnion('type', [
    z.object({ type: z.literal('visitor.claimed'), visitor: z.string(), leadId: z.string(), from: z.string() }),
    z.object({ type: z.literal('visitor.viewed'), visitor: z.string() }),
  ]),
});

export async function handler(event: unknown): Promise<void> {
  const { detail } = z.parse(envelope, event);
  const at = now();
  if (detail.type === 'visitor.claimed') {
    const { leadId, from } = detail;
    await claimVisitor(detail.visitor, { leadId, from }, at);
  }
  const count = await moveViews(detail.visitor, at);
  log.info('moved page views', { ...('leadId' in detail ? { leadId: detail.leadId } : {}), count });
}
