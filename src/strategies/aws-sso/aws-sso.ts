// AWS IAM Identity Center: a person is assigned a permission set in an account, and unassigned again.
import type { FromSchema } from 'json-schema-to-ts';
import {
  identityCenterIntegration,
  identityCenterUser,
  type IdentityCenterIntegration,
} from '../../clients/aws/identity-center-integration.ts';
import type { Assignments, Principal } from '../../clients/aws/sso-assignments.ts';
import type { SsoParts } from '../../clients/aws/sso-caller.ts';
import { none, type AccountCall, type Call, type Holder, type Strategy } from '../strategy.ts';
import { endSessions } from './end-sessions.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['account_id', 'permission_set_arn'],
  properties: {
    account_id: {
      type: 'string',
      pattern: '^[0-9]{12}$',
      wants: 'the number of an AWS account, twelve digits in quotes',
      description: 'The AWS account, in quotes: `"333333333333"`.',
    },
    permission_set_arn: {
      type: 'string',
      pattern: '^arn:aws[a-z-]*:sso:::permissionSet/(sso)?ins-[a-zA-Z0-9-.]{16}/ps-[a-zA-Z0-9-./]{16}$',
      wants: 'the ARN of a permission set, arn:aws:sso:::permissionSet/ssoins-…/ps-…',
      description: 'The permission set, as `aws sso-admin list-permission-sets` prints it.',
    },
  },
} as const;

type AwsSsoSettings = FromSchema<typeof settings>;
type SsoCall = Call<AwsSsoSettings, IdentityCenterIntegration>;
type SsoAccountCall = AccountCall<AwsSsoSettings, IdentityCenterIntegration>;

const assigned = 'assigned';

export const awsSso: Strategy<AwsSsoSettings, IdentityCenterIntegration> = {
  type: 'aws-sso',
  service: 'AWS IAM Identity Center',
  settings,
  integration: identityCenterIntegration,
  order: [none, assigned],
  readsLate: true,
  // A crowd waits in line: AWS works on ten at a time.
  patienceMs: 5 * 60_000,

  wanted: () => assigned,

  identify: ({ person, using, integration, integrationName }) =>
    using.account(person, identityCenterUser(using, integration, integrationName)),

  /** ARNs are never given to anything else. */
  async resource({ settings: { account_id, permission_set_arn }, integration: { instance_arn } }) {
    if (permission_set_arn.split('/')[1] !== instance_arn.split('/')[1])
      return { missing: 'impossible', why: 'The permission set is not of the instance of the integration.' };
    return { resource: `aws-sso:${account_id} ${permission_set_arn}` };
  },

  async obstacle(call) {
    const { openPermissionSets } = await import('../../clients/aws/sso-permission-sets.ts');
    if (!(await openPermissionSets(ssoParts(call)).exists(call.settings.permission_set_arn)))
      return 'IAM Identity Center has no such permission set.';
    const user = await (await storeOf(call)).user(call.account);
    if (user === undefined) return 'IAM Identity Center has no user with this id.';
    return user.isActive ? undefined : 'The user is disabled in IAM Identity Center.';
  },

  async read(call) {
    const assignments = await assignmentsOf(call);
    // What was begun, by whomever, may still change it; whoever only looks need not wait for that.
    if (call.purpose === 'escalate' || call.purpose === 'deescalate') await assignments.quiet(accessOf(call));
    const principals = await principalsOf(call, assignments);
    if (principals.some(({ type, id }) => type === 'USER' && id === call.account)) return { holds: assigned };
    const groups = principals.filter(({ type }) => type === 'GROUP').map(({ id }) => id);
    if (groups.length === 0) return { holds: none };
    const isInOne = await (await storeOf(call)).isMemberOfAny(call.account, groups);
    return { holds: none, ...(isInOne && { effective: assigned }) };
  },

  async set(call, holding) {
    const assignments = await assignmentsOf(call);
    if (holding === none) await assignments.unassign(accessOf(call));
    else await assignments.assign(accessOf(call));
    return {};
  },

  endSessions: (call, endedAt) => endSessions(ssoParts(call), accessOf(call), endedAt),

  /** Those who have it through a group as well: they have it for good. */
  async holders(call) {
    const principals = await principalsOf(call, await assignmentsOf(call));
    const store = await storeOf(call);
    const accounts = new Set<string>();
    for (const { type, id } of principals) {
      const users = type === 'USER' ? [id] : ((await store.members(id)) ?? []);
      for (const user of users) accounts.add(user);
    }
    return [...accounts].map((account): Holder => ({ account, holds: assigned }));
  },
};

/** None where the permission set is gone, and with it all that it gave. */
async function principalsOf(call: SsoCall, assignments: Assignments): Promise<readonly Principal[]> {
  const { account_id: account, permission_set_arn: permissionSet } = call.settings;
  const principals = await assignments.principals({ account, permissionSet });
  if (principals !== undefined) return principals;
  const { demandInstance } = await import('../../clients/aws/sso-instances.ts');
  await demandInstance(ssoParts(call));
  return [];
}

function ssoParts({ using, integration, purpose }: SsoCall): SsoParts {
  return {
    using,
    integration,
    urgency: purpose === 'deescalate' ? 'end' : purpose === 'escalate' ? 'grant' : 'look',
  };
}

async function assignmentsOf(call: SsoCall): Promise<Assignments> {
  const { openAssignments } = await import('../../clients/aws/sso-assignments.ts');
  return openAssignments(ssoParts(call));
}

async function storeOf(call: SsoCall) {
  const { openIdentityStore } = await import('../../clients/aws/identity-store.ts');
  return openIdentityStore(call);
}

function accessOf({ settings: { account_id, permission_set_arn }, account }: SsoAccountCall) {
  return { account: account_id, permissionSet: permission_set_arn, user: account };
}
