/** Secrets: the keys that sign links, and the secrets that webhooks are signed with. */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { EnvName } from '../functions/env.ts';
import type { Use } from './lambda.ts';

export class Secrets extends Construct {
  private readonly tokenKeys: Secret;
  private readonly webhooks: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const name = Stack.of(this).stackName;
    this.tokenKeys = new Secret(this, 'TokenKeys', {
      secretName: `${name}/token-keys`,
      description:
        'Keys that sign links in mails. Add k2, k3, … to rotate; never remove one: old unsubscribe links must work.',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'k1',
        passwordLength: 64,
        excludePunctuation: true,
      },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.webhooks = new Secret(this, 'Webhooks', {
      secretName: `${name}/webhooks`,
      description: 'One entry for each secret that workflows/settings.yaml names under webhooks.',
      generateSecretString: { secretStringTemplate: '{}', generateStringKey: 'unused', excludePunctuation: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(this).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'Keys are added, never replaced: an unsubscribe link must work for ever. Webhook secrets change with their receiver.',
    });
  }

  /** The keys of signed links. */
  readsTokenKeys(): Use {
    return this.reads('tokenKeys', this.tokenKeys);
  }

  /** The secrets of webhooks. */
  readsWebhookSecrets(): Use {
    return this.reads('webhookSecrets', this.webhooks);
  }

  private reads(name: EnvName, secret: Secret): Use {
    return {
      env: { [name]: secret.secretArn },
      allow: [{ actions: ['secretsmanager:GetSecretValue'], resources: [secret.secretArn] }],
    };
  }
}
