/**
 * On `lead.merge`: what belongs to a lead that was given up goes over into the other one, whose log is then folded anew.
 * Idempotent: stopped anywhere, the message or the sweeper comes again, and it goes on.
 */
import * as z from 'zod/mini';
import { act } from './adapters/act.ts';
import { eraseRest } from './adapters/erase.ts';
import { goOver, leaveNote } from './adapters/going-over.ts';
import { loadGivenUp } from './adapters/leads.ts';
import { now } from './clock.ts';
import { log } from './http/log.ts';
import { mergedIn } from './lead/merging.ts';

const envelope = z.object({ detail: z.object({ leadId: z.string() }) });

export async function handler(event: unknown): Promise<void> {
  const { leadId } = z.parse(envelope, event).detail;
  const lead = await loadGivenUp(leadId);
  if (!lead?.mergedInto) return;
  const { into, count } = await goOver(lead, lead.mergedInto);
  const at = now();
  const { kind } = await act({ leadId: into }, [mergedIn(leadId, at)], { at, patient: true });
  if (kind === 'pending') throw new Error('The merged lead could not be folded: its other acts are in the way.');
  // Erased meanwhile: what went over goes, too.
  if (kind === 'unknown') await eraseRest(into, at);
  await leaveNote(lead, lead.mergedInto);
  log.info('a lead was merged', { leadId: into, count, outcome: kind });
}
