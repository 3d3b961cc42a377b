/** The whole of Ripen on AWS, in the order in which a lead meets it. `npm start` runs this very stack on the laptop. */
import { CfnOutput, Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import type { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { Access } from './access.ts';
import { Alarms } from './alarms.ts';
import { Api, HttpMethod } from './api.ts';
import { Bus } from './bus.ts';
import { forCalls } from './calls.ts';
import { makeHandoffMachine } from './handoff-machine.ts';
import { forHands } from './hands.ts';
import { forImports } from './imports.ts';
import { Lambdas, type Use } from './lambda.ts';
import { Mail } from './mail.ts';
import type { Parts } from './parts.ts';
import { Nurture, publishOnDeploy } from './publisher.ts';
import { forRecipients } from './recipients.ts';
import { Secrets } from './secrets.ts';
import { makeTable, uses } from './table.ts';
import { forVisitors } from './visits.ts';

export interface RipenProps extends StackProps {
  /** The folder of each Lambda's bundle, by name. */
  bundles: Record<string, string>;
  /** The domain that mail is sent from. */
  senderDomain: string;
  /** The hash of the definition that is packaged with the publisher; without one, nothing is published on deployment. */
  definition?: string | undefined;
  /** Where links in mails point to, when a domain of your own stands in front of the API. */
  publicUrl?: string | undefined;
  /** Who gets the alarms. */
  alarmEmail?: string | undefined;
  jwtIssuer?: string | undefined;
  jwtAudience?: string | undefined;
}

/** Of the many invocations of an account these must not wait behind the others: leads come in. */
const FORMS_RESERVED = 100;
/** A ceiling for the send step: SES's rate is the limit, not Lambda's. */
const SENDS_AT_ONCE = 50;

export class Ripen extends Stack {
  constructor(scope: Construct, id: string, props: RipenProps) {
    super(scope, id, props);
    const alarms = new Alarms(this, 'Alarms', props.alarmEmail);
    const table = makeTable(this);
    const bus = new Bus(this, 'Bus');
    const mail = new Mail(this, 'Mail', props.senderDomain);
    const secrets = new Secrets(this, 'Secrets');
    const nurture = new Nurture(this, 'Nurture');
    const access = new Access(this, 'Access', { issuer: props.jwtIssuer, audience: props.jwtAudience });
    const api = new Api(this, 'Api', access, props.publicUrl);
    const lambdas = new Lambdas(new Construct(this, 'Functions'), props.bundles, alarms);
    const acts: Use[] = [uses(table, 'get', 'query', 'write', 'settle'), bus.publishes()];
    const parts: Parts = { table, bus, mail, secrets, nurture, api, lambdas, alarms, acts };

    // A visitor posts a form.
    const submit = lambdas.make({
      name: 'submit',
      impact: 'visitors cannot send forms',
      uses: acts,
      reserved: FORMS_RESERVED,
      memory: 1024,
    });
    api.open([HttpMethod.POST, HttpMethod.OPTIONS], '/forms/{form}', submit, 'forms');

    // What visitors look at becomes the lead's own once they send a form.
    forVisitors(parts);

    // What was asked for is delivered.
    const deliver = lambdas.make({
      name: 'deliver',
      impact: 'visitors do not get what they asked for',
      uses: [uses(table, 'get', 'query', 'write'), mail.sends(), secrets.readsTokenKeys(), api.isLinkedTo()],
      async: true,
      timeout: 30,
    });
    bus.carry(['deliver.requested'], deliver);

    // Mails come to life; products and CRMs tell.
    const record = lambdas.make({
      name: 'record',
      impact: 'clicks do not score, bounces and complaints do not stop mail',
      uses: [...acts, mail.looksAtAccount()],
      async: true,
    });
    bus.carryMailEvents(mail.configurationSetName, record);
    const events = lambdas.make({
      name: 'events',
      impact: 'products and CRMs cannot post events',
      uses: acts,
      timeout: 29,
    });
    api.private_([HttpMethod.POST], '/api/events', events, 'ingest');
    forImports(parts);

    // A lead under heavy fire is folded in peace.
    const fold = lambdas.make({
      name: 'fold',
      impact: 'events wait to be scored',
      uses: acts,
      async: true,
      timeout: 30,
    });
    bus.carry(['lead.fold', 'lead.due'], fold);

    // Nurture: enrol, then the steps that its machines call.
    const enrol = lambdas.make({
      name: 'enrol',
      impact: 'leads are not enrolled in their workflow',
      uses: [uses(table, 'get'), nurture.starts()],
      async: true,
    });
    bus.carry(['enrolment.started'], enrol);
    const send = lambdas.make({
      name: 'send',
      impact: 'nurture mail does not go out',
      // Acts: a held mail whose awaited event has come starts the next run.
      uses: [...acts, mail.sends(), secrets.readsTokenKeys(), api.isLinkedTo()],
      task: true,
      reserved: SENDS_AT_ONCE,
      timeout: 30,
    });
    const park = lambdas.make({
      name: 'park',
      impact: 'leads miss the events they wait for',
      uses: [uses(table, 'get', 'query', 'write'), nurture.wakes()],
      task: true,
    });
    const step = lambdas.make({
      name: 'step',
      impact: 'leads stop at a branch of their workflow',
      uses: acts,
      task: true,
    });
    const wake = lambdas.make({
      name: 'wake',
      impact: 'leads that did what was awaited go on late',
      uses: [uses(table, 'get', 'write'), nurture.wakes()],
      async: true,
    });
    bus.carry(['wait.met', 'enrolment.ended'], wake);

    // Sales gets the lead and answers.
    const handoff = lambdas.make({
      name: 'handoff',
      impact: 'sales does not hear of ready leads',
      uses: [
        uses(table, 'get', 'query', 'write'),
        mail.sends(),
        secrets.readsTokenKeys(),
        secrets.readsWebhookSecrets(),
        api.isLinkedTo(),
      ],
      task: true,
      timeout: 30,
    });
    const machine = makeHandoffMachine(this, handoff);
    alarms.onFailedExecutions(machine, 'a ready lead may wait for nobody');
    const openHandoff = lambdas.make({
      name: 'open-handoff',
      impact: 'ready leads do not reach sales',
      uses: [
        uses(table, 'get'),
        {
          env: { handoffMachine: machine.stateMachineArn },
          allow: [
            { actions: ['states:StartExecution', 'states:SendTaskSuccess'], resources: [machine.stateMachineArn] },
          ],
        },
      ],
      async: true,
    });
    bus.carry(['handoff.opened', 'handoff.changed'], openHandoff);
    const answer = lambdas.make({
      name: 'answer',
      impact: 'sales cannot answer',
      uses: [...acts, secrets.readsTokenKeys(), api.isLinkedTo()],
    });
    api.open([HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST], '/handoffs/answer/{token}', answer, 'pages');
    api.private_([HttpMethod.POST], '/api/handoffs/{id}/answer', answer, 'answer');

    // People get out, with one click.
    forRecipients(parts, machine);

    // Own people correct what is wrong.
    forHands(parts);

    // Leads and their score, for pages and programs.
    const leads = lambdas.make({
      name: 'leads',
      impact: 'nobody can look at leads',
      uses: [uses(table, 'get', 'query', 'indexes')],
      timeout: 29,
    });
    for (const path of ['/api/leads', '/api/leads/{id}', '/api/leads/{id}/score', '/api/leads/{id}/timeline']) {
      api.private_([HttpMethod.GET], path, leads, 'read');
    }
    for (const path of [
      '/api/handoffs',
      '/api/workflows',
      '/api/workflows/{name}',
      '/api/reports/engagement',
      '/api/reports/funnel',
    ]) {
      api.private_([HttpMethod.GET], path, leads, 'read');
    }

    // What a crash left behind, and what the clock brings.
    const sweep = lambdas.make({
      name: 'sweep',
      impact: 'work that a crash left behind stays behind; leads do not fall back in time',
      uses: [...acts, uses(table, 'indexes'), nurture.looksAtExecutions()],
      async: true,
      timeout: 55,
    });
    sweepEveryMinute(this, sweep);

    // Definitions go live.
    const publish = lambdas.make({
      name: 'publish',
      impact: 'a new definition does not go live; the one before stays',
      uses: [
        ...acts,
        uses(table, 'indexes'),
        nurture.publishes({ send, park, step, call: forCalls(parts) }),
        nurture.wakes(),
      ],
      async: true,
      timeout: 300,
    });
    bus.carry(['definition.moving'], publish);
    if (props.definition) publishOnDeploy(this, publish, props.definition);

    alarms.onMessages(bus.undelivered, 'Undelivered', 'the event bus', 'messages wait', 'events-are-undelivered');
    alarms.onReputation();
    alarms.onBrake(lambdas.logGroupOf('record'));
    alarms.onErrorLines(lambdas.logGroupOf('sweep'), 'SweepItem', 'sweep', 'something that is due stays undone');
    alarms.onFailedNurture(bus.watchExecutions(nurture.prefix));
    alarms.onParkedSending(['send', 'deliver', 'ask'].map((name) => lambdas.logGroupOf(name)));
    output(this, { Url: api.url, TableName: table.tableName, PublishFunction: publish.functionName });
  }
}

function sweepEveryMinute(scope: Construct, sweep: LambdaFunction): void {
  new Schedule(scope, 'SweepEveryMinute', {
    schedule: ScheduleExpression.rate(Duration.minutes(1)),
    target: new LambdaInvoke(sweep, { retryAttempts: 0, maxEventAge: Duration.minutes(1) }),
    description: 'Publishes what a crash left unpublished and strikes what the clock makes due.',
  });
  const name = Stack.of(scope).getLogicalId(sweep.node.defaultChild as CfnFunction);
  Validations.of(scope).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::<${name}.Arn>:*]`,
    reason: 'The versions of the one function that the schedule calls.',
  });
}

function output(scope: Construct, values: Record<string, string>): void {
  for (const [name, value] of Object.entries(values)) new CfnOutput(scope, name, { value });
}
