/** Which resource types the engine runs, and which mean nothing on one machine. Any other type is an error. */

/** Each is read by the part of the engine that its service belongs to. */
export const RUN_LOCALLY: ReadonlySet<string> = new Set([
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::DynamoDB::GlobalTable',
  'AWS::DynamoDB::Table',
  'AWS::Events::EventBus',
  'AWS::Events::Rule',
  'AWS::Lambda::Alias',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Function',
  'AWS::Lambda::Version',
  'AWS::SES::ConfigurationSet',
  'AWS::SES::ConfigurationSetEventDestination',
  'AWS::SQS::Queue',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
  'AWS::SecretsManager::Secret',
  'AWS::StepFunctions::StateMachine',
]);

const ACCESS = 'nobody is kept from anything on the own machine';
const WATCHING = 'whoever runs it locally sees the log';
const LOGIN = 'the private routes are open on loopback alone';

/** Left out, each for a reason. */
export const WITHOUT_LOCAL_MEANING: Readonly<Record<string, string>> = {
  'AWS::ApiGatewayV2::Authorizer': LOGIN,
  'AWS::CDK::Metadata': 'it counts deployments',
  'AWS::CloudFormation::CustomResource': 'it runs at a deployment; the host calls what it needs itself',
  'AWS::CloudWatch::Alarm': WATCHING,
  'AWS::CloudWatch::CompositeAlarm': WATCHING,
  'AWS::CloudWatch::Dashboard': WATCHING,
  'AWS::Cognito::UserPool': LOGIN,
  'AWS::Cognito::UserPoolClient': LOGIN,
  'AWS::Cognito::UserPoolDomain': LOGIN,
  'AWS::Cognito::UserPoolGroup': LOGIN,
  'AWS::Cognito::UserPoolResourceServer': LOGIN,
  'AWS::Events::EventBusPolicy': ACCESS,
  'AWS::IAM::ManagedPolicy': ACCESS,
  'AWS::IAM::Policy': ACCESS,
  'AWS::IAM::Role': ACCESS,
  'AWS::KMS::Alias': 'data at rest lies on the own disk',
  'AWS::KMS::Key': 'data at rest lies on the own disk',
  'AWS::Lambda::Permission': ACCESS,
  'AWS::Logs::LogGroup': 'logs are files under the data directory',
  'AWS::Logs::MetricFilter': WATCHING,
  'AWS::Logs::ResourcePolicy': ACCESS,
  'AWS::SES::EmailIdentity': 'any sender may send to the local inbox',
  'AWS::SNS::Subscription': 'only alarms publish to topics',
  'AWS::SNS::Topic': 'only alarms publish to topics',
  'AWS::SNS::TopicPolicy': ACCESS,
  'AWS::SQS::QueuePolicy': ACCESS,
  'AWS::SSM::Parameter': 'nothing reads it at run time',
  'AWS::SecretsManager::ResourcePolicy': ACCESS,
  'AWS::SecretsManager::RotationSchedule': 'local secrets stay as they are',
  'AWS::XRay::Group': WATCHING,
  'AWS::XRay::ResourcePolicy': ACCESS,
  'AWS::XRay::SamplingRule': WATCHING,
};

/** `Custom::Anything` is a custom resource by another name. */
export const meansNothingLocally = (type: string): boolean =>
  type in WITHOUT_LOCAL_MEANING || type.startsWith('Custom::');
