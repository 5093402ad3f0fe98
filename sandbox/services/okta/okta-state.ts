// What an Okta org holds, as far as groups go; membership shows in what is read only after a while, where it is told to.
import type { JsonWebKey } from 'node:crypto';

export interface OktaUserRow {
  readonly id: string;
  readonly status: string;
  readonly login: string;
  readonly email: string;
}

export interface OktaGroupRow {
  readonly id: string;
  readonly type: 'OKTA_GROUP' | 'APP_GROUP' | 'BUILT_IN';
  readonly name: string;
}

export interface OktaRuleRow {
  readonly id: string;
  readonly status: 'ACTIVE' | 'INACTIVE' | 'INVALID';
  readonly groupIds: readonly string[];
}

export interface ServiceApp {
  readonly key: JsonWebKey;
  readonly scopes: readonly string[];
  readonly demandsDpop?: boolean;
}

export interface OktaState {
  readonly users: Map<string, OktaUserRow>;
  readonly groups: Map<string, OktaGroupRow>;
  readonly rules: OktaRuleRow[];
  /** API tokens, and what their owner's admin role lets them do. */
  readonly tokens: Map<string, 'read' | 'manage'>;
  readonly apps: Map<string, ServiceApp>;
  /** How people are found by what is said of them: as things were then. */
  searchable: readonly OktaUserRow[] | undefined;
  isMember(group: string, user: string): boolean;
  /** As others see it by now. */
  showsMember(group: string, user: string): boolean;
  setMember(group: string, user: string, isMember: boolean): void;
  visibleAfterMs: number;
  pageSize: number;
  /** So many requests a minute. */
  limit: number;
}

export function createOktaState(now: () => Date): OktaState {
  const members = new Map<string, { is: boolean; was: boolean; since: number }>();
  return {
    users: new Map(),
    groups: new Map(),
    rules: [],
    tokens: new Map(),
    apps: new Map(),
    searchable: undefined,
    isMember: (group, user) => members.get(`${group}/${user}`)?.is ?? false,
    showsMember(group, user) {
      const row = members.get(`${group}/${user}`);
      if (row === undefined) return false;
      return now().getTime() - row.since >= this.visibleAfterMs ? row.is : row.was;
    },
    setMember(group, user, is) {
      const was = this.showsMember(group, user);
      members.set(`${group}/${user}`, { is, was, since: now().getTime() });
    },
    visibleAfterMs: 0,
    pageSize: 200,
    limit: 10_000,
  };
}
