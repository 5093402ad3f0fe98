// Membership of a group in Okta: one that Okta itself keeps, and that no rule fills.
import type { FromSchema } from 'json-schema-to-ts';
import type { Rest } from '../../clients/http/rest.ts';
import { oktaIntegration, type OktaIntegration } from '../../clients/okta/okta-integration.ts';
import { oktaRest, type OktaPurpose } from '../../clients/okta/okta-rest.ts';
import {
  hasGroupRule,
  isOktaMember,
  oktaAccount,
  oktaGroup,
  oktaMembers,
  oktaUser,
} from '../../clients/okta/okta-users.ts';
import { none, type Call, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['group_id'],
  properties: {
    group_id: {
      type: 'string',
      pattern: '^00g[A-Za-z0-9]{17}$',
      wants: 'the id of a group of Okta, 00g…',
      description: 'The id of the group, as in the address of its page: `/admin/group/00g…`.',
    },
  },
} as const;

type GroupSettings = FromSchema<typeof settings>;
type GroupCall = Call<GroupSettings, OktaIntegration>;

const member = 'member';

export const oktaGroupStrategy: Strategy<GroupSettings, OktaIntegration> = {
  type: 'okta-group',
  service: 'Okta',
  settings,
  integration: oktaIntegration,
  order: [none, member],

  wanted: () => member,

  async identify(call) {
    const { person, integrationName, using } = call;
    return oktaAccount(restOf(call, 'read'), { person, integrationName, using });
  },

  /** Ids of groups are the same in every cell of Okta: two domains of one org lead to one key. */
  async resource(call) {
    const group = await oktaGroup(restOf(call, 'read'), call.settings.group_id);
    return group === undefined
      ? { missing: 'impossible', why: 'Okta has no group with the id in `group_id`.' }
      : { resource: `okta-group:${group.id}` };
  },

  async obstacle(call) {
    const okta = restOf(call, 'read');
    const { group_id: id } = call.settings;
    const [user, group, isFilled] = await Promise.all([
      oktaUser(okta, call.account),
      oktaGroup(okta, id),
      hasGroupRule(okta, id),
    ]);
    if (user === undefined) return 'Okta has no user with the id that is known for this person.';
    if (!usable.has(user.status)) return `The user is not active in Okta: ${statusWords(user.status)}.`;
    if (group === undefined) return 'The group no longer exists in Okta.';
    if (group.type === 'BUILT_IN')
      return 'Okta itself keeps the members of this group: it is a built-in one.';
    if (group.type !== 'OKTA_GROUP')
      return 'The members of this group come from an application or a directory: Okta lets nobody else change them.';
    return isFilled
      ? 'A group rule of Okta fills this group. Taking somebody out by hand would exclude them from the rule for good.'
      : undefined;
  },

  async read(call) {
    const isMember = await isOktaMember(restOf(call, 'read'), call.account, call.settings.group_id);
    return { holds: isMember ? member : none };
  },

  async set(call, holding) {
    const okta = restOf(call, 'manage');
    const path = `/api/v1/groups/${call.settings.group_id}/users/${encodeURIComponent(call.account)}`;
    if (holding === none)
      // Where user or group are no more, so is the membership.
      await okta.find('removing the user from the group', { method: 'DELETE', path });
    else await okta.call('adding the user to the group', { method: 'PUT', path });
    return {};
  },

  async holders(call) {
    const members = await oktaMembers(restOf(call, 'read'), call.settings.group_id);
    return members.map(({ id }) => ({ account: id, holds: member }));
  },
};

function restOf({ integration, using }: GroupCall, purpose: OktaPurpose): Rest {
  return oktaRest(integration, using, purpose);
}

/** Somebody whose password has expired is still the same person, and comes back by themselves. */
const usable: ReadonlySet<string> = new Set(['ACTIVE', 'PASSWORD_EXPIRED', 'LOCKED_OUT', 'RECOVERY']);

function statusWords(status: string): string {
  switch (status) {
    case 'SUSPENDED':
      return 'suspended';
    case 'DEPROVISIONED':
      return 'deactivated';
    case 'STAGED':
    case 'PROVISIONED':
      return 'not activated yet';
    default:
      return 'in a state that this version does not know';
  }
}
