// The two strategies of IAM Identity Center over the AWS double.
import type { Settings } from '../../../src/domain/flow.ts';
import { personId } from '../../../src/domain/names.ts';
import type { StrategySubject, Trouble } from '../strategy.ts';
import {
  accounts,
  groupId,
  openIdentityCenterWorld,
  permissionSet,
  policyOf,
  userIds,
  type IdentityCenterWorld,
} from './identity-center.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

const writing = /^(Create|Delete|Put|Provision)/;

export async function awsSsoSubject(around: SubjectSurroundings = inATest()): Promise<StrategySubject> {
  const target = { account_id: accounts[0], permission_set_arn: permissionSet };
  const { clock, lagMs, workMs } = around;
  const world = await openIdentityCenterWorld(clock, {
    policies: [policyOf('aws-sso')],
    sso: { pageSize: 1, lagMs, workMs },
  });
  const ofAnn = {
    AccountId: accounts[0],
    PermissionSetArn: permissionSet,
    PrincipalType: 'USER',
    PrincipalId: userIds.ann,
  } as const;
  const { sso } = world.aws;
  for (const user of [userIds.bob, userIds.max]) sso.assign({ ...ofAnn, PrincipalId: user });
  return {
    ...subjectOf(world, 'aws-sso', target),
    holds: async () => (sso.isAssigned(ofAnn) ? 'assigned' : 'none'),
    async give(holding) {
      await idle(world);
      if (holding === 'none') sso.unassign(ofAnn);
      else sso.assign(ofAnn);
      await shown(around);
    },
    failWork() {
      for (const kind of ['create', 'delete'] as const) sso.failNext(kind, 'Received a 500 status error');
    },
  };
}

export async function awsSsoGroupSubject(around: SubjectSurroundings = inATest()): Promise<StrategySubject> {
  const target = { group_id: groupId };
  const { clock, lagMs } = around;
  const world = await openIdentityCenterWorld(clock, {
    policies: [policyOf('aws-sso-group')],
    sso: { pageSize: 1, lagMs },
  });
  const { store } = world.aws;
  for (const user of [userIds.bob, userIds.max]) store.join(groupId, user);
  return {
    ...subjectOf(world, 'aws-sso-group', target),
    holds: async () => (store.isMember(groupId, userIds.ann) ? 'member' : 'none'),
    async give(holding) {
      if (holding === 'none') store.leave(groupId, userIds.ann);
      else store.join(groupId, userIds.ann);
      await shown(around);
    },
  };
}

function inATest(): SubjectSurroundings {
  return { clock: createQuickClock(), lagMs: 300, workMs: () => 800 };
}

function subjectOf(
  { aws, partsThrough, close }: IdentityCenterWorld,
  type: string,
  target: Settings,
): Omit<StrategySubject, 'holds' | 'give'> {
  return {
    ...waysBy(partsThrough),
    ref: { type, integration: 'main' },
    target,
    person: personId('ann'),
    readable: true,
    trouble(kind) {
      aws.troubles.clear();
      if (kind !== undefined) aws.troubles.add(troubleOf(kind), { operation: writing });
    },
    get writes() {
      return aws.calls.filter(({ operation }) => writing.test(operation)).length;
    },
    close,
  };
}

/** AWS has a name for each, whatever the status. */
function troubleOf(kind: Trouble) {
  if (typeof kind === 'string') return { kind } as const;
  const code = codes[kind.status] ?? 'ValidationException';
  return { kind: 'error', status: kind.status < 500 ? 400 : kind.status, code } as const;
}

const codes: { readonly [status: number]: string } = {
  401: 'UnrecognizedClientException',
  403: 'AccessDeniedException',
  404: 'ResourceNotFoundException',
  422: 'ValidationException',
  429: 'ThrottlingException',
  500: 'InternalServerException',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
};

/** Until nothing is under way that a test before began. */
async function idle({ aws, parts }: IdentityCenterWorld): Promise<void> {
  for (aws.sso.settle(); aws.sso.busy().length > 0; aws.sso.settle()) await parts.clock.sleep(200);
}

/** What is given by hand takes a moment to be seen, as anything does. */
async function shown({ clock, lagMs }: SubjectSurroundings): Promise<void> {
  await clock.sleep(lagMs + 100);
}
