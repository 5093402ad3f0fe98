// Access that somebody's own function gives and takes: it is told what to do, and says what came of it.
import { createHash } from 'node:crypto';
import type { FromSchema } from 'json-schema-to-ts';
import { awsAccountOf } from '../../clients/aws/aws-account.ts';
import { awsIntegration, type AwsIntegration } from '../../clients/aws/aws-integration.ts';
import { functionName, invokeLambda, lambdaObstacle } from '../../clients/aws/invoke-lambda.ts';
import type { Settings } from '../../domain/flow.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { chosenAccount } from '../chosen-account.ts';
import { none, type Call, type SetCall, type Strategy } from '../strategy.ts';
import { answers, type LambdaRequest } from './contract.ts';

const payload = {
  type: 'object',
  maxProperties: 50,
  description: 'Sent with each call: what of the service is to be given.',
} as const;

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['function_name'],
  properties: {
    function_name: {
      ...functionName,
      description: 'Its name or ARN, best with an alias or a version: `database-access:live`.',
    },
    payload,
    account: {
      type: 'string',
      pattern: '^(person|email|github-id|github-login|accounts\\.[a-z][a-z0-9-]*)$',
      wants: 'person, email, github-id, github-login, or accounts.KEY',
      default: 'person',
      description:
        'What the function is told as `account`: the name in people.yml, the e-mail address there, the GitHub account, or what `accounts` there has, as in `accounts.postgres`.',
    },
    readable: {
      const: true,
      description: 'The function answers `read`. Without it, its answers have to be believed.',
    },
    sealed: {
      const: true,
      description:
        'The function answers a grant with `sealed`, which is needed to revoke it. Each grant is a thing of its own.',
    },
    hands_over: {
      const: true,
      description:
        'The function answers a grant with `handed_over`, such as a password, which is shown to the requester in Slack, once.',
    },
  },
} as const;

type Options = {
  keepDefaultedPropertiesOptional: true;
  deserialize: [{ pattern: typeof payload; output: Settings }];
};
type LambdaSettings = FromSchema<typeof settings, Options>;
type LambdaCall = Call<LambdaSettings, AwsIntegration>;

const granted = 'granted';

export const awsLambda: Strategy<LambdaSettings, AwsIntegration> = {
  type: 'aws-lambda',
  service: 'The function',
  settings,
  integration: awsIntegration,
  order: [none, granted],
  /** A function may take minutes; what is not done by then is asked again. */
  patienceMs: 150_000,

  wanted: () => granted,

  seals: ({ sealed }) => sealed === true,

  isApart: ({ sealed }) => sealed === true,

  handsOver: ({ hands_over }) => hands_over === true,

  identify: ({ settings: { account = 'person' }, person, using }) => chosenAccount(account, person, using),

  /** The function with what it is told: it may lead anywhere, and that is all that anybody knows of it. */
  async resource(call) {
    const { account, region, name } = await placeOf(call);
    return { resource: `aws-lambda:${account}/${region}/${name} ${digest(call.settings.payload ?? {})}` };
  },

  obstacle: ({ settings: { function_name }, integration, using }) =>
    lambdaObstacle(using.aws(integration), function_name),

  async read(call) {
    if (call.settings.readable !== true) return 'unreadable';
    const { desk, account } = call;
    const said = await ask(call, { ...common(call), operation: 'read', desk, account });
    return { holds: answers.read(said) ? granted : none };
  },

  async set(call, holding) {
    if (holding === none) {
      const { sealed } = call;
      const isNeeded = Object.keys(sealed).length > 0;
      const said = await ask(call, { ...change(call, 'revoke'), ...(isNeeded && { sealed }) });
      answers.revoke(said);
      return {};
    }
    const {
      recorded,
      sealed,
      handed_over: handedOver,
    } = answers.grant(await ask(call, change(call, 'grant')));
    if ((sealed !== undefined) !== (call.settings.sealed === true))
      throw new Failure(
        'The function answers `sealed` where the target does not say so, or the other way round.',
        { transient: false },
      );
    return {
      ...(recorded && { recorded }),
      ...(sealed && { sealed }),
      ...(handedOver && { handedOver }),
    };
  },
};

function common({ settings: { payload = {} } }: LambdaCall): {
  readonly version: 1;
  readonly payload: Settings;
} {
  return { version: 1, payload };
}

function change<O extends 'grant' | 'revoke'>(call: SetCall<LambdaSettings, AwsIntegration>, operation: O) {
  const { desk, account, request } = call;
  return { ...common(call), operation, desk, account, request, idempotencyKey: `${request}-${operation}` };
}

function ask(
  { settings: { function_name }, integration, using }: LambdaCall,
  event: LambdaRequest,
): Promise<unknown> {
  return invokeLambda(using.aws(integration), { function: function_name, event });
}

/** A name alone is of the account and the region in which the integration acts. */
async function placeOf({
  settings: { function_name },
  integration,
  using,
}: LambdaCall): Promise<{ readonly account: string; readonly region: string; readonly name: string }> {
  const [, region, account, name = ''] =
    /^(?:arn:[^:]+:lambda:([^:]+):([0-9]{12}):function:)?(.+)$/.exec(function_name) ?? [];
  return {
    name,
    region: region ?? integration.region,
    account: account ?? (await awsAccountOf(using.aws(integration), integration)),
  };
}

/** The same for the same payload, however its keys are ordered. */
function digest(of: Settings): string {
  const text = JSON.stringify(of, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
