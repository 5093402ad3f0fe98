// What a Google Workspace directory holds, as far as groups go; a membership shows only after a while, where it is told to.
import type { JsonWebKey } from 'node:crypto';

export interface GoogleUserRow {
  readonly id: string;
  readonly primaryEmail: string;
  readonly aliases?: readonly string[];
  readonly suspended?: boolean;
  readonly archived?: boolean;
}

export interface GoogleGroupRow {
  readonly id: string;
  readonly email: string;
  readonly aliases?: readonly string[];
}

export type GoogleRole = 'MEMBER' | 'MANAGER' | 'OWNER';

export interface ServiceAccount {
  readonly key: JsonWebKey;
  /** What domain-wide delegation gives it. */
  readonly scopes: readonly string[];
}

export interface GoogleState {
  readonly users: Map<string, GoogleUserRow>;
  readonly groups: Map<string, GoogleGroupRow>;
  /** By address. */
  readonly serviceAccounts: Map<string, ServiceAccount>;
  /** Who may be acted for, and read the directory. */
  readonly administrators: Set<string>;
  /** Of a user or of a group within the group. */
  role(group: string, member: string): GoogleRole | undefined;
  /** As others see it by now. */
  shown(group: string, member: string): GoogleRole | undefined;
  setRole(group: string, member: string, role: GoogleRole | undefined): void;
  visibleAfterMs: number;
  pageSize: number;
}

type Row = {
  readonly is: GoogleRole | undefined;
  readonly was: GoogleRole | undefined;
  readonly since: number;
};

export function createGoogleState(now: () => Date): GoogleState {
  const rows = new Map<string, Row>();
  return {
    users: new Map(),
    groups: new Map(),
    serviceAccounts: new Map(),
    administrators: new Set(),
    role: (group, member) => rows.get(`${group}/${member}`)?.is,
    shown(group, member) {
      const row = rows.get(`${group}/${member}`);
      if (row === undefined) return undefined;
      return now().getTime() - row.since >= this.visibleAfterMs ? row.is : row.was;
    },
    setRole(group, member, is) {
      const was = this.shown(group, member);
      rows.set(`${group}/${member}`, { is, was, since: now().getTime() });
    },
    visibleAfterMs: 0,
    pageSize: 200,
  };
}
