/** What the simulator takes of a compiled definition. */
import type { Definition } from '../../functions/definition/definition.ts';
import type { Simulated } from './run.ts';

export function simulated({ emails, machines: _, ...rules }: Definition): Simulated {
  const mails = Object.entries(emails).map(([name, languages]) => [name, Object.values(languages)[0]] as const);
  return {
    rules: { ...rules, classes: Object.fromEntries(mails.map(([name, mail]) => [name, mail?.class ?? ''])) },
    topics: Object.fromEntries(mails.flatMap(([name, mail]) => (mail?.topic ? [[name, mail.topic]] : []))),
  };
}
