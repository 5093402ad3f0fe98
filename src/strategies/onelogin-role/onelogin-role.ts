// Membership of a OneLogin role, and with it the apps that the role opens.
import type { FromSchema } from 'json-schema-to-ts';
import {
  addToRole,
  connectOnelogin,
  hasRole,
  oneloginUser,
  oneloginUsersByEmail,
  removeFromRole,
  usersOfRole,
} from '../../clients/onelogin/onelogin.ts';
import {
  oneloginIntegration,
  type OneloginIntegration,
} from '../../clients/onelogin/onelogin-integration.ts';
import { none, type Strategy } from '../strategy.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['role_id'],
  properties: {
    role_id: {
      type: 'string',
      pattern: '^[1-9][0-9]{0,15}$',
      wants: 'the number of a role, in quotes',
      description: 'The number of the role, in quotes: it ends the address of its page, …/roles/123456.',
    },
  },
} as const;

const member = 'member';

export const oneloginRole: Strategy<FromSchema<typeof settings>, OneloginIntegration> = {
  type: 'onelogin-role',
  service: 'OneLogin',
  settings,
  integration: oneloginIntegration,
  order: [none, member],

  wanted: () => member,

  async identify({ integration, integrationName, person, using }) {
    const found = await using.account(person, {
      key: 'onelogin',
      name: 'OneLogin',
      wants: 'the number of the user, which ends the address of their page, …/users/123456,',
      ...(integrationName !== undefined && { integration: integrationName }),
      async match(email) {
        const users = await oneloginUsersByEmail(connectOnelogin(integration, using), email);
        const [only, ...others] = users.filter(({ isActive }) => isActive);
        return others.length === 0 ? only?.id : undefined;
      },
    });
    if ('account' in found && !/^[1-9][0-9]{0,15}$/.test(found.account))
      return { missing: 'impossible', why: '`accounts.onelogin` of people.yml is no number of a user.' };
    return found;
  },

  /** Whether it is there is no matter here: access to a role that was deleted has to end too. */
  async resource({ settings: { role_id }, integration }) {
    return { resource: `onelogin-role:${integration.host}/${role_id}` };
  },

  async obstacle({ settings: { role_id }, integration, account, using }) {
    const rest = connectOnelogin(integration, using);
    if (!(await hasRole(rest, role_id))) return 'OneLogin has no role with the number in `role_id`.';
    const user = await oneloginUser(rest, account);
    if (user === undefined) return 'OneLogin has no user with the number in people.yml.';
    return user.isActive ? undefined : 'The user is not active in OneLogin.';
  },

  async read({ settings: { role_id }, integration, account, using }) {
    for await (const users of usersOfRole(connectOnelogin(integration, using), role_id))
      if (users.includes(account)) return { holds: member };
    return { holds: none };
  },

  async set({ settings: { role_id }, integration, account, using }, holding) {
    const rest = connectOnelogin(integration, using);
    await (holding === none ? removeFromRole(rest, role_id, account) : addToRole(rest, role_id, account));
    return {};
  },

  async holders({ settings: { role_id }, integration, using }) {
    const users: string[] = [];
    for await (const page of usersOfRole(connectOnelogin(integration, using), role_id)) users.push(...page);
    return users.map((account) => ({ account, holds: member }));
  },
};
