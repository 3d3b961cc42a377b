/**
 * On `handoff.opened`: starts the handoff's machine, one execution a handoff. On `handoff.changed` (an answer, a
 * hand-raise): wakes it, so that it looks again. Where no token is parked yet, the machine sees the change when it parks.
 */
import * as z from 'zod/mini';
import { loadHandoff } from './adapters/leads.ts';
import { sendTaskSuccess, startExecution } from './adapters/machines.ts';
import { env } from './env.ts';

const envelope = z.object({
  'detail-type': z.enum(['handoff.opened', 'handoff.changed']),
  detail: z.object({ leadId: z.string(), handoffId: z.string() }),
});

export async function handler(event: unknown): Promise<void> {
  const { 'detail-type': type, detail } = z.parse(envelope, event);
  const { leadId, handoffId } = detail;
  if (type === 'handoff.opened') return startExecution(env('handoffMachine'), handoffId, { leadId, handoffId });
  const handoff = await loadHandoff(leadId, handoffId);
  if (!handoff?.wait) return;
  const outcome = handoff.status === 'pending' ? 'look' : 'done';
  await sendTaskSuccess(handoff.wait.token, { outcome });
}
