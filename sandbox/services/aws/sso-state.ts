// What IAM Identity Center keeps: permission sets, who is assigned what, the roles that follow from it, and work under way.
import { randomUUID } from 'node:crypto';
import type { IdentityStore } from './identity-store.ts';
import { createKeptRows, type KeptRows } from './kept-rows.ts';
import { isAllowed, type Policy } from './policy.ts';

export interface Assignment {
  readonly AccountId: string;
  readonly PermissionSetArn: string;
  readonly PrincipalType: 'USER' | 'GROUP';
  readonly PrincipalId: string;
}

export interface PermissionSet {
  readonly PermissionSetArn: string;
  readonly Name: string;
  /** Empty where it has none. */
  inlinePolicy: string;
}

/** Work that takes its time, and the account that it keeps busy. */
export interface Work {
  readonly RequestId: string;
  readonly kind: 'create' | 'delete' | 'provision';
  readonly target: Omit<Assignment, 'PrincipalType' | 'PrincipalId'> & Partial<Assignment>;
  readonly created: Date;
  readonly ends: Date;
  status: 'IN_PROGRESS' | 'SUCCEEDED' | 'FAILED';
  failure?: string;
}

/** What a person works with after signing in, for at most twelve hours. */
export interface Session {
  readonly UserId: string;
  readonly AccountId: string;
  readonly PermissionSetArn: string;
  readonly issued: Date;
  readonly roleId: string;
}

interface ProvisionedRole {
  readonly roleId: string;
  readonly inlinePolicy: string;
}

export interface SsoOptions {
  readonly instanceArn: string;
  readonly store: IdentityStore;
  readonly now: () => Date;
  readonly accounts: readonly string[];
  /** How long each piece of work takes. */
  readonly workMs?: (kind: Work['kind']) => number;
  /** How long a change takes to show in what is read. */
  readonly lagMs?: number;
  readonly pageSize?: number;
  /** What AWS publishes, by default: 20 requests a second, 10 pieces of work at once. */
  readonly limits?: { readonly requestsPerSecond: number; readonly outstanding: number };
}

export interface SsoState {
  readonly permissionSets: Map<string, PermissionSet>;
  readonly assignments: KeptRows<Assignment>;
  readonly work: readonly Work[];
  begin(kind: Work['kind'], target: Work['target']): Work;
  /** What is under way now. */
  busy(): readonly Work[];
  /** Lets what is due happen. */
  settle(): void;
  isProvisioned(account: string, permissionSet: string): boolean;
  /** The next piece of work of this kind fails, with this reason. */
  failNext(kind: Work['kind'], reason: string): void;
  /** By hand, at once. */
  assign(assignment: Assignment): void;
  unassign(assignment: Assignment): void;
  isAssigned(assignment: Assignment): boolean;
  /** A person signs in; throws where they have no access. */
  signIn(person: Omit<Session, 'issued' | 'roleId'>): Session;
  /** Whether what they then do is let through. */
  mayAct(session: Session, action: string): boolean;
}

const longestSessionMs = 12 * 3_600_000;

export function createSsoState({ store, now, accounts, workMs = () => 2000 }: SsoOptions): SsoState {
  const permissionSets = new Map<string, PermissionSet>();
  const assignments = createKeptRows<Assignment>();
  const roles = new Map<string, ProvisionedRole>();
  const work: Work[] = [];
  const failures: { readonly kind: Work['kind']; readonly reason: string }[] = [];
  const roleKey = (account: string, permissionSet: string): string => `${account} ${permissionSet}`;

  function provision({ AccountId, PermissionSetArn }: Work['target']): void {
    const key = roleKey(AccountId, PermissionSetArn);
    const roleId = roles.get(key)?.roleId ?? randomUUID();
    roles.set(key, { roleId, inlinePolicy: permissionSets.get(PermissionSetArn)?.inlinePolicy ?? '' });
  }

  function assign(assignment: Assignment, at: Date): void {
    assignments.add(keyOf(assignment), assignment, at);
    provision(assignment);
  }

  /** With the last assignment of a permission set in an account, its role goes. */
  function unassign(assignment: Assignment, at: Date): void {
    assignments.remove(keyOf(assignment), at);
    const { AccountId, PermissionSetArn } = assignment;
    const others = assignments.all(at).filter((each) => isOf(each, AccountId, PermissionSetArn));
    if (others.length === 0) roles.delete(roleKey(AccountId, PermissionSetArn));
  }

  function problemOf({ kind, target }: Work, at: Date): string | undefined {
    if (!accounts.includes(target.AccountId))
      return `Received a 404 status error: Account ${target.AccountId} not found`;
    if (kind === 'provision' || !isWhole(target)) return undefined;
    if (kind === 'delete')
      return assignments.has(keyOf(target), at)
        ? undefined
        : `Received a 404 status error: ${target.PrincipalId} has no such assignment in ${target.AccountId}`;
    const { PrincipalId: id } = target;
    const isKnown = target.PrincipalType === 'USER' ? store.users.has(id) : store.groups.has(id);
    return isKnown ? undefined : `Received a 404 status error: Principal ${id} not found`;
  }

  function finish(each: Work): void {
    const asked = failures.findIndex(({ kind }) => kind === each.kind);
    const failure = asked >= 0 ? failures.splice(asked, 1)[0]?.reason : problemOf(each, each.ends);
    each.status = failure === undefined ? 'SUCCEEDED' : 'FAILED';
    if (failure !== undefined) each.failure = failure;
    else if (each.kind === 'provision' || !isWhole(each.target)) provision(each.target);
    else if (each.kind === 'create') assign(each.target, each.ends);
    else unassign(each.target, each.ends);
  }

  const state: SsoState = {
    permissionSets,
    assignments,
    work,
    begin(kind, target) {
      const created = now();
      const ends = new Date(created.getTime() + workMs(kind));
      const begun: Work = { RequestId: randomUUID(), kind, target, created, ends, status: 'IN_PROGRESS' };
      work.push(begun);
      return begun;
    },
    busy: () => work.filter(({ status }) => status === 'IN_PROGRESS'),
    settle() {
      const due = state.busy().filter(({ ends }) => ends <= now());
      for (const each of due.toSorted((a, b) => a.ends.getTime() - b.ends.getTime())) finish(each);
    },
    isProvisioned: (account, permissionSet) => roles.has(roleKey(account, permissionSet)),
    failNext: (kind, reason) => void failures.push({ kind, reason }),
    assign: (assignment) => assign(assignment, now()),
    unassign: (assignment) => unassign(assignment, now()),
    isAssigned(assignment) {
      state.settle();
      return assignments.has(keyOf(assignment), now());
    },
    signIn({ UserId, AccountId, PermissionSetArn }) {
      state.settle();
      const role = roles.get(roleKey(AccountId, PermissionSetArn));
      const isIn = assignments
        .all(now())
        .filter((each) => isOf(each, AccountId, PermissionSetArn))
        .some(({ PrincipalType, PrincipalId }) =>
          PrincipalType === 'USER' ? PrincipalId === UserId : store.isMember(PrincipalId, UserId),
        );
      if (!isIn || role === undefined) throw new Error('This person has no access there.');
      return { UserId, AccountId, PermissionSetArn, issued: now(), roleId: role.roleId };
    },
    mayAct(session, action) {
      state.settle();
      const role = roles.get(roleKey(session.AccountId, session.PermissionSetArn));
      if (role?.roleId !== session.roleId) return false;
      if (now().getTime() - session.issued.getTime() >= longestSessionMs) return false;
      const keys = {
        'identitystore:UserId': session.UserId,
        'aws:TokenIssueTime': session.issued.toISOString(),
        'aws:PrincipalAccount': session.AccountId,
      };
      const inline = role.inlinePolicy === '' ? [] : [readPolicy(role.inlinePolicy)];
      return isAllowed([administrator, ...inline], { action, resource: '*', keys });
    },
  };
  return state;
}

/** What the permission sets of the double allow besides their inline policy. */
const administrator: Policy = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

export function readPolicy(written: string): Policy {
  const policy: Policy = JSON.parse(written);
  return policy;
}

function keyOf({ AccountId, PermissionSetArn, PrincipalType, PrincipalId }: Assignment): string {
  return [AccountId, PermissionSetArn, PrincipalType, PrincipalId].join(' ');
}

function isOf(assignment: Assignment, account: string, permissionSet: string): boolean {
  return assignment.AccountId === account && assignment.PermissionSetArn === permissionSet;
}

function isWhole(target: Work['target']): target is Assignment {
  return target.PrincipalId !== undefined && target.PrincipalType !== undefined;
}
