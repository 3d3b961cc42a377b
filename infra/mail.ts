/** SES: the sender's identity, and the configuration set that puts every event of a mail on the default bus. */
import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import {
  ConfigurationSet,
  ConfigurationSetTlsPolicy,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import type { Use } from './lambda.ts';

/** All but the subscription events of SES's own lists, which Ripen does not use, and template failures, which cannot occur. */
const EVENTS = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.OPEN,
  EmailSendingEvent.CLICK,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
  EmailSendingEvent.DELIVERY_DELAY,
];

/** Reading the account's rate knows no resource. */
const LOOK_AT_ACCOUNT = { actions: ['ses:GetAccount'], resources: ['*'] };

export class Mail extends Construct {
  readonly configurationSetName: string;
  private readonly identityArn: string;
  private readonly configurationSetArn: string;

  constructor(scope: Construct, id: string, senderDomain: string) {
    super(scope, id);
    const stack = Stack.of(this);
    this.configurationSetName = stack.stackName;
    const configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      configurationSetName: this.configurationSetName,
      tlsPolicy: ConfigurationSetTlsPolicy.REQUIRE,
      reputationMetrics: true,
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    configurationSet.addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: EVENTS,
    });
    const identity = new EmailIdentity(this, 'Identity', {
      identity: Identity.domain(senderDomain),
      configurationSet,
      mailFromDomain: `bounce.${senderDomain}`,
    });
    this.identityArn = identity.emailIdentityArn;
    this.configurationSetArn = stack.formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: this.configurationSetName,
    });
  }

  /** What a function needs to know how much the account sends. */
  looksAtAccount(): Use {
    return { allow: [LOOK_AT_ACCOUNT] };
  }

  /** What a function needs to send: SES asks for permission on the identity and on the configuration set. */
  sends(): Use {
    return {
      env: { configurationSet: this.configurationSetName },
      allow: [{ actions: ['ses:SendEmail'], resources: [this.identityArn, this.configurationSetArn] }, LOOK_AT_ACCOUNT],
    };
  }
}
