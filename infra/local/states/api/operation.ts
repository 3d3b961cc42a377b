/** Operations of the API by their names in `X-Amz-Target: AWSStepFunctions.<name>`. */

/** @throws AwsError */
export type Operation = (input: Record<string, unknown>) => unknown;
export type Operations = Readonly<Record<string, Operation>>;
