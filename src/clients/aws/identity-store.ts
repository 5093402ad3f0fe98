// The Identity Store of IAM Identity Center: whose account is whose, and who is in a group. Import it where it is used.
import {
  CreateGroupMembershipCommand,
  DeleteGroupMembershipCommand,
  DescribeGroupCommand,
  DescribeUserCommand,
  GetGroupMembershipIdCommand,
  GetUserIdCommand,
  IdentitystoreClient,
  IsMemberInGroupsCommand,
  ListGroupMembershipsCommand,
} from '@aws-sdk/client-identitystore';
import type { WaysOut } from '../ways-out.ts';
import { everyPage, found } from './aws-answers.ts';
import { isAwsCode } from './aws-failure.ts';

export interface IdentityStore {
  /** The active user with exactly this address. */
  userWith(email: string): Promise<string | undefined>;
  /** Undefined where there is no such user. */
  user(id: string): Promise<{ readonly isActive: boolean } | undefined>;
  /** Undefined where there is no such group. */
  group(id: string): Promise<{ readonly isProvisioned: boolean } | undefined>;
  isMemberOfAny(user: string, groups: readonly string[]): Promise<boolean>;
  /** The users in it; undefined where there is no such group. */
  members(group: string): Promise<readonly string[] | undefined>;
  isMember(user: string, group: string): Promise<boolean>;
  /** A membership that is there already is a success. */
  join(user: string, group: string): Promise<void>;
  /** One that is not there is a success too; it is looked for longer where nobody ever saw it. */
  leave(user: string, group: string, how: { readonly isUnseen?: true }): Promise<void>;
}

export interface IdentityStoreParts {
  readonly using: Pick<WaysOut, 'aws' | 'clock' | 'signal'>;
  readonly integration: Parameters<WaysOut['aws']>[0] & { readonly identity_store_id: string };
}

const mostGroupsAtOnce = 100;
/** A membership shows late: how long to wait before each further look at one that does not show and is to end. */
const lookAgainMs = [1000, 3000] as const;
/** As long as one attempt to end it leaves time for. */
const lookOnMs = [5000, 8000, 12_000, 12_000] as const;

export function openIdentityStore({ using, integration }: IdentityStoreParts): IdentityStore {
  const connection = using.aws(integration);
  const client = connection.client(IdentitystoreClient);
  const store = { IdentityStoreId: integration.identity_store_id };
  const ask = connection.call;

  async function membershipIdInTime(
    user: string,
    group: string,
    waits: readonly number[],
  ): Promise<string | undefined> {
    let found = await membershipId(user, group);
    for (const wait of waits) {
      if (found !== undefined) break;
      await using.clock.sleep(wait, using.signal);
      found = await membershipId(user, group);
    }
    return found;
  }

  async function userIdOf(AttributeValue: string): Promise<string | undefined> {
    const UniqueAttribute = { AttributePath: 'emails.value', AttributeValue };
    const command = new GetUserIdCommand({ ...store, AlternateIdentifier: { UniqueAttribute } });
    const answer = await found(ask('looking for an e-mail address', (o) => client.send(command, o)));
    return answer?.UserId;
  }

  async function describe(UserId: string) {
    const command = new DescribeUserCommand({ ...store, UserId });
    return found(ask('reading a user', (o) => client.send(command, o)));
  }

  async function membershipId(UserId: string, GroupId: string): Promise<string | undefined> {
    const command = new GetGroupMembershipIdCommand({ ...store, GroupId, MemberId: { UserId } });
    return (await found(ask('looking for a membership', (o) => client.send(command, o))))?.MembershipId;
  }

  return {
    async userWith(email) {
      const id = (await userIdOf(email)) ?? (await userIdOf(email.toLowerCase()));
      const user = id === undefined ? undefined : await describe(id);
      const hasIt = user?.Emails?.some(({ Value }) => Value?.toLowerCase() === email.toLowerCase());
      return hasIt === true && user?.UserStatus !== 'DISABLED' ? id : undefined;
    },
    async user(id) {
      const user = await describe(id);
      return user && { isActive: user.UserStatus !== 'DISABLED' };
    },
    async group(GroupId) {
      const command = new DescribeGroupCommand({ ...store, GroupId });
      const group = await found(ask('reading a group', (o) => client.send(command, o)));
      return group && { isProvisioned: (group.ExternalIds ?? []).length > 0 };
    },
    async isMemberOfAny(UserId, groups) {
      for (let start = 0; start < groups.length; start += mostGroupsAtOnce) {
        const command = new IsMemberInGroupsCommand({
          ...store,
          MemberId: { UserId },
          GroupIds: groups.slice(start, start + mostGroupsAtOnce),
        });
        const answer = await ask('looking for memberships', (o) => client.send(command, o));
        if (answer.Results?.some(({ MembershipExists }) => MembershipExists === true)) return true;
      }
      return false;
    },
    members: (GroupId) =>
      found(
        everyPage(async (next) => {
          const command = new ListGroupMembershipsCommand({ ...store, GroupId, ...next });
          const answer = await ask('listing the members of a group', (o) => client.send(command, o));
          const rows = (answer.GroupMemberships ?? []).flatMap(({ MemberId }) => MemberId?.UserId ?? []);
          return { rows, next: answer.NextToken };
        }),
      ),
    isMember: async (user, group) => (await membershipId(user, group)) !== undefined,
    async join(UserId, GroupId) {
      const command = new CreateGroupMembershipCommand({ ...store, GroupId, MemberId: { UserId } });
      try {
        await ask('adding the user to the group', (o) => client.send(command, o));
      } catch (error) {
        // It is there already; where the two were changed at the same time instead, the look that follows shows it.
        if (!isAwsCode(error, 'ConflictException')) throw error;
      }
    },
    async leave(user, group, { isUnseen }) {
      const waits = isUnseen ? [...lookAgainMs, ...lookOnMs] : lookAgainMs;
      const MembershipId = await membershipIdInTime(user, group, waits);
      if (MembershipId === undefined) return;
      const command = new DeleteGroupMembershipCommand({ ...store, MembershipId });
      await found(ask('removing the user from the group', (o) => client.send(command, o)));
    },
  };
}
