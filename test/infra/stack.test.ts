import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PATTERNS, RUNBOOK } from '../../infra/alarms.ts';
import { lambdaNames } from '../../infra/bundle.ts';
import { Ripen } from '../../infra/stack.ts';

let folder: string;
let template: Template;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ripen-stack-'));
  const bundles = Object.fromEntries(lambdaNames().map((name) => [name, emptyBundle(name)]));
  const app = new App({ outdir: join(folder, 'out') });
  // A rule of AwsSolutions that is broken and not acknowledged fails the synthesis.
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const stack = new Ripen(app, 'Ripen', {
    bundles,
    senderDomain: 'mail.example.com',
    definition: 'abc',
    alarmEmail: 'ops@example.com',
  });
  app.synth();
  template = Template.fromStack(stack);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function emptyBundle(name: string): string {
  const bundle = join(folder, name);
  mkdirSync(bundle);
  writeFileSync(join(bundle, 'index.mjs'), 'export const handler = async () => {};');
  return bundle;
}

type Resource = { Properties: Record<string, unknown>; DeletionPolicy?: string };
const all = (type: string): Resource[] => Object.values(template.findResources(type)) as Resource[];

/** Of all rules; the one that only counts failed executions has none. */
const ruleTargets = () =>
  all('AWS::Events::Rule').flatMap(
    (rule) => (rule.Properties.Targets ?? []) as { Arn: unknown; DeadLetterConfig?: object }[],
  );

describe('the stack', () => {
  it('makes a function of every file that lies in functions/', () => {
    const names = all('AWS::Lambda::Function').map((resource) => resource.Properties.FunctionName);
    expect(names.sort()).toEqual(
      lambdaNames()
        .map((name) => `Ripen-${name}`)
        .sort(),
    );
  });

  it('keeps the table: point-in-time recovery, deletion protection, encryption, retained', () => {
    template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        SSESpecification: { SSEEnabled: true },
        Replicas: [
          Match.objectLike({
            DeletionProtectionEnabled: true,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          }),
        ],
      },
    });
  });

  it('gives each function a role of its own', () => {
    const roles = all('AWS::Lambda::Function').map((resource) => JSON.stringify(resource.Properties.Role));
    expect(new Set(roles).size).toBe(roles.length);
  });

  it('sets every rule a dead-letter queue', () => {
    const targets = ruleTargets();
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !target.DeadLetterConfig)).toEqual([]);
  });

  it('sets every function that nobody waits for an on-failure queue', () => {
    const asynchronous = new Set(ruleTargets().map((target) => JSON.stringify(target.Arn)));
    const covered = all('AWS::Lambda::EventInvokeConfig').filter((config) =>
      JSON.stringify(config.Properties.DestinationConfig).includes('OnFailure'),
    );
    // The sweeper is invoked by the schedule.
    expect(covered.length).toBe(asynchronous.size + 1);
  });

  it('lets nobody call /api without a token and a scope', () => {
    const routes = all('AWS::ApiGatewayV2::Route').map((route) => route.Properties);
    const open = routes.filter((route) => route.AuthorizationType !== 'JWT').map((route) => route.RouteKey);
    expect(open.filter((key) => String(key).includes('/api'))).toEqual([]);
    const scoped = routes.filter((route) => route.AuthorizationType === 'JWT');
    expect(scoped.length).toBeGreaterThan(5);
    expect(scoped.filter((route) => !(route.AuthorizationScopes as string[] | undefined)?.length)).toEqual([]);
  });

  it('throttles every route', () => {
    const [stage] = all('AWS::ApiGatewayV2::Stage');
    const throttled = Object.keys(stage?.Properties.RouteSettings as object).sort();
    expect(throttled).toEqual(
      all('AWS::ApiGatewayV2::Route')
        .map((route) => String(route.Properties.RouteKey))
        .sort(),
    );
  });

  it('names no resource "*" but for calls that know none', () => {
    const statements = all('AWS::IAM::Policy').flatMap(
      (policy) =>
        (policy.Properties.PolicyDocument as { Statement: { Action: string | string[]; Resource: unknown }[] })
          .Statement,
    );
    const wide = statements.filter((statement) => statement.Resource === '*').flatMap((statement) => statement.Action);
    expect(wide.filter((action) => !/^(xray:|logs:|ses:GetAccount$)/.test(action))).toEqual([]);
  });

  it('links every alarm to an article of the runbook that stands in the README', () => {
    const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
    const alarms = all('AWS::CloudWatch::Alarm').map((alarm) => String(alarm.Properties.AlarmDescription));
    expect(alarms.length).toBeGreaterThan(lambdaNames().length);
    for (const description of alarms) {
      const anchor = description.match(/README\.md#([a-z-]+)/)?.[1] as keyof typeof RUNBOOK;
      expect(readme).toContain(`\n### ${RUNBOOK[anchor]}\n`);
    }
  });

  /** The metric filters that count for a metric, and the logs that they read. */
  const readFor = (metric: string) => {
    const metricOf = (filter: Resource) =>
      (filter.Properties.MetricTransformations as { MetricName: string }[]).map(({ MetricName }) => MetricName)[0];
    const groups = template.findResources('AWS::Logs::LogGroup');
    return all('AWS::Logs::MetricFilter')
      .filter((filter) => metricOf(filter) === metric)
      .map(({ Properties }) => ({
        log: groups[(Properties.LogGroupName as { Ref: string }).Ref]?.Properties.LogGroupName as string,
        pattern: Properties.FilterPattern,
      }))
      .sort((a, b) => (a.log < b.log ? -1 : 1));
  };

  it('reads in the log of each function that sends mail to leads whether SES takes any, for one alarm', () => {
    const pattern = PATTERNS.parked.logPatternString;
    expect(readFor('Ripen-SendingParked')).toEqual(
      ['ask', 'deliver', 'send'].map((name) => ({ log: `/aws/lambda/Ripen-${name}`, pattern })),
    );
    template.resourcePropertiesCountIs('AWS::CloudWatch::Alarm', { MetricName: 'Ripen-SendingParked' }, 1);
  });

  it('reads in its log what the sweeper fails at, since it goes on with the others', () => {
    expect(readFor('Ripen-SweepItemErrors')).toEqual([
      { log: '/aws/lambda/Ripen-sweep', pattern: PATTERNS.failed.logPatternString },
    ]);
  });

  it('subscribes the alarm address', () => {
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.com' });
  });
});
