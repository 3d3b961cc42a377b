/** What recipients do by links of their mails, and what they are asked by mail. */
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Use } from './lambda.ts';
import type { Parts } from './parts.ts';
import { uses } from './table.ts';

/** People must get out, however busy the account is. */
const UNSUBSCRIBE_RESERVED = 20;

const PAGE = [HttpMethod.GET, HttpMethod.HEAD, HttpMethod.POST];

/** The pages behind the links of mails, the mails that ask to confirm, and the rights of a person. */
export function forRecipients(parts: Parts, handoffs: StateMachine): void {
  forPages(parts);
  forAsking(parts);
  forRights(parts, handoffs);
}

function forPages({ api, lambdas, secrets, acts }: Parts): void {
  const unsubscribe = lambdas.make({
    name: 'unsubscribe',
    impact: 'recipients cannot unsubscribe',
    uses: [...acts, secrets.readsTokenKeys()],
    reserved: UNSUBSCRIBE_RESERVED,
  });
  api.open(PAGE, '/unsubscribe/{token}', unsubscribe, 'pages');
  const confirm = lambdas.make({
    name: 'confirm',
    impact: 'people cannot confirm that they want mail',
    uses: [...acts, secrets.readsTokenKeys()],
  });
  api.open(PAGE, '/confirm/{token}', confirm, 'pages');
  const preferences = lambdas.make({
    name: 'preferences',
    impact: 'recipients cannot choose what they get, nor be forgotten',
    uses: [...acts, secrets.readsTokenKeys()],
  });
  api.open(PAGE, '/preferences/{token}', preferences, 'pages');
}

function forAsking({ api, bus, lambdas, mail, secrets, acts }: Parts): void {
  const ask = lambdas.make({
    name: 'ask',
    impact: 'people are not asked to confirm, and what nobody confirmed is kept for too long',
    uses: [...acts, mail.sends(), secrets.readsTokenKeys(), api.isLinkedTo()],
    async: true,
    timeout: 30,
  });
  bus.carry(['consent.asked', 'consent.due'], ask);
}

function forRights({ table, api, bus, lambdas, nurture }: Parts, handoffs: StateMachine): void {
  const erase = lambdas.make({
    name: 'erase',
    impact: 'people cannot be forgotten',
    uses: [uses(table, 'get', 'write', 'settle'), bus.publishes()],
  });
  api.private_([HttpMethod.DELETE], '/api/leads/{id}', erase, 'erase');
  const wipe = lambdas.make({
    name: 'wipe',
    impact: 'data of people who asked to be forgotten is still stored',
    uses: [uses(table, 'get', 'query', 'change', 'remove', 'settle'), nurture.wakes(), ends(handoffs)],
    async: true,
    timeout: 60,
  });
  bus.carry(['lead.erase'], wipe);
  const export_ = lambdas.make({
    name: 'export',
    impact: 'people do not get their data',
    uses: [uses(table, 'get', 'query')],
    timeout: 29,
  });
  api.private_([HttpMethod.GET], '/api/leads/{id}/export', export_, 'erase');
}

/** The machine of a handoff whose lead is gone. */
const ends = (machine: StateMachine): Use => ({
  allow: [{ actions: ['states:SendTaskSuccess'], resources: [machine.stateMachineArn] }],
});
