/** The state machines of the template, given to the interpreter. */
import * as z from 'zod';
import { parseResource, type Resource } from './resource.ts';
import type { MachineDefinition } from './states/states.ts';

const Machine = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.literal('STANDARD', { error: 'only STANDARD state machines run here' }).optional(),
  DefinitionString: z.string(),
  DefinitionSubstitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  RoleArn: z.string().optional(),
  LoggingConfiguration: z.unknown().optional(),
  TracingConfiguration: z.unknown().optional(),
  EncryptionConfiguration: z.unknown().optional(),
  Tags: z.unknown().optional(),
});

/**
 * A machine as the interpreter takes it, `${name}` in its definition replaced as CloudFormation does.
 * @throws Error naming the machine and the property that is unknown.
 */
export function readMachine(resource: Resource, arnOf: (name: string) => string): MachineDefinition {
  const read = parseResource('AWS::StepFunctions::StateMachine', resource, Machine);
  const substitutions = read.DefinitionSubstitutions ?? {};
  const definition = read.DefinitionString.replace(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(substitutions, name) ? JSON.stringify(String(substitutions[name])).slice(1, -1) : whole,
  );
  return {
    name: resource.name,
    arn: arnOf(resource.name),
    definition,
    ...(read.RoleArn === undefined ? {} : { roleArn: read.RoleArn }),
  };
}
