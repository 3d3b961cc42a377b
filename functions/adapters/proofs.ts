/** Clicks that were doubted and that an act of their lead proved to be a person's: noted beside their mail, and counted. */
import type { Lead } from '../lead/lead.ts';
import type { Proven } from '../lead/verdict.ts';
import { countSteps } from './rates.ts';
import { noteProven } from './traffic.ts';
import { actIdOf } from './traffic-items.ts';

/** Notes on each mail which of its clicks are proven, as the log of that version of the lead says. */
export async function noteProofs({ id, version, updatedAt }: Lead, proven: Proven): Promise<void> {
  await Promise.all(
    Object.entries(proven).map(async ([messageId, keys]) => {
      const mail = { leadId: id, messageId, sentAt: updatedAt };
      const step = await noteProven(mail, keys.map(actIdOf), version, updatedAt);
      if (step) await countSteps([step]);
    }),
  );
}
