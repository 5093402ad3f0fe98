// Membership of a group of Google Workspace, with its role.
import type { FromSchema } from 'json-schema-to-ts';
import {
  googleAccount,
  googleGroupId,
  googleMember,
  googleMembers,
  googleUser,
  isGoogleMember,
  memberPath,
} from '../../clients/google/google-directory.ts';
import { googleIntegration, type GoogleIntegration } from '../../clients/google/google-integration.ts';
import { googleRest, type GooglePurpose } from '../../clients/google/google-rest.ts';
import { RestFailure, type Rest } from '../../clients/http/rest.ts';
import { none, type Call, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['group_key'],
  properties: {
    group_key: {
      type: 'string',
      pattern: '^([^@\\s/]{1,64}@[A-Za-z0-9.-]{1,189}|[a-z0-9]{10,30})$',
      wants: 'the address of a group of Google, or its id',
      description: 'The group: its address, or its id, which outlives a change of the address.',
    },
    role: {
      enum: ['MEMBER', 'MANAGER', 'OWNER'],
      default: 'MEMBER',
      description: 'What the account is in the group.',
    },
  },
} as const;

type GroupSettings = FromSchema<typeof settings, { keepDefaultedPropertiesOptional: true }>;
type GroupCall = Call<GroupSettings, GoogleIntegration>;

const prefix = 'google-group:';

export const googleGroup: Strategy<GroupSettings, GoogleIntegration> = {
  type: 'google-group',
  service: 'Google',
  settings,
  integration: googleIntegration,
  order: [none, 'MEMBER', 'MANAGER', 'OWNER'],

  wanted: ({ role }) => role ?? 'MEMBER',

  async identify(call) {
    return googleAccount(restOf(call, 'read'), call.person, call.integrationName, call.using);
  },

  async resource(call) {
    const id = await googleGroupId(restOf(call, 'read'), call.settings.group_key);
    return id === undefined
      ? { missing: 'impossible', why: 'Google has no group with the address or id in `group_key`.' }
      : { resource: `${prefix}${id}` };
  },

  async obstacle(call) {
    const user = await googleUser(restOf(call, 'read'), call.account);
    if (user?.id !== call.account) return 'Google has no user with the id that is known for this person.';
    if (user.suspended) return 'The user is suspended in Google Workspace.';
    return user.archived ? 'The user is archived in Google Workspace.' : undefined;
  },

  /** Who is in a group within this one has what a member has, and is not in this one. */
  async read(call) {
    const google = restOf(call, 'read');
    const group = groupOf(call.resource);
    const member = await googleMember(google, group, call.account);
    if (member !== undefined) return { holds: member.role };
    const isWithin = await isGoogleMember(google, group, call.account);
    return { holds: none, ...(isWithin === true && { effective: 'MEMBER' }) };
  },

  async set(call, holding) {
    const google = restOf(call, 'manage');
    const group = groupOf(call.resource);
    const path = memberPath(group, call.account);
    if (holding === none) {
      // Where the group or the membership are no more, there is nothing to take away.
      await google.find('removing the user from the group', { method: 'DELETE', path });
      return {};
    }
    const change = () =>
      google.call('changing the role in the group', { method: 'PATCH', path, json: { role: holding } });
    if ((await googleMember(google, group, call.account)) !== undefined) await change();
    else
      try {
        const members = path.slice(0, path.lastIndexOf('/'));
        const json = { id: call.account, role: holding };
        await google.call('adding the user to the group', { method: 'POST', path: members, json });
      } catch (error) {
        // They are in already, though it did not show yet: the role may be another.
        if (!(error instanceof RestFailure) || error.status !== 409) throw error;
        await change();
      }
    return {};
  },

  async holders(call) {
    const members = await googleMembers(restOf(call, 'read'), groupOf(call.resource));
    return members.flatMap(({ id, type, role }) =>
      type === 'USER' && id !== undefined ? [{ account: id, holds: role }] : [],
    );
  },
};

function groupOf(resource: string): string {
  return resource.slice(prefix.length);
}

function restOf({ integration, using }: GroupCall, purpose: GooglePurpose): Rest {
  return googleRest(integration, using, purpose);
}
