// Membership of a group of AWS IAM: users and groups by their immutable ids, which the API has to be told by name.
import type { FromSchema } from 'json-schema-to-ts';
import { awsAccountOf } from '../../clients/aws/aws-account.ts';
import { awsIntegration, type AwsIntegration } from '../../clients/aws/aws-integration.ts';
import type { IamGroup, IamGroups } from '../../clients/aws/iam-groups.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { none, type AccountCall, type Call, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['group_name'],
  properties: {
    group_name: {
      type: 'string',
      pattern: '^[\\w+=,.@-]{1,128}$',
      wants: 'the name of a group of IAM, without its path',
      description: 'The name of the group, without its path.',
    },
  },
} as const;

type GroupSettings = FromSchema<typeof settings>;
type GroupCall = Call<GroupSettings, AwsIntegration>;
type MemberCall = AccountCall<GroupSettings, AwsIntegration>;

const member = 'member';
const userId = /^AIDA[A-Z0-9]{12,124}$/;

export const awsIamGroup: Strategy<GroupSettings, AwsIntegration> = {
  type: 'aws-iam-group',
  service: 'AWS IAM',
  settings,
  integration: awsIntegration,
  order: [none, member],
  readsLate: true,

  wanted: () => member,

  async identify(call) {
    const { person, using, integrationName } = call;
    const found = await using.account(person, {
      key: 'aws-iam',
      name: 'AWS IAM',
      wants: 'the name of their IAM user, or its id, AIDA…,',
      ...(integrationName !== undefined && { integration: integrationName }),
    });
    if ('missing' in found) return found;
    const iam = await openIam(call);
    const user = userId.test(found.account)
      ? await iam.userById(found.account)
      : await iam.userByName(found.account);
    return user === undefined
      ? { missing: 'no-identity', why: 'AWS IAM has no such user as `accounts.aws-iam` of people.yml says.' }
      : { account: user.id };
  },

  async resource(call) {
    const group = await (await openIam(call)).groupByName(call.settings.group_name);
    return group === undefined
      ? { missing: 'impossible', why: 'AWS IAM has no group of the name in `group_name` there.' }
      : { resource: `aws-iam-group:${group.account}/${group.id}` };
  },

  /** What was renamed or deleted lay in the same account of AWS. */
  async leadsTo({ resource, integration, using }) {
    return placeOf(resource).account === (await awsAccountOf(using.aws(integration), integration));
  },

  async obstacle(call) {
    const user = await (await openIam(call)).userById(call.account);
    return user === undefined ? noUser : undefined;
  },

  async read(call) {
    const iam = await openIam(call);
    const group = await groupOf(iam, call);
    const members = group === undefined ? [] : await iam.membersOf(group);
    return { holds: members.some(({ id }) => id === call.account) ? member : none };
  },

  async set(call, holding) {
    const iam = await openIam(call);
    const group = await groupOf(iam, call);
    if (holding === none) {
      // Also where the group does not show them: it may not do so yet.
      const user = group && (await iam.userById(call.account));
      if (group && user) await iam.remove(group, user);
      return {};
    }
    if (group === undefined) throw new Failure(noGroup, { transient: false });
    const user = await iam.userById(call.account);
    if (user === undefined) throw new Failure(noUser, { transient: false });
    await iam.add(group, user);
    return {};
  },

  async holders(call) {
    const iam = await openIam(call);
    const group = await groupOf(iam, call);
    const members = group === undefined ? [] : await iam.membersOf(group);
    return members.map(({ id }) => ({ account: id, holds: member }));
  },
};

const noUser = 'The IAM user is not there any more. One who was made anew under the same name is another.';
const noGroup = 'The IAM group is not there any more.';

/** The SDK is loaded by whoever uses it. */
async function openIam({ integration, using }: GroupCall): Promise<IamGroups> {
  const { iamGroups } = await import('../../clients/aws/iam-groups.ts');
  return iamGroups(using.aws(integration));
}

function groupOf(
  iam: IamGroups,
  { resource, settings: { group_name } }: Pick<MemberCall, 'resource' | 'settings'>,
): Promise<IamGroup | undefined> {
  return iam.groupById(placeOf(resource).id, group_name);
}

function placeOf(resource: string): { readonly account: string; readonly id: string } {
  const [, account = '', id = ''] = /^aws-iam-group:([0-9]{12})\/(.+)$/.exec(resource) ?? [];
  return { account, id };
}
