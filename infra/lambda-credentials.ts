/**
 * Stands in for the SDK's chain of credential providers in every bundle: Lambda puts the credentials of the function's role
 * into its environment, and the readers of profiles, SSO and instance metadata would be a seventh of each bundle.
 */
import { fromEnv } from '@aws-sdk/credential-provider-env';

export const defaultProvider = fromEnv;
