// IAM Identity Center's administration, by AWS JSON 1.1: assignments and provisioning that take time, within AWS's limits.
import type { AwsService, CallContext } from './aws-service.ts';
import { jsonService, operation, seconds } from './json-protocol.ts';
import { integer, members, oneOf, optional, text } from './members.ts';
import { pageOf } from './pages.ts';
import { AwsProblem, invalid, notFound, throttled } from './problem.ts';
import {
  createSsoState,
  readPolicy,
  type PermissionSet,
  type SsoOptions,
  type SsoState,
  type Work,
} from './sso-state.ts';

export interface SsoAdmin extends SsoState {
  readonly service: AwsService;
  readonly instanceArn: string;
}

const arnStart = 'arn:aws(-[a-z]{1,5}){0,3}:sso:::';
const instance = { InstanceArn: text(new RegExp(`^${arnStart}instance/(sso)?ins-[a-zA-Z0-9-.]{16}$`)) };
const permissionSet = {
  ...instance,
  PermissionSetArn: text(
    new RegExp(`^${arnStart}permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}$`),
  ),
};
const account = text(/^\d{12}$/);
const assignment = members({
  ...permissionSet,
  TargetId: account,
  TargetType: oneOf('AWS_ACCOUNT'),
  PrincipalType: oneOf('USER', 'GROUP'),
  PrincipalId: text(
    /^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/,
  ),
});
const paged = { MaxResults: optional(integer(1, 100)), NextToken: optional(text()) };
const status = oneOf('IN_PROGRESS', 'FAILED', 'SUCCEEDED');
const statusList = members({
  ...instance,
  ...paged,
  Filter: optional(members({ Status: optional(status) })),
});
const requestId = text(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
const mostInlineBytes = 32_768;
const mostInlineCharacters = 10_240;

export function createSsoAdmin(options: SsoOptions): SsoAdmin {
  const { instanceArn, now, lagMs = 0, pageSize = 100 } = options;
  const limits = options.limits ?? { requestsPerSecond: 20, outstanding: 10 };
  const state = createSsoState(options);
  const rate = createRate(limits.requestsPerSecond, now);
  const seen = (): Date => new Date(now().getTime() - lagMs);

  function setOf(input: { readonly InstanceArn: string; readonly PermissionSetArn: string }): PermissionSet {
    inInstance(input);
    const found = state.permissionSets.get(input.PermissionSetArn);
    if (found === undefined)
      throw notFound(`PermissionSet with ARN ${input.PermissionSetArn} does not exist`);
    return found;
  }

  function inInstance({ InstanceArn }: { readonly InstanceArn: string }): void {
    if (InstanceArn !== instanceArn) throw notFound(`Instance ${InstanceArn} not found`);
  }

  /** One at a time for each account, and so many in all. */
  function begin(kind: Work['kind'], target: Work['target']): Work {
    const busy = state.busy();
    if (busy.some((each) => each.target.AccountId === target.AccountId))
      throw new AwsProblem(
        400,
        'ConflictException',
        `An operation on account ${target.AccountId} is in progress. Try again later.`,
      );
    if (busy.length >= limits.outstanding)
      throw new AwsProblem(
        400,
        'ThrottlingException',
        'There are too many requests processing. Please try again later.',
      );
    return state.begin(kind, target);
  }

  function found(id: string, kind: Work['kind']): Work {
    const work = state.work.find((each) => each.RequestId === id && each.kind === kind);
    if (work === undefined) throw notFound(`Request ${id} not found`);
    return work;
  }

  const assignmentWork = (kind: 'create' | 'delete', name: string, action: string) =>
    operation(assignment, (input, context) => {
      const { TargetId: AccountId, PermissionSetArn, PrincipalType, PrincipalId } = input;
      demand(context, action, `account/${AccountId}`, instanceArn, PermissionSetArn);
      setOf(input);
      return {
        [name]: assignmentStatus(begin(kind, { AccountId, PermissionSetArn, PrincipalType, PrincipalId })),
      };
    });

  const describe = (kind: 'create' | 'delete', idName: string, name: string, action: string) =>
    operation(members({ ...instance, [idName]: requestId }), (input, context) => {
      demand(context, action, instanceArn);
      inInstance(input);
      const id = Object.entries(input).find(([key]) => key === idName)?.[1] ?? '';
      return { [name]: assignmentStatus(found(id, kind)) };
    });

  const list = (kind: Work['kind'], name: string, action: string) =>
    operation(statusList, (input, context) => {
      demand(context, action, instanceArn);
      inInstance(input);
      const wanted = input.Filter?.Status;
      const rows = state.work
        .filter((each) => each.kind === kind && (wanted === undefined || each.status === wanted))
        .map((each) => ({
          RequestId: each.RequestId,
          Status: each.status,
          CreatedDate: seconds(each.created),
        }));
      const { rows: page, NextToken } = pageOf(`${kind} ${wanted ?? ''}`, rows, input, pageSize);
      return { [name]: page, NextToken };
    });

  const service = jsonService({
    signingName: 'sso',
    target: 'SWBExternalService',
    before() {
      if (!rate.take()) throw throttled();
      state.settle();
    },
    operations: {
      CreateAccountAssignment: assignmentWork(
        'create',
        'AccountAssignmentCreationStatus',
        'CreateAccountAssignment',
      ),
      DeleteAccountAssignment: assignmentWork(
        'delete',
        'AccountAssignmentDeletionStatus',
        'DeleteAccountAssignment',
      ),
      DescribeAccountAssignmentCreationStatus: describe(
        'create',
        'AccountAssignmentCreationRequestId',
        'AccountAssignmentCreationStatus',
        'DescribeAccountAssignmentCreationStatus',
      ),
      DescribeAccountAssignmentDeletionStatus: describe(
        'delete',
        'AccountAssignmentDeletionRequestId',
        'AccountAssignmentDeletionStatus',
        'DescribeAccountAssignmentDeletionStatus',
      ),
      ListAccountAssignmentCreationStatus: list(
        'create',
        'AccountAssignmentsCreationStatus',
        'ListAccountAssignmentCreationStatus',
      ),
      ListAccountAssignmentDeletionStatus: list(
        'delete',
        'AccountAssignmentsDeletionStatus',
        'ListAccountAssignmentDeletionStatus',
      ),
      ListInstances: operation(members(paged), (_, context) => {
        demand(context, 'ListInstances', '*');
        return {
          Instances: [{ InstanceArn: instanceArn, IdentityStoreId: options.store.id, Status: 'ACTIVE' }],
        };
      }),
      ListAccountAssignments: operation(
        members({ ...permissionSet, AccountId: account, ...paged }),
        (input, context) => {
          const { AccountId, PermissionSetArn } = input;
          demand(context, 'ListAccountAssignments', `account/${AccountId}`, instanceArn, PermissionSetArn);
          setOf(input);
          const rows = state.assignments
            .all(seen())
            .filter((each) => each.AccountId === AccountId && each.PermissionSetArn === PermissionSetArn);
          const { rows: page, NextToken } = pageOf('assignments', rows, input, pageSize);
          return { AccountAssignments: page, NextToken };
        },
      ),
      DescribePermissionSet: operation(members(permissionSet), (input, context) => {
        demand(context, 'DescribePermissionSet', instanceArn, input.PermissionSetArn);
        const { PermissionSetArn, Name } = setOf(input);
        return { PermissionSet: { PermissionSetArn, Name, SessionDuration: 'PT12H' } };
      }),
      GetInlinePolicyForPermissionSet: operation(members(permissionSet), (input, context) => {
        demand(context, 'GetInlinePolicyForPermissionSet', instanceArn, input.PermissionSetArn);
        return { InlinePolicy: setOf(input).inlinePolicy };
      }),
      PutInlinePolicyToPermissionSet: operation(
        members({ ...permissionSet, InlinePolicy: text(/^[\s\S]+$/, mostInlineBytes) }),
        (input, context) => {
          demand(context, 'PutInlinePolicyToPermissionSet', instanceArn, input.PermissionSetArn);
          demandPolicy(input.InlinePolicy);
          setOf(input).inlinePolicy = input.InlinePolicy;
          return {};
        },
      ),
      ProvisionPermissionSet: operation(
        members({ ...permissionSet, TargetId: account, TargetType: oneOf('AWS_ACCOUNT') }),
        (input, context) => {
          const { PermissionSetArn, TargetId: AccountId } = input;
          demand(context, 'ProvisionPermissionSet', `account/${AccountId}`, instanceArn, PermissionSetArn);
          setOf(input);
          return {
            PermissionSetProvisioningStatus: provisioningStatus(
              begin('provision', { AccountId, PermissionSetArn }),
            ),
          };
        },
      ),
      DescribePermissionSetProvisioningStatus: operation(
        members({ ...instance, ProvisionPermissionSetRequestId: requestId }),
        (input, context) => {
          demand(context, 'DescribePermissionSetProvisioningStatus', instanceArn);
          inInstance(input);
          return {
            PermissionSetProvisioningStatus: provisioningStatus(
              found(input.ProvisionPermissionSetRequestId, 'provision'),
            ),
          };
        },
      ),
      ListPermissionSetsProvisionedToAccount: operation(
        members({ ...instance, AccountId: account, ...paged }),
        (input, context) => {
          demand(
            context,
            'ListPermissionSetsProvisionedToAccount',
            `account/${input.AccountId}`,
            instanceArn,
          );
          inInstance(input);
          const arns = [...state.permissionSets.keys()].filter((arn) =>
            state.isProvisioned(input.AccountId, arn),
          );
          const { rows, NextToken } = pageOf('provisioned', arns, input, pageSize);
          // AWS leaves the list out where it is empty.
          return { ...(rows.length > 0 && { PermissionSets: rows }), NextToken };
        },
      ),
    },
  });

  return { ...state, service, instanceArn };
}

/** What is written short is an ARN of Identity Center. */
function demand(context: CallContext, action: string, ...resources: readonly string[]): void {
  context.demand(
    `sso:${action}`,
    resources.map((each) => (/^(arn:|\*)/.test(each) ? each : `arn:aws:sso:::${each}`)),
  );
}

function assignmentStatus({ RequestId, status: Status, failure, created, target }: Work): unknown {
  const { AccountId, ...rest } = target;
  return {
    Status,
    RequestId,
    FailureReason: failure,
    TargetId: AccountId,
    TargetType: 'AWS_ACCOUNT',
    ...rest,
    CreatedDate: seconds(created),
  };
}

function provisioningStatus({ RequestId, status: Status, failure, created, target }: Work): unknown {
  return { Status, RequestId, FailureReason: failure, ...target, CreatedDate: seconds(created) };
}

function demandPolicy(written: string): void {
  if (written.replace(/\s/g, '').length > mostInlineCharacters)
    throw new AwsProblem(400, 'ServiceQuotaExceededException', 'The inline policy is too long');
  const sids = parsedPolicy(written).Statement.flatMap(({ Sid }) => Sid ?? []);
  if (sids.some((sid) => !/^[A-Za-z0-9]+$/.test(sid)) || new Set(sids).size < sids.length)
    throw invalid('Statement IDs (SID) must be alpha-numeric and unique within the policy');
}

function parsedPolicy(written: string): ReturnType<typeof readPolicy> {
  try {
    const policy = readPolicy(written);
    if (Array.isArray(policy.Statement)) return policy;
  } catch {
    // It is said below.
  }
  throw invalid('The policy is not in the valid JSON format');
}

/** A bucket that holds a second's worth, as the answers of AWS let one guess. */
function createRate(perSecond: number, now: () => Date): { take(): boolean } {
  let level = perSecond;
  let at = now().getTime();
  return {
    take() {
      const time = now().getTime();
      level = Math.min(perSecond, level + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      if (level < 1) return false;
      level -= 1;
      return true;
    },
  };
}
