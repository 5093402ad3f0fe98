// A group of AWS IAM Identity Center: a person is added to it and removed again, with all that the group is assigned.
import type { FromSchema } from 'json-schema-to-ts';
import {
  identityCenterIntegration,
  identityCenterUser,
  type IdentityCenterIntegration,
} from '../../clients/aws/identity-center-integration.ts';
import type { IdentityStore } from '../../clients/aws/identity-store.ts';
import { none, type Call, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['group_id'],
  properties: {
    group_id: {
      type: 'string',
      pattern: '^([0-9a-f]{10}-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      wants: 'the id of a group in the identity store, as aws identitystore list-groups prints it',
      description: 'The group, as `aws identitystore list-groups` prints it.',
    },
  },
} as const;

type GroupSettings = FromSchema<typeof settings>;
type GroupCall = Call<GroupSettings, IdentityCenterIntegration>;

const member = 'member';

export const awsSsoGroup: Strategy<GroupSettings, IdentityCenterIntegration> = {
  type: 'aws-sso-group',
  service: 'AWS IAM Identity Center',
  settings,
  integration: identityCenterIntegration,
  readsLate: true,
  order: [none, member],

  wanted: () => member,

  identify: ({ person, using, integration, integrationName }) =>
    using.account(person, identityCenterUser(using, integration, integrationName)),

  /** Ids of groups are never given to another one. */
  resource: async ({ settings: { group_id }, integration: { identity_store_id } }) => ({
    resource: `aws-sso-group:${identity_store_id} ${group_id}`,
  }),

  async obstacle(call) {
    const store = await storeOf(call);
    const group = await store.group(call.settings.group_id);
    if (group === undefined) return 'IAM Identity Center has no such group.';
    if (group.isProvisioned)
      return 'An identity provider manages the members of this group: what is changed here, it would undo.';
    const user = await store.user(call.account);
    if (user === undefined) return 'IAM Identity Center has no user with this id.';
    return user.isActive ? undefined : 'The user is disabled in IAM Identity Center.';
  },

  async read(call) {
    const store = await storeOf(call);
    if (await store.isMember(call.account, call.settings.group_id)) return { holds: member };
    if ((await store.group(call.settings.group_id)) === undefined) await demandStore(call);
    return { holds: none };
  },

  async set(call, holding) {
    const store = await storeOf(call);
    if (holding === none) await store.leave(call.account, call.settings.group_id, call);
    else await store.join(call.account, call.settings.group_id);
    return {};
  },

  async holders(call) {
    const members = await (await storeOf(call)).members(call.settings.group_id);
    if (members === undefined) await demandStore(call);
    return (members ?? []).map((account) => ({ account, holds: member }));
  },
};

async function storeOf(call: GroupCall): Promise<IdentityStore> {
  const { openIdentityStore } = await import('../../clients/aws/identity-store.ts');
  return openIdentityStore(call);
}

/** That a group is not found tells something only where its store is reached. */
async function demandStore({ using, integration, purpose }: GroupCall): Promise<void> {
  const { demandInstance } = await import('../../clients/aws/sso-instances.ts');
  const urgency = purpose === 'deescalate' ? 'end' : 'look';
  await demandInstance({ using, integration, urgency, store: integration.identity_store_id });
}
