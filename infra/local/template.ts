/** A CloudFormation template, and what the names in it stand for on this machine. */
import * as z from 'zod';
import { holds, NO_VALUE, resolve, type Scope } from './intrinsics.ts';
import { type Identity, identify, type Place } from './resource-identity.ts';

export const AnyObject = z.record(z.string(), z.unknown());
const TemplateResource = z.looseObject({
  Type: z.string(),
  Condition: z.string().optional(),
  Properties: AnyObject.optional(),
});
export const Template = z.looseObject({
  Resources: z.record(z.string(), TemplateResource),
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.unknown().optional() })).optional(),
  Mappings: z.record(z.string(), z.record(z.string(), AnyObject)).optional(),
  Conditions: AnyObject.optional(),
  Outputs: z.record(z.string(), z.looseObject({ Value: z.unknown(), Condition: z.string().optional() })).optional(),
});
export type Template = z.infer<typeof Template>;

/** What names stand for in this template. */
export function createScope(template: Template, place: Place): Scope & { identity(logicalId: string): Identity } {
  const pseudo: Record<string, unknown> = {
    'AWS::AccountId': place.account,
    'AWS::NoValue': NO_VALUE,
    'AWS::NotificationARNs': [],
    'AWS::Partition': 'aws',
    'AWS::Region': place.region,
    'AWS::StackId': `arn:aws:cloudformation:${place.region}:${place.account}:stack/${place.stackName}/local`,
    'AWS::StackName': place.stackName,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const identities = new Map<string, Identity>();
  const identity = (logicalId: string): Identity => {
    const known = identities.get(logicalId);
    if (known) return known;
    const resource = template.Resources[logicalId];
    if (!resource) throw new Error(`The template has no resource, parameter or pseudo parameter ${logicalId}.`);
    const found = identify(resource.Type, { ...place, logicalId, text: (property) => textOf(logicalId, property) });
    identities.set(logicalId, found);
    return found;
  };
  const textOf = (logicalId: string, property: string): string | undefined => {
    const value = template.Resources[logicalId]?.Properties?.[property];
    const resolved =
      value === undefined ? NO_VALUE : resolve(value, scope, `Resources.${logicalId}.Properties.${property}`);
    return typeof resolved === 'string' ? resolved : undefined;
  };
  const scope = {
    identity,
    ref(name: string) {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters?.[name];
      if (!parameter) return identity(name).ref;
      if (parameter.Default === undefined || parameter.Type.startsWith('AWS::SSM::')) {
        throw new Error(`The parameter ${name} has no value that the local engine knows.`);
      }
      return parameter.Default;
    },
    attribute(logicalId: string, name: string) {
      const value = identity(logicalId).attributes[name];
      if (value !== undefined) return value;
      const type = template.Resources[logicalId]?.Type;
      throw new Error(`The local engine does not know the attribute ${name} of ${logicalId} (${type}).`);
    },
    mapping(map: string, first: string, second: string) {
      const value = template.Mappings?.[map]?.[first]?.[second];
      if (value === undefined) throw new Error(`The template has no mapping ${map}.${first}.${second}.`);
      return value;
    },
    condition(name: string) {
      const condition = template.Conditions?.[name];
      if (condition === undefined) throw new Error(`The template has no condition ${name}.`);
      return holds(condition, scope, `Conditions.${name}`);
    },
  };
  return scope;
}
