/**
 * The routes of an HTTP API and which of them a request takes: literal segments before `{parameters}` before
 * `{greedy+}` before `$default`, a named method before ANY.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
import * as z from 'zod';
import type { Assembly } from '../assembly.ts';
import { nameOf } from '../lambda/function-spec.ts';
import { parseResource } from '../resource.ts';

export interface Route {
  /** As in the template: `POST /forms/{form}` or `$default`. */
  key: string;
  apiId: string;
  /** The name of the function behind it. */
  function: string;
}

export interface Match<R> {
  route: R;
  /** Percent-decoded. */
  parameters: Record<string, string>;
  /** Its path begins with a literal segment: it is not one that takes whatever no other wants. */
  isSpecific: boolean;
}

export type Router<R> = (method: string, path: string) => Match<R> | undefined;

const ignored = z.unknown().optional();

const RouteProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationScopes: ignored,
  AuthorizationType: ignored,
  AuthorizerId: ignored,
  OperationName: ignored,
});
const IntegrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
  Description: ignored,
  IntegrationMethod: ignored,
  TimeoutInMillis: ignored,
});
const ApiProperties = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP'),
  Description: ignored,
  DisableExecuteApiEndpoint: ignored,
  IpAddressType: ignored,
  Tags: ignored,
});
const StageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default'),
  AccessLogSettings: ignored,
  AutoDeploy: ignored,
  DefaultRouteSettings: ignored,
  Description: ignored,
  RouteSettings: ignored,
  Tags: ignored,
});

/** @throws Error naming the resource, and the property of it that the engine does not know. */
export function readRoutes(assembly: Assembly): Route[] {
  for (const api of assembly.ofType('AWS::ApiGatewayV2::Api')) parseResource(api.type, api, ApiProperties);
  for (const stage of assembly.ofType('AWS::ApiGatewayV2::Stage')) parseResource(stage.type, stage, StageProperties);
  const functions = new Map(
    assembly.ofType('AWS::ApiGatewayV2::Integration').map((resource) => {
      const { IntegrationUri: uri } = parseResource(resource.type, resource, IntegrationProperties);
      return [`integrations/${resource.ref}`, nameOf(uri)];
    }),
  );
  return assembly.ofType('AWS::ApiGatewayV2::Route').map((resource) => {
    const { ApiId: apiId, RouteKey: key, Target: target } = parseResource(resource.type, resource, RouteProperties);
    const function_ = functions.get(target);
    if (!function_) throw new Error(`Resources.${resource.logicalId}: the template has no integration ${target}.`);
    return { key, apiId, function: function_ };
  });
}

interface Node<R> {
  literal: Map<string, Node<R>>;
  parameter?: { name: string; node: Node<R> };
  greedy?: { name: string; routes: Map<string, R> };
  routes: Map<string, R>;
}

const newNode = <R>(): Node<R> => ({ literal: new Map(), routes: new Map() });

/** @throws Error naming a route key that is not one. */
export function createRouter<R extends { key: string }>(routes: readonly R[]): Router<R> {
  const root = newNode<R>();
  let fallback: R | undefined;
  for (const route of routes) {
    if (route.key === '$default') fallback = route;
    else addRoute(root, route);
  }
  return (method, path) => {
    const found = walk(root, path.split('/').slice(1), 0, method);
    if (!found) return fallback && { route: fallback, parameters: {}, isSpecific: false };
    const [, firstSegment = ''] = found.route.key.split('/');
    return { ...found, isSpecific: !firstSegment.startsWith('{') };
  };
}

function addRoute<R extends { key: string }>(root: Node<R>, route: R): void {
  const [, method, path] = /^([A-Z]+) \/(.*)$/.exec(route.key) ?? [];
  if (method === undefined || path === undefined)
    throw new Error(`The local engine does not know the route key ${route.key}.`);
  let node = root;
  for (const segment of path.split('/')) {
    const [, name, plus] = /^\{([^}+]+)(\+?)\}$/.exec(segment) ?? [];
    if (name === undefined) {
      const next = node.literal.get(segment) ?? newNode<R>();
      node.literal.set(segment, next);
      node = next;
    } else if (plus) {
      node.greedy ??= { name, routes: new Map() };
      node.greedy.routes.set(method, route);
      return;
    } else {
      node.parameter ??= { name, node: newNode() };
      node = node.parameter.node;
    }
  }
  node.routes.set(method, route);
}

type Found<R> = { route: R; parameters: Record<string, string> };

function walk<R>(node: Node<R>, segments: string[], depth: number, method: string): Found<R> | undefined {
  const segment = segments[depth];
  if (segment === undefined) {
    const route = node.routes.get(method) ?? node.routes.get('ANY');
    return route && { route, parameters: {} };
  }
  const literal = node.literal.get(segment);
  const exact = literal && walk(literal, segments, depth + 1, method);
  if (exact) return exact;
  const byParameter = segment !== '' && node.parameter && walk(node.parameter.node, segments, depth + 1, method);
  if (byParameter && node.parameter) {
    byParameter.parameters[node.parameter.name] = decode(segment);
    return byParameter;
  }
  const greedy = node.greedy?.routes.get(method) ?? node.greedy?.routes.get('ANY');
  if (!node.greedy || !greedy) return undefined;
  return { route: greedy, parameters: { [node.greedy.name]: decode(segments.slice(depth).join('/')) } };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
