/** The sub-commands that act on a running system, as a person calls them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { definitionCopy } from './definition-copy.ts';
import { System } from './system.ts';

const run = promisify(execFile);
let system: System;
beforeAll(async () => {
  system = await new System().start();
});
afterAll(() => system.remove());

const ripen = (...args: string[]) =>
  run(process.execPath, [join(import.meta.dirname, '..', '..', 'infra', 'ripen.ts'), ...args], {
    env: { ...process.env, PORT: new URL(system.url).port },
  });

describe('ripen', () => {
  it('pauses a workflow and releases its leads at the step where they wait', async () => {
    await system.advanceToMonday();
    await system.postForm('cash-flow-guide', { email: 'pause@pause.test', agree: 'yes' });
    await system.confirm('pause@pause.test');
    expect((await ripen('pause', 'guide-to-demo')).stdout).toContain('guide-to-demo is paused');
    await system.advance('P3D');
    const names = async () => (await system.mails('pause@pause.test')).map((mail) => mail.tags.email);
    expect(await names()).toEqual(['guide-delivery']);
    const resumed = await ripen('resume', 'guide-to-demo', '--json');
    expect(JSON.parse(resumed.stdout)).toEqual({ workflow: 'guide-to-demo', resumed: 1 });
    await system.settle();
    expect(await names()).toEqual(['guide-delivery', 'three-leaks']);
  });

  it('refuses to pause a workflow that is not there, and says so', async () => {
    await expect(ripen('pause', 'guide-to-dmo')).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('guide-to-dmo'),
    });
  });

  it('publishes another definition: new leads follow it, those in the middle keep theirs', async () => {
    await system.advanceToMonday();
    await system.postForm('cash-flow-guide', { email: 'before@publish.test', agree: 'yes' });
    await system.confirm('before@publish.test');
    const changed = definitionCopy({
      'nurture/guide-to-demo.yaml': `workflow: guide-to-demo
enrol: { on: form.submitted, where: { form: cash-flow-guide } }
steps:
  - wait: 1 day
  - send: checklist
`,
    });
    const { stdout } = await ripen('publish', '--workflows', changed, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
    await system.postForm('cash-flow-guide', { email: 'after@publish.test', agree: 'yes' });
    await system.confirm('after@publish.test');
    await system.advance('P2D');
    const last = async (to: string) => (await system.mails(to)).at(-1)?.tags.email;
    expect(await last('before@publish.test')).toBe('three-leaks');
    expect(await last('after@publish.test')).toBe('checklist');
  });

  it('folds all leads anew under the scoring in force: shows first, does it when told, and once', async () => {
    const before = JSON.parse((await ripen('rescore', '--json')).stdout);
    expect(before.failed).toEqual([]);
    expect(before.leads).toBe((await system.leads()).length);
    const { now } = await system.json<{ now: string }>('/_local/clock');
    const { stdout } = await ripen('rescore', '--yes', '--why', 'new points');
    expect(stdout).toContain(`${before.leads} leads were folded anew`);
    await ripen('rescore', '--yes');
    const { id } = await system.lead('pause@pause.test');
    const { items } = await system.json<{ items: { text: string; at: string }[] }>(`/api/leads/${id}/timeline`);
    const anew = items.filter(({ text }) => text.startsWith('Folded anew'));
    expect(anew).toMatchObject([{ text: expect.stringContaining('new points') }]);
    // The run's clock was moved: it is its time that counts, not the computer's.
    expect((anew[0]?.at ?? '') >= now).toBe(true);
  });

  it('plays failed work again, and only once', async () => {
    const client = {
      endpoint: system.url,
      region: 'us-east-1',
      credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
    };
    const sqs = new SQSClient(client);
    const QueueUrl = 'Ripen-wake-failures';
    const functionArn = 'arn:aws:lambda:us-east-1:000000000000:function:Ripen-wake:$LATEST';
    const requestPayload = {
      id: 'e',
      source: 'ripen',
      'detail-type': 'wait.met',
      detail: { leadId: 'lead_gone', enrolmentId: 'enr_gone', step: 'x' },
    };
    const MessageBody = JSON.stringify({ requestContext: { functionArn }, requestPayload });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
    expect(JSON.parse((await ripen('redrive', 'wake', '--dry-run', '--json')).stdout)).toEqual({ [QueueUrl]: 1 });
    await system.advance('PT5M');
    expect(JSON.parse((await ripen('redrive', '--json')).stdout)).toMatchObject({ [QueueUrl]: 1 });
    await system.advance('PT15M');
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toEqual([]);
  });

  it('checks a folder and exits with 1 where it has an error', async () => {
    const broken = definitionCopy({ 'forms/broken.yaml': 'form: broken\nconversion: demmo\n' });
    await expect(ripen('check', '--workflows', broken)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/forms\/broken\.yaml:2:13 error .*demmo/),
    });
  });
});
