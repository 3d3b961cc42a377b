/** The HTTP API: public routes, each with its throttle, and `/api` behind a JWT authorizer with a scope for each kind of call. */
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  type HttpRoute,
  HttpStage,
  type IHttpRouteAuthorizer,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Access, Scope } from './access.ts';
import type { Use } from './lambda.ts';

/** Requests a second, and how many at once on top. */
interface Throttle {
  rate: number;
  burst: number;
}
/** A landing page on its best day, and far below the account's 10,000 a second. */
const FORMS: Throttle = { rate: 500, burst: 1000 };
const PAGES: Throttle = { rate: 100, burst: 200 };
const PRIVATE: Throttle = { rate: 100, burst: 200 };

export class Api extends Construct {
  private readonly api: HttpApi;
  private readonly stage: CfnStage;
  private readonly access: Access;
  private readonly throttles: Record<string, { ThrottlingRateLimit: number; ThrottlingBurstLimit: number }> = {};
  private readonly integrations = new Map<LambdaFunction, HttpLambdaIntegration>();
  readonly url: string;

  constructor(scope: Construct, id: string, access: Access, publicUrl?: string) {
    super(scope, id);
    this.access = access;
    this.api = new HttpApi(this, 'Http', { apiName: Stack.of(this).stackName, createDefaultStage: false });
    this.url = publicUrl ?? this.api.apiEndpoint;
    const log = new LogGroup(this, 'Log', { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
    const stage = new HttpStage(this, 'Stage', { httpApi: this.api, stageName: '$default', autoDeploy: true });
    this.stage = stage.node.defaultChild as CfnStage; // the L2 has no access logs by route and no route throttles
    this.stage.accessLogSettings = { destinationArn: log.logGroupArn, format: ACCESS_LOG };
    this.stage.defaultRouteSettings = { throttlingRateLimit: PAGES.rate, throttlingBurstLimit: PAGES.burst };
  }

  /** Where links in mails point to. */
  isLinkedTo(): Use {
    return { env: { publicUrl: this.url } };
  }

  /** A route that anybody may call. */
  open(methods: HttpMethod[], path: string, lambda: LambdaFunction, throttle: 'forms' | 'pages'): void {
    for (const route of this.route(methods, path, lambda, throttle === 'forms' ? FORMS : PAGES)) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions::AwsSolutions-APIG4',
        reason: 'Visitors and recipients have no account; whoever is named is named by a signed token.',
      });
    }
  }

  /** A route under `/api`: a token with this scope, or 401. */
  private_(methods: HttpMethod[], path: string, lambda: LambdaFunction, scope: Scope): void {
    this.route(methods, path, lambda, PRIVATE, this.access.authorizer, [this.access.scopeName(scope)]);
  }

  private route(
    methods: HttpMethod[],
    path: string,
    lambda: LambdaFunction,
    throttle: Throttle,
    authorizer?: IHttpRouteAuthorizer,
    authorizationScopes?: string[],
  ): HttpRoute[] {
    const integration =
      this.integrations.get(lambda) ?? new HttpLambdaIntegration(`${lambda.node.id}Integration`, lambda);
    this.integrations.set(lambda, integration);
    const routes = this.api.addRoutes({
      path,
      methods,
      integration,
      ...(authorizer ? { authorizer, authorizationScopes: authorizationScopes ?? [] } : {}),
    });
    for (const method of methods) {
      this.throttles[`${method} ${path}`] = {
        ThrottlingRateLimit: throttle.rate,
        ThrottlingBurstLimit: throttle.burst,
      };
    }
    this.stage.routeSettings = this.throttles;
    // Settings may only name routes that are there.
    for (const route of routes) this.stage.node.addDependency(route);
    return routes;
  }
}

export { HttpMethod };

/** No address, no path with a token, no query: the route's key says enough. */
const ACCESS_LOG = JSON.stringify({
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latency: '$context.responseLatency',
  error: '$context.integrationErrorMessage',
});
