// Users and groups of AWS IAM by their immutable ids. Loaded where they are granted, and nowhere else.
import {
  AddUserToGroupCommand,
  GetGroupCommand,
  GetUserCommand,
  IAMClient,
  ListGroupsCommand,
  ListUsersCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { Failure } from '../../engine/ports/failure.ts';
import type { AwsConnection } from './aws-connections.ts';
import { isAwsCode } from './aws-failure.ts';

export interface IamUser {
  /** `AIDA…` */
  readonly id: string;
  readonly name: string;
}

export interface IamGroup {
  /** `AGPA…` */
  readonly id: string;
  readonly name: string;
  /** The id of the AWS account, twelve digits. */
  readonly account: string;
}

export interface IamGroups {
  userByName(name: string): Promise<IamUser | undefined>;
  userById(id: string): Promise<IamUser | undefined>;
  groupByName(name: string): Promise<IamGroup | undefined>;
  /** `hint`: the name that it had when somebody last looked. */
  groupById(id: string, hint: string): Promise<IamGroup | undefined>;
  membersOf(group: IamGroup): Promise<readonly IamUser[]>;
  add(group: IamGroup, user: IamUser): Promise<void>;
  /** Also where one of them is gone: who is nowhere is in no group. */
  remove(group: IamGroup, user: IamUser): Promise<void>;
}

/** IAM answers as many at the most. */
const pageSize = 1000;

/** The names by which users were last seen: the API knows them by name alone. Each is proved before it is used. */
const seenNames = new WeakMap<IAMClient, Map<string, string>>();

export function iamGroups(connection: AwsConnection): IamGroups {
  const client = connection.client(IAMClient);
  const names = seenNames.get(client) ?? new Map<string, string>();
  seenNames.set(client, names);

  async function userByName(UserName: string): Promise<IamUser | undefined> {
    const answer = await unlessGone(() =>
      connection.call('looking up the user', (options) =>
        client.send(new GetUserCommand({ UserName }), options),
      ),
    );
    return answer && noted(userOf(answer.User));
  }

  function noted(user: IamUser): IamUser {
    names.set(user.id, user.name);
    return user;
  }

  async function userById(id: string): Promise<IamUser | undefined> {
    const hint = names.get(id);
    const hinted = hint === undefined ? undefined : await userByName(hint);
    // A name is given away, and an id never.
    if (hinted?.id === id) return hinted;
    return paged(
      (page) =>
        connection.call('listing the users', (options) => client.send(new ListUsersCommand(page), options)),
      ({ Users = [] }) => Users.filter(({ UserId }) => UserId === id).map((user) => noted(userOf(user))),
    ).then(([found]) => found);
  }

  async function groupByName(GroupName: string): Promise<IamGroup | undefined> {
    const answer = await unlessGone(() =>
      connection.call('looking up the group', (options) =>
        client.send(new GetGroupCommand({ GroupName, MaxItems: 1 }), options),
      ),
    );
    return answer && groupOf(answer.Group);
  }

  return {
    userByName,
    userById,
    groupByName,
    async groupById(id, hint) {
      const hinted = await groupByName(hint);
      if (hinted?.id === id) return hinted;
      const [found] = await paged(
        (page) =>
          connection.call('listing the groups', (options) =>
            client.send(new ListGroupsCommand(page), options),
          ),
        ({ Groups = [] }) => Groups.filter(({ GroupId }) => GroupId === id).map(groupOf),
      );
      return found;
    },
    async membersOf({ name }) {
      const members = await unlessGone(() =>
        paged(
          (page) =>
            connection.call('listing the members of the group', (options) =>
              client.send(new GetGroupCommand({ GroupName: name, ...page }), options),
            ),
          ({ Users = [] }) => Users.map((user) => noted(userOf(user))),
        ),
      );
      return members ?? [];
    },
    async add({ name: GroupName }, { name: UserName }) {
      try {
        await connection.call('adding the user to the group', (options) =>
          client.send(new AddUserToGroupCommand({ GroupName, UserName }), options),
        );
      } catch (error) {
        if (isAwsCode(error, 'LimitExceeded', 'LimitExceededException'))
          throw new Failure('The user is in as many groups as AWS allows.', { transient: false });
        throw error;
      }
    },
    async remove({ name: GroupName }, { name: UserName }) {
      await unlessGone(() =>
        connection.call('taking the user out of the group', (options) =>
          client.send(new RemoveUserFromGroupCommand({ GroupName, UserName }), options),
        ),
      );
    },
  };
}

interface Page {
  readonly MaxItems: number;
  readonly Marker?: string;
}

interface PageEnd {
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

async function paged<A extends PageEnd, T>(
  ask: (page: Page) => Promise<A>,
  itemsOf: (answer: A) => readonly T[],
): Promise<readonly T[]> {
  const items: T[] = [];
  let page: Page = { MaxItems: pageSize };
  for (;;) {
    const answer = await ask(page);
    items.push(...itemsOf(answer));
    // A page may hold fewer than were asked for, and none, and not be the last.
    if (!answer.IsTruncated || answer.Marker === undefined) return items;
    page = { MaxItems: pageSize, Marker: answer.Marker };
  }
}

async function unlessGone<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (isAwsCode(error, 'NoSuchEntity', 'NoSuchEntityException')) return undefined;
    throw error;
  }
}

interface SaidUser {
  readonly UserId?: string | undefined;
  readonly UserName?: string | undefined;
}

function userOf({ UserId: id, UserName: name }: SaidUser = {}): IamUser {
  if (id === undefined || name === undefined) throw unlikeIam();
  return { id, name };
}

interface SaidGroup {
  readonly GroupId?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly Arn?: string | undefined;
}

function groupOf({ GroupId: id, GroupName: name, Arn = '' }: SaidGroup = {}): IamGroup {
  const [, account] = /^arn:aws[a-z-]*:iam::([0-9]{12}):group\//.exec(Arn) ?? [];
  if (id === undefined || name === undefined || account === undefined) throw unlikeIam();
  return { id, name, account };
}

function unlikeIam(): Failure {
  return new Failure('AWS IAM gave an answer that is not like IAM.', { transient: true });
}
