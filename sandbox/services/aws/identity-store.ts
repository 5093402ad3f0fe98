// The Identity Store: users, groups and who is in them, by AWS JSON 1.1.
import { randomUUID } from 'node:crypto';
import type { AwsService, CallContext } from './aws-service.ts';
import { jsonService, operation } from './json-protocol.ts';
import { createKeptRows, type KeptRows } from './kept-rows.ts';
import { anything, integer, listOf, members, optional, text } from './members.ts';
import { pageOf } from './pages.ts';
import { AwsProblem, invalid } from './problem.ts';

export interface StoreUser {
  readonly UserId: string;
  readonly UserName: string;
  readonly emails: readonly string[];
  readonly UserStatus: 'ENABLED' | 'DISABLED';
}

export interface StoreGroup {
  readonly GroupId: string;
  readonly DisplayName: string;
  /** Set where an identity provider provisions it. */
  readonly ExternalIds?: readonly { readonly Issuer: string; readonly Id: string }[];
}

export interface Membership {
  readonly MembershipId: string;
  readonly GroupId: string;
  readonly UserId: string;
}

export interface IdentityStore {
  readonly id: string;
  readonly service: AwsService;
  /** By their ids. */
  readonly users: Map<string, StoreUser>;
  readonly groups: Map<string, StoreGroup>;
  readonly memberships: KeptRows<Membership>;
  /** By hand, as an administrator would in the console. */
  join(group: string, user: string): void;
  leave(group: string, user: string): void;
  isMember(group: string, user: string): boolean;
}

export interface IdentityStoreOptions {
  readonly id: string;
  readonly now: () => Date;
  /** How long a change takes to show in what is read. */
  readonly lagMs?: number;
  /** The longest page of a list. */
  readonly pageSize?: number;
}

const resourceId =
  /^([0-9a-f]{10}-|)[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}$/;
const store = { IdentityStoreId: text(/^(d-[0-9a-f]{10}|[0-9a-f-]{36})$/) };
const member = members({ UserId: text(resourceId) });

export function createIdentityStore({
  id,
  now,
  lagMs = 0,
  pageSize = 100,
}: IdentityStoreOptions): IdentityStore {
  const users = new Map<string, StoreUser>();
  const groups = new Map<string, StoreGroup>();
  const memberships = createKeptRows<Membership>();
  const keyOf = (group: string, user: string): string => `${group} ${user}`;
  const seen = (): Date => new Date(now().getTime() - lagMs);
  const arn = (what: string): string => `arn:aws:identitystore:::${what}`;
  const demand = (
    { caller, demand: allowed }: CallContext,
    action: string,
    ...resources: readonly string[]
  ): void =>
    allowed(`identitystore:${action}`, [
      `arn:aws:identitystore::${caller.account}:identitystore/${id}`,
      ...resources.map(arn),
    ]);

  function inStore<T extends { readonly IdentityStoreId: string }>(input: T): T {
    if (input.IdentityStoreId !== id) throw missing('IDENTITY_STORE', input.IdentityStoreId);
    return input;
  }
  function userOf(userId: string): StoreUser {
    const user = users.get(userId);
    if (user === undefined) throw missing('USER', userId);
    return user;
  }
  function groupOf(groupId: string): StoreGroup {
    const group = groups.get(groupId);
    if (group === undefined) throw missing('GROUP', groupId);
    return group;
  }

  const service = jsonService({
    signingName: 'identitystore',
    target: 'AWSIdentityStore',
    operations: {
      GetUserId: operation(
        members({
          ...store,
          AlternateIdentifier: members({
            UniqueAttribute: members({ AttributePath: text(), AttributeValue: anything }),
          }),
        }),
        (input, context) => {
          const { AttributePath: path, AttributeValue: value } =
            inStore(input).AlternateIdentifier.UniqueAttribute;
          demand(context, 'GetUserId', 'user/*');
          const isFound = attributes[path.toLowerCase()];
          if (isFound === undefined) throw invalid(`${path} is not a unique attribute`);
          const user = [...users.values()].find((each) => isFound(each, String(value)));
          if (user === undefined) throw missing('USER', String(value));
          return { IdentityStoreId: id, UserId: user.UserId };
        },
      ),
      DescribeUser: operation(members({ ...store, UserId: text(resourceId) }), (input, context) => {
        const { UserId } = inStore(input);
        demand(context, 'DescribeUser', `user/${UserId}`);
        const { emails, ...user } = userOf(UserId);
        const Emails = emails.map((Value, place) => ({ Value, Type: 'work', Primary: place === 0 }));
        return { IdentityStoreId: id, ...user, Emails };
      }),
      DescribeGroup: operation(members({ ...store, GroupId: text(resourceId) }), (input, context) => {
        const { GroupId } = inStore(input);
        demand(context, 'DescribeGroup', `group/${GroupId}`);
        return { IdentityStoreId: id, ...groupOf(GroupId) };
      }),
      CreateGroupMembership: operation(
        members({ ...store, GroupId: text(resourceId), MemberId: member }),
        (input, context) => {
          const { GroupId, MemberId } = inStore(input);
          demand(context, 'CreateGroupMembership', `group/${GroupId}`, `user/${MemberId.UserId}`);
          groupOf(GroupId);
          userOf(MemberId.UserId);
          const key = keyOf(GroupId, MemberId.UserId);
          if (memberships.has(key, now()))
            throw new AwsProblem(400, 'ConflictException', 'Member and Group relationship already exists.', {
              Reason: 'UNIQUENESS_CONSTRAINT_VIOLATION',
            });
          const MembershipId = randomUUID();
          memberships.add(key, { MembershipId, GroupId, UserId: MemberId.UserId }, now());
          return { IdentityStoreId: id, MembershipId };
        },
      ),
      DeleteGroupMembership: operation(
        members({ ...store, MembershipId: text(resourceId) }),
        (input, context) => {
          const { MembershipId } = inStore(input);
          const found = memberships.all(now()).find((each) => each.MembershipId === MembershipId);
          // Of one that is gone, nobody can say whose group it was.
          const ofIt = found === undefined ? [] : [`group/${found.GroupId}`, `user/${found.UserId}`];
          demand(context, 'DeleteGroupMembership', ...ofIt, `membership/${MembershipId}`);
          if (found === undefined) throw missing('GROUP_MEMBERSHIP', MembershipId);
          memberships.remove(keyOf(found.GroupId, found.UserId), now());
          return {};
        },
      ),
      GetGroupMembershipId: operation(
        members({ ...store, GroupId: text(resourceId), MemberId: member }),
        (input, context) => {
          const { GroupId, MemberId } = inStore(input);
          demand(
            context,
            'GetGroupMembershipId',
            `group/${GroupId}`,
            `user/${MemberId.UserId}`,
            'membership/*',
          );
          groupOf(GroupId);
          const found = memberships.get(keyOf(GroupId, MemberId.UserId), seen());
          if (found === undefined) throw missing('GROUP_MEMBERSHIP', MemberId.UserId);
          return { IdentityStoreId: id, MembershipId: found.MembershipId };
        },
      ),
      IsMemberInGroups: operation(
        members({ ...store, MemberId: member, GroupIds: listOf(text(resourceId)) }),
        (input, context) => {
          const { MemberId, GroupIds } = inStore(input);
          demand(context, 'IsMemberInGroups', ...GroupIds.map((each) => `group/${each}`), 'membership/*');
          return {
            Results: GroupIds.map((GroupId) => ({
              GroupId,
              MemberId,
              MembershipExists: memberships.has(keyOf(GroupId, MemberId.UserId), seen()),
            })),
          };
        },
      ),
      ListGroupMemberships: operation(
        members({
          ...store,
          GroupId: text(resourceId),
          MaxResults: optional(integer(1, 100)),
          NextToken: optional(text()),
        }),
        (input, context) => {
          const { GroupId } = inStore(input);
          demand(context, 'ListGroupMemberships', `group/${GroupId}`, 'membership/*');
          groupOf(GroupId);
          const rows = memberships.all(seen()).filter((each) => each.GroupId === GroupId);
          const { rows: page, NextToken } = pageOf(`members ${GroupId}`, rows, input, pageSize);
          return {
            GroupMemberships: page.map(({ UserId, ...row }) => ({
              IdentityStoreId: id,
              ...row,
              MemberId: { UserId },
            })),
            NextToken,
          };
        },
      ),
    },
  });

  return {
    id,
    service,
    users,
    groups,
    memberships,
    join: (group, user) =>
      memberships.add(
        keyOf(group, user),
        { MembershipId: randomUUID(), GroupId: group, UserId: user },
        now(),
      ),
    leave: (group, user) => memberships.remove(keyOf(group, user), now()),
    isMember: (group, user) => memberships.has(keyOf(group, user), now()),
  };
}

/** The only two by which a user is found. */
const attributes: { readonly [path: string]: (user: StoreUser, value: string) => boolean } = {
  username: ({ UserName }, value) => UserName === value,
  'emails.value': ({ emails }, value) => emails.includes(value),
};

function missing(ResourceType: string, ResourceId: string): AwsProblem {
  return new AwsProblem(400, 'ResourceNotFoundException', `${ResourceType} not found.`, {
    ResourceType,
    ResourceId,
  });
}
