/** What the template says about each function and about its asynchronous invocations. */
import * as z from 'zod';
import type { Assembly } from '../assembly.ts';
import { parseResource } from '../resource.ts';

export interface FunctionSpec {
  logicalId: string;
  name: string;
  arn: string;
  /** The folder of the bundle. */
  bundle: string;
  handler: string;
  environment: Readonly<Record<string, string>>;
  timeoutMs: number;
  memoryMb: number;
  /** At most so many invocations at once. */
  reserved?: number;
  asynchronous: {
    /** After the first attempt. */
    retries: number;
    maximumAgeMs: number;
    /** The queue that gets a record of each failed event. */
    onFailure?: string;
    /** The queue that gets each failed event itself. */
    deadLetter?: string;
  };
}

/** Properties that mean nothing to a thread on this machine. */
const ignored = z.unknown().optional();

const FunctionProperties = z.strictObject({
  Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  Environment: z
    .strictObject({ Variables: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String)) })
    .optional(),
  FunctionName: z.string().optional(),
  Handler: z.string(),
  MemorySize: z.coerce.number().default(128),
  PackageType: z.literal('Zip').optional(),
  ReservedConcurrentExecutions: z.coerce.number().optional(),
  Runtime: z.string().startsWith('nodejs'),
  Timeout: z.coerce.number().default(3),
  Architectures: ignored,
  Description: ignored,
  EphemeralStorage: ignored,
  KmsKeyArn: ignored,
  LoggingConfig: ignored,
  RecursiveLoop: ignored,
  Role: ignored,
  RuntimeManagementConfig: ignored,
  SnapStart: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});

const EventInvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string().optional(),
  MaximumEventAgeInSeconds: z.coerce.number().optional(),
  MaximumRetryAttempts: z.coerce.number().optional(),
  DestinationConfig: z.strictObject({ OnFailure: z.strictObject({ Destination: z.string() }).optional() }).optional(),
});

/** Lambda's own: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-configuring.html */
const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 60 * 60;

/** The name in a function's name, ARN or partial ARN, with or without a qualifier. */
export function nameOf(function_: string): string {
  const [, name] = /(?:^|:)function:([^:]+)/.exec(function_) ?? [];
  return name ?? function_.split(':')[0] ?? function_;
}

/**
 * The functions of the template.
 * @throws Error naming the function and the property that the engine does not know.
 */
export function readFunctions(assembly: Assembly): FunctionSpec[] {
  const configs = new Map(
    assembly.ofType('AWS::Lambda::EventInvokeConfig').map((resource) => {
      const config = parseResource('AWS::Lambda::EventInvokeConfig', resource, EventInvokeConfigProperties);
      return [nameOf(config.FunctionName), config];
    }),
  );
  return assembly.ofType('AWS::Lambda::Function').map((resource) => {
    const properties = parseResource('AWS::Lambda::Function', resource, FunctionProperties);
    const config = configs.get(resource.name);
    const onFailure = config?.DestinationConfig?.OnFailure?.Destination;
    const deadLetter = properties.DeadLetterConfig?.TargetArn;
    const reserved = properties.ReservedConcurrentExecutions;
    return {
      logicalId: resource.logicalId,
      name: resource.name,
      arn: resource.attributes.Arn ?? resource.ref,
      bundle: assembly.asset(properties.Code.S3Key),
      handler: properties.Handler,
      environment: properties.Environment?.Variables ?? {},
      timeoutMs: properties.Timeout * 1000,
      memoryMb: properties.MemorySize,
      ...(reserved === undefined ? {} : { reserved }),
      asynchronous: {
        retries: config?.MaximumRetryAttempts ?? DEFAULT_RETRIES,
        maximumAgeMs: (config?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS) * 1000,
        ...(onFailure === undefined ? {} : { onFailure }),
        ...(deadLetter === undefined ? {} : { deadLetter }),
      },
    };
  });
}
