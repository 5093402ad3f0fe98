// AWS IAM: users and groups of each account, and who is in which group; what was changed shows only after a while.
import { randomBytes } from 'node:crypto';
import type { AwsService, CallContext } from './aws-service.ts';
import { AwsProblem } from './problem.ts';
import { formOf, queryService, type Form, type Xml } from './query-protocol.ts';

export interface Iam {
  /** Gives its immutable id. */
  addUser(account: string, name: string): string;
  addGroup(account: string, name: string): string;
  renameUser(account: string, name: string, to: string): void;
  renameGroup(account: string, name: string, to: string): void;
  /** IAM deletes nobody who is in a group; the console takes them out first, and so does this. */
  removeUser(account: string, name: string): void;
  removeGroup(account: string, name: string): void;
  /** By hand, seen at once. */
  join(group: string, user: string): void;
  leave(group: string, user: string): void;
  /** By ids, as it really is. */
  isIn(group: string, user: string): boolean;
  /** How long reads show a membership as it was before it changed. */
  lagMs: number;
  /** The longest page that it answers, however many are asked for. */
  pageSize: number;
  readonly service: AwsService;
}

interface Named {
  readonly id: string;
  readonly account: string;
  readonly name: string;
  readonly created: Date;
}

interface Membership {
  readonly isIn: boolean;
  readonly was: boolean;
  readonly changed: Date;
}

/** A user may be in so many groups, and nobody can have that raised. */
const mostGroups = 10;

export function createIam(): Iam {
  const users = new Map<string, Named>();
  const groups = new Map<string, Named>();
  const memberships = new Map<string, Membership>();

  const iam: Iam = {
    addUser: (account, name) => add(users, 'AIDA', account, name),
    addGroup: (account, name) => add(groups, 'AGPA', account, name),
    renameUser: (account, name, to) => rename(users, demandUser(account, name), to),
    renameGroup: (account, name, to) => rename(groups, demandGroup(account, name), to),
    removeUser(account, name) {
      const { id } = demandUser(account, name);
      for (const group of groups.keys()) memberships.delete(`${group} ${id}`);
      users.delete(id);
    },
    removeGroup(account, name) {
      const { id } = demandGroup(account, name);
      for (const user of users.keys()) memberships.delete(`${id} ${user}`);
      groups.delete(id);
    },
    join: (group, user) => put(group, user, true),
    leave: (group, user) => put(group, user, false),
    isIn: (group, user) => memberships.get(`${group} ${user}`)?.isIn ?? false,
    lagMs: 0,
    pageSize: 1000,
    service: queryService({
      signingName: 'iam',
      version: '2010-05-08',
      namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
      // AWS wants it signed for us-east-1; clients that are sent to an emulator sign for their own region.
      operations: {
        GetUser(form, context) {
          const get = formOf(form, { required: ['UserName'] });
          const user = demandUser(context.caller.account, nameIn(get, 'UserName', 64));
          context.demand('iam:GetUser', [arnOf('user', user)]);
          return { User: userXml(user) };
        },
        ListUsers(form, context) {
          const { account } = context.caller;
          context.demand('iam:ListUsers', [`arn:aws:iam::${account}:user/`]);
          const all = [...users.values()].filter((user) => user.account === account);
          const page = pageOf(all, form, []);
          return { Users: page.items.map(userXml), ...page.rest };
        },
        ListGroups(form, context) {
          const { account } = context.caller;
          context.demand('iam:ListGroups', [`arn:aws:iam::${account}:group/`]);
          const all = [...groups.values()].filter((group) => group.account === account);
          const page = pageOf(all, form, []);
          return { Groups: page.items.map(groupXml), ...page.rest };
        },
        GetGroup(form, context) {
          const get = formOf(form, { required: ['GroupName'], optional: ['Marker', 'MaxItems'] });
          const group = demandGroup(context.caller.account, nameIn(get, 'GroupName', 128));
          context.demand('iam:GetGroup', [arnOf('group', group)]);
          const members = [...users.values()].filter(({ id }) => isShown(group.id, id, context));
          const page = pageOf(members, form, ['GroupName']);
          return { Group: groupXml(group), Users: page.items.map(userXml), ...page.rest };
        },
        AddUserToGroup: (form, context) => change(form, context, 'iam:AddUserToGroup', true),
        RemoveUserFromGroup: (form, context) => change(form, context, 'iam:RemoveUserFromGroup', false),
      },
    }),
  };

  /** Who is in the group already may be added again, and who is not may be taken out: neither is an error. */
  function change(form: Form, context: CallContext, action: string, isIn: boolean): undefined {
    const get = formOf(form, { required: ['GroupName', 'UserName'] });
    const { account } = context.caller;
    const groupName = nameIn(get, 'GroupName', 128);
    context.demand(action, [`arn:aws:iam::${account}:group/${groupName}`]);
    const group = demandGroup(account, groupName);
    const user = demandUser(account, nameIn(get, 'UserName', 64));
    const held = [...groups.keys()].filter((each) => iam.isIn(each, user.id)).length;
    if (isIn && !iam.isIn(group.id, user.id) && held >= mostGroups)
      throw new AwsProblem(409, 'LimitExceeded', `Cannot exceed quota for GroupsPerUser: ${mostGroups}`);
    const was = isShown(group.id, user.id, context);
    if (iam.isIn(group.id, user.id) !== isIn)
      memberships.set(`${group.id} ${user.id}`, { isIn, was, changed: context.now() });
    return undefined;
  }

  function put(group: string, user: string, isIn: boolean): void {
    if (!groups.has(group) || !users.has(user)) throw new Error('The double has no such group or user.');
    memberships.set(`${group} ${user}`, { isIn, was: isIn, changed: new Date(0) });
  }

  /** As a reader sees it, who may be asking another of IAM's machines than the one that was written to. */
  function isShown(group: string, user: string, { now }: CallContext): boolean {
    const membership = memberships.get(`${group} ${user}`);
    if (membership === undefined) return false;
    const age = now().getTime() - membership.changed.getTime();
    return age >= iam.lagMs ? membership.isIn : membership.was;
  }

  function pageOf<T>(
    all: readonly T[],
    form: Form,
    required: readonly string[],
  ): { readonly items: readonly T[]; readonly rest: { readonly [name: string]: Xml | undefined } } {
    const get = formOf(form, { required, optional: ['Marker', 'MaxItems', 'PathPrefix'] });
    const asked = Number(get('MaxItems') || 100);
    if (!Number.isInteger(asked) || asked < 1 || asked > 1000)
      throw invalid(`Value '${asked}' at 'maxItems' failed to satisfy constraint`);
    const marker = get('Marker');
    const from = marker === '' ? 0 : Number(Buffer.from(marker, 'base64').toString().replace('from ', ''));
    if (!Number.isInteger(from)) throw invalid('Invalid Marker');
    const end = from + Math.min(asked, iam.pageSize);
    const isTruncated = end < all.length;
    return {
      items: all.slice(from, end),
      rest: {
        IsTruncated: isTruncated,
        Marker: isTruncated ? Buffer.from(`from ${end}`).toString('base64') : undefined,
      },
    };
  }

  function demandUser(account: string, name: string): Named {
    return demandNamed(users, account, name, 'user');
  }
  function demandGroup(account: string, name: string): Named {
    return demandNamed(groups, account, name, 'group');
  }
  return iam;
}

function add(all: Map<string, Named>, prefix: string, account: string, name: string): string {
  const id = `${prefix}${randomBytes(9).toString('hex').slice(0, 17).toUpperCase()}`;
  all.set(id, { id, account, name, created: new Date() });
  return id;
}

function rename(all: Map<string, Named>, named: Named, to: string): void {
  all.set(named.id, { ...named, name: to });
}

/** Names are unique in an account, whatever their case; they are looked up as they are written. */
function demandNamed(all: ReadonlyMap<string, Named>, account: string, name: string, what: string): Named {
  const found = [...all.values()].find((each) => each.account === account && each.name === name);
  if (found === undefined)
    throw new AwsProblem(404, 'NoSuchEntity', `The ${what} with name ${name} cannot be found.`);
  return found;
}

function nameIn(get: (name: string) => string, parameter: string, longest: number): string {
  const name = get(parameter);
  if (name.length > longest || !/^[\w+=,.@-]+$/.test(name))
    throw invalid(`The specified value for ${parameter} is invalid.`);
  return name;
}

const invalid = (message: string): AwsProblem => new AwsProblem(400, 'ValidationError', message);

function arnOf(kind: 'user' | 'group', { account, name }: Named): string {
  return `arn:aws:iam::${account}:${kind}/${name}`;
}

function userXml(user: Named): Xml {
  const { id, name, created } = user;
  return { Path: '/', UserName: name, UserId: id, Arn: arnOf('user', user), CreateDate: created };
}

function groupXml(group: Named): Xml {
  const { id, name, created } = group;
  return { Path: '/', GroupName: name, GroupId: id, Arn: arnOf('group', group), CreateDate: created };
}
