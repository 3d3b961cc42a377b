/** Who may call `/api`: tokens of the stack's own user pool, or of an issuer that is given. */
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { IHttpRouteAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpJwtAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import {
  FeaturePlan,
  Mfa,
  OAuthScope,
  ResourceServerScope,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
} from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';

/** What a caller of `/api` may do. */
export const SCOPES = {
  read: 'Read leads, scores, handoffs and workflows',
  ingest: 'Post events and imports',
  answer: 'Answer handoffs',
  correct: 'Correct, stop and merge leads',
  erase: 'Export and erase a person',
} as const;
export type Scope = keyof typeof SCOPES;

export interface AccessProps {
  /** An OpenID issuer and the audience its tokens carry; without them the stack makes a user pool. */
  issuer?: string | undefined;
  audience?: string | undefined;
}

export class Access extends Construct {
  readonly authorizer: IHttpRouteAuthorizer;
  private readonly prefix: string;

  constructor(scope: Construct, id: string, props: AccessProps) {
    super(scope, id);
    const own = props.issuer ? undefined : this.makePool();
    this.prefix = own ? 'ripen/' : '';
    this.authorizer = new HttpJwtAuthorizer('Jwt', props.issuer ?? own?.issuer ?? '', {
      jwtAudience: [props.audience ?? own?.client.userPoolClientId ?? ''],
    });
  }

  /** The scope as it stands in a token. */
  scopeName(scope: Scope): string {
    return `${this.prefix}${scope}`;
  }

  private makePool(): { issuer: string; client: UserPoolClient } {
    const pool = new UserPool(this, 'Users', {
      userPoolName: Stack.of(this).stackName,
      selfSignUpEnabled: false,
      signInAliases: { email: true },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: 14,
        requireDigits: true,
        requireLowercase: true,
        requireUppercase: true,
        requireSymbols: true,
      },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    const scopes = Object.entries(SCOPES).map(
      ([scopeName, scopeDescription]) => new ResourceServerScope({ scopeName, scopeDescription }),
    );
    const server = pool.addResourceServer('Server', { identifier: 'ripen', scopes });
    pool.addDomain('Domain', {
      cognitoDomain: { domainPrefix: `${Stack.of(this).stackName.toLowerCase()}-${Stack.of(this).account}` },
    });
    // Systems (a product, a CRM, a call centre) get a client of their own and ask for the scopes that they need.
    const client = pool.addClient('Systems', {
      generateSecret: true,
      oAuth: {
        flows: { clientCredentials: true },
        scopes: scopes.map((scope) => OAuthScope.resourceServer(server, scope)),
      },
      accessTokenValidity: Duration.hours(1),
    });
    return { issuer: pool.userPoolProviderUrl, client };
  }
}
