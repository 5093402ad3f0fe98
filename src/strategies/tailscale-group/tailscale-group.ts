// Membership of a group in a Tailscale policy file: what the rules of the tailnet, those of Tailscale SSH too, name as a source.
import type { FromSchema } from 'json-schema-to-ts';
import {
  connectTailscale,
  readPolicyFile,
  tailscaleUser,
  tailscaleUsers,
  writePolicyFile,
} from '../../clients/tailscale/tailscale.ts';
import {
  tailscaleIntegration,
  type TailscaleIntegration,
} from '../../clients/tailscale/tailscale-integration.ts';
import { Failure } from '../../engine/ports/failure.ts';
import { none, type Strategy } from '../strategy.ts';
import { membersOf, withMember, withoutMember } from './group-members.ts';

const settings = {
  type: 'object',
  additionalProperties: false,
  required: ['group'],
  properties: {
    group: {
      type: 'string',
      pattern: '^group:[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$',
      wants: 'a group of the policy file, such as group:admins',
      description: 'As in `groups` of the policy file: `group:prod-admins`.',
    },
  },
} as const;

const member = 'member';

export const tailscaleGroup: Strategy<FromSchema<typeof settings>, TailscaleIntegration> = {
  type: 'tailscale-group',
  service: 'Tailscale',
  settings,
  integration: tailscaleIntegration,
  order: [none, member],

  wanted: () => member,

  async identify({ integration, integrationName, person, using }) {
    const tailscale = connectTailscale(integration, using);
    const found = await using.account(person, {
      key: 'tailscale',
      name: 'Tailscale',
      wants: 'the id of the user in Tailscale',
      ...(integrationName !== undefined && { integration: integrationName }),
      async match(email) {
        const users = (await tailscaleUsers(tailscale)).filter(
          ({ loginName, isActive }) => isActive && isSame(loginName, email),
        );
        return users.length === 1 ? users[0]?.id : undefined;
      },
    });
    if ('missing' in found) return found;
    const user = /^[A-Za-z0-9]{1,64}$/.test(found.account)
      ? await tailscaleUser(tailscale, found.account)
      : undefined;
    return user === undefined ? { missing: 'impossible', why: noUser } : { account: accountOf(user) };
  },

  /** Whether it is there is no matter here: access to a group that was deleted has to end too. */
  async resource({ settings: { group }, integration: { tailnet } }) {
    return { resource: `tailscale-group:${tailnet.toLowerCase()}/${group}` };
  },

  async obstacle({ settings: { group }, integration, account, using }) {
    const tailscale = connectTailscale(integration, using);
    const { text } = await readPolicyFile(tailscale);
    if (membersOf(text, group) === undefined)
      return '`groups` of the policy file has no group with the name in `group`.';
    const { id, login } = partsOf(account);
    const user = await tailscaleUser(tailscale, id);
    if (user === undefined) return noUser;
    if (!isSame(user.loginName, login)) return 'The user is called otherwise in Tailscale by now. Ask again.';
    return user.isActive ? undefined : 'The user is no active member of the tailnet.';
  },

  async read({ settings: { group }, integration, account, using }) {
    const { text } = await readPolicyFile(connectTailscale(integration, using));
    const { login } = partsOf(account);
    return { holds: membersOf(text, group)?.some((each) => isSame(each, login)) ? member : none };
  },

  /** Read, changed, and written only if nobody else wrote meanwhile; otherwise all of it again. */
  async set({ settings: { group }, integration, account, using }, holding) {
    const tailscale = connectTailscale(integration, using);
    const { login } = partsOf(account);
    const change = holding === none ? withoutMember : withMember;
    for (const wait of waitsMs) {
      if (wait > 0) await using.clock.sleep(wait, using.signal);
      const { text, etag } = await readPolicyFile(tailscale);
      const changed = change(text, group, login);
      if (changed === text) return {};
      if (await writePolicyFile(tailscale, { text: changed, etag })) return {};
    }
    throw new Failure('Others changed the policy file each time that it was about to be written.', {
      transient: true,
    });
  },

  async holders({ settings: { group }, integration, using }) {
    const tailscale = connectTailscale(integration, using);
    const { text } = await readPolicyFile(tailscale);
    const users = await tailscaleUsers(tailscale);
    return (membersOf(text, group) ?? []).map((login) => {
      const user = users.find(({ loginName }) => isSame(loginName, login));
      // Whom Tailscale does not know can hold nothing by it yet, and will as soon as they sign in.
      return { account: accountOf(user ?? { id: '', loginName: login }), holds: member };
    });
  },
};

const waitsMs = [0, 100, 300, 700, 1500] as const;
const noUser = 'Tailscale has no user with the id in people.yml.';

/**
 * The policy file knows logins alone, and logins are given anew. The account is both: the id, so that it is nobody
 * else’s, and the login that was written, so that it is found there even once the user was renamed or deleted.
 */
function accountOf({ id, loginName }: { readonly id: string; readonly loginName: string }): string {
  return `${id}/${loginName}`;
}

function partsOf(account: string): { readonly id: string; readonly login: string } {
  const slash = account.indexOf('/');
  return { id: account.slice(0, slash), login: account.slice(slash + 1) };
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
