// Membership of an Aptible role, and with it what the role may do in the environments.
import type { FromSchema } from 'json-schema-to-ts';
import {
  addMembership,
  connectAptible,
  membershipsOfRole,
  organizationOfRole,
  removeMemberships,
  usersOfOrganization,
} from '../../clients/aptible/aptible.ts';
import { aptibleIntegration, type AptibleIntegration } from '../../clients/aptible/aptible-integration.ts';
import { none, type Strategy } from '../strategy.ts';

const id = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['role_id'],
  properties: {
    role_id: {
      type: 'string',
      pattern: `^${id}$`,
      wants: 'the id of a role of Aptible, as in the address of its page',
      description: 'The id of the role, as in the address of its page: …/roles/ROLE_ID.',
    },
  },
} as const;

const member = 'member';
const noRole = 'Aptible shows the user of the integration no role with the id in `role_id`.';

export const aptibleRole: Strategy<FromSchema<typeof settings>, AptibleIntegration> = {
  type: 'aptible-role',
  service: 'Aptible',
  settings,
  integration: aptibleIntegration,
  order: [none, member],

  wanted: () => member,

  async identify({ settings: { role_id }, integration, integrationName, person, using }) {
    const found = await using.account(person, {
      key: 'aptible',
      name: 'Aptible',
      wants: 'the id of the user in Aptible',
      ...(integrationName !== undefined && { integration: integrationName }),
      async match(email) {
        const rest = connectAptible(integration, using);
        const organization = await organizationOfRole(rest, role_id);
        if (organization === undefined) return undefined;
        const users = await usersOfOrganization(rest, organization);
        const [only, ...others] = users.filter(
          (user) => user.isVerified && user.email.toLowerCase() === email.toLowerCase(),
        );
        return others.length === 0 ? only?.id : undefined;
      },
    });
    if ('account' in found && !new RegExp(`^${id}$`).test(found.account))
      return { missing: 'impossible', why: '`accounts.aptible` of people.yml is no id of a user.' };
    return found;
  },

  /** Whether it is there is no matter here: access to a role that was deleted has to end too. */
  async resource({ settings: { role_id } }) {
    return { resource: `aptible-role:${role_id}` };
  },

  async obstacle({ settings: { role_id }, integration, account, using }) {
    const rest = connectAptible(integration, using);
    const organization = await organizationOfRole(rest, role_id);
    if (organization === undefined) return noRole;
    const users = await usersOfOrganization(rest, organization);
    return users.some((user) => user.id === account)
      ? undefined
      : 'The user is not in the organisation of the role in Aptible. Somebody has to invite them first.';
  },

  async read({ settings: { role_id }, integration, account, using }) {
    const memberships = await membershipsOfRole(connectAptible(integration, using), role_id);
    return { holds: memberships.some(({ user }) => user === account) ? member : none };
  },

  async set({ settings: { role_id }, integration, account, using }, holding) {
    const rest = connectAptible(integration, using);
    await (holding === none
      ? removeMemberships(rest, role_id, account)
      : addMembership(rest, role_id, account));
    return {};
  },

  async holders({ settings: { role_id }, integration, using }) {
    const memberships = await membershipsOfRole(connectAptible(integration, using), role_id);
    const accounts = new Set(memberships.map(({ user }) => user));
    return [...accounts].map((account) => ({ account, holds: member }));
  },
};
