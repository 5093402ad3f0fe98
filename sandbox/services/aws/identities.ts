// Who may sign requests: users with keys of their own, and roles whose sessions STS gives out for a while.
import { randomBytes } from 'node:crypto';
import type { Caller } from './aws-service.ts';
import { isAllowed, type Policy } from './policy.ts';
import { AwsProblem } from './problem.ts';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface Role {
  readonly arn: string;
  readonly trust: Policy;
  readonly policies: readonly Policy[];
}

interface Holder extends Caller {
  readonly keys: Keys;
  policies(): readonly Policy[];
}

export interface Identities {
  /** A user of an account with long-lived keys. */
  addUser(user: { readonly arn: string; readonly policies: readonly Policy[] }): Keys;
  /** Adds it, or puts it in the place of what has its ARN. */
  addRole(role: Role): void;
  role(arn: string): Role | undefined;
  /** Keys for a session of a role, for so many seconds. */
  openSession(role: Role, session: { readonly name: string; readonly seconds: number }): Keys;
  /** Throws AWS's refusal of keys that nobody has, or that have expired. */
  holder(accessKeyId: string, sessionToken: string | undefined): Holder;
  isAllowed(caller: Caller, action: string, resource: string): boolean;
}

export function createIdentities(): Identities {
  const holders = new Map<string, Holder>();
  const roles = new Map<string, Role>();

  function add(prefix: string, holder: Omit<Holder, 'keys'>, more: Partial<Keys> = {}): Keys {
    const keys = {
      accessKeyId: `${prefix}${randomBytes(8).toString('hex').toUpperCase()}`,
      secretAccessKey: randomBytes(30).toString('base64url'),
      ...more,
    };
    holders.set(keys.accessKeyId, { ...holder, keys });
    return keys;
  }

  return {
    addUser: ({ arn, policies }) => add('AKIA', { arn, account: accountOf(arn), policies: () => policies }),
    addRole(role) {
      roles.set(role.arn, role);
    },
    role: (arn) => roles.get(arn),
    openSession({ arn }, { name, seconds }) {
      const account = accountOf(arn);
      return add(
        'ASIA',
        {
          arn: `arn:aws:sts::${account}:assumed-role/${arn.split('/').at(-1)}/${name}`,
          account,
          policies: () => roles.get(arn)?.policies ?? [],
        },
        // By the time of the machine, by which the clients of AWS judge it too.
        {
          sessionToken: randomBytes(60).toString('base64'),
          expiration: new Date(Date.now() + seconds * 1000),
        },
      );
    },
    holder(accessKeyId, sessionToken) {
      const holder = holders.get(accessKeyId);
      if (holder === undefined || holder.keys.sessionToken !== sessionToken)
        throw new AwsProblem(
          403,
          'UnrecognizedClientException',
          'The security token included in the request is invalid.',
        );
      if (holder.keys.expiration && holder.keys.expiration.getTime() <= Date.now())
        throw new AwsProblem(
          403,
          'ExpiredTokenException',
          'The security token included in the request is expired',
        );
      return holder;
    },
    isAllowed(caller, action, resource) {
      const policies = [...holders.values()].find(({ arn }) => arn === caller.arn)?.policies() ?? [];
      return isAllowed(policies, { action, resource });
    },
  };
}

function accountOf(arn: string): string {
  return arn.split(':')[4] ?? '';
}
