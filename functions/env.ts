/**
 * The one reader of `process.env`. The stack sets these names by the same constants.
 */
export const ENV = {
  table: 'TABLE_NAME',
  bus: 'BUS_NAME',
  publicUrl: 'PUBLIC_URL',
  configurationSet: 'CONFIGURATION_SET',
  tokenKeys: 'TOKEN_KEYS_SECRET',
  webhookSecrets: 'WEBHOOK_SECRETS',
  handoffMachine: 'HANDOFF_MACHINE_ARN',
  machinePrefix: 'MACHINE_PREFIX',
  machineRole: 'MACHINE_ROLE_ARN',
  machineLogGroup: 'MACHINE_LOG_GROUP_ARN',
  sendFunction: 'SEND_FUNCTION_ARN',
  parkFunction: 'PARK_FUNCTION_ARN',
  stepFunction: 'STEP_FUNCTION_ARN',
  callFunction: 'CALL_FUNCTION_ARN',
  /** Asked about domains of addresses, instead of the machine's own. */
  dnsServer: 'DNS_SERVER',
  /** Set by Lambda itself. */
  region: 'AWS_REGION',
  /** Read by the SDK too: set where the table is a local server. */
  dynamoEndpoint: 'AWS_ENDPOINT_URL_DYNAMODB',
  /** Likewise for all other services. */
  awsEndpoint: 'AWS_ENDPOINT_URL',
} as const;

export type EnvName = keyof typeof ENV;

/**
 * The value of a variable.
 * @throws Error naming the variable when it is missing or empty.
 */
export function env(name: EnvName): string {
  const value = process.env[ENV[name]];
  if (!value) throw new Error(`The environment variable ${ENV[name]} is not set.`);
  return value;
}

/** The value of a variable that need not be set. */
export const optionalEnv = (name: EnvName): string | undefined => process.env[ENV[name]] || undefined;
