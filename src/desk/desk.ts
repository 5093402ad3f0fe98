// A desk as the rest of the product sees it: all that one commit of its `flows/` folder says.
import type { DecisionMessage, Flow, Revoker, Route, Settings } from '../domain/flow.ts';
import type { Account, Destination, Group, Milliseconds, PersonId } from '../domain/names.ts';
import type { Vars } from './compile/compile-vars.ts';
import type { Diagnostic } from './diagnostic.ts';
import type { FlowFile } from './schema/flow-schema.ts';
import type { JsonSchema } from './schema/validator.ts';

export interface Desk {
  readonly commit: string;
  /** Absent where `countersign.yml` is missing or broken. */
  readonly settings?: DeskSettings;
  /** Absent where `people.yml` is missing or broken. */
  readonly people?: People;
  /** By name. A broken flow is disabled alone. */
  readonly flows: ReadonlyMap<string, Flow | BrokenFlow>;
  /** Of all files, in the order of files, lines and columns. */
  readonly diagnostics: readonly Diagnostic[];
  /** Its TypeScript, by path; what cannot be read as text is left out. Absent where it has none. */
  readonly code?: { readonly [path: string]: string };
  /** Why this desk takes no requests, as a sentence; absent where it does. What was granted is taken back all the same. */
  readonly closed?: string;
}

export interface BrokenFlow {
  readonly broken: readonly Diagnostic[];
}

export interface DeskSettings {
  readonly admins: readonly Group[];
  readonly domains: { readonly members: readonly string[]; readonly linkByEmail: readonly string[] };
  readonly defaults: FlowDefaults;
  /** By name; one that belongs to an environment alone is `ENVIRONMENT/NAME`. */
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly environments: ReadonlyMap<string, Environment>;
  /** As they stand in the file: each flow that shares one checks it by its own strategy. */
  readonly targets: ReadonlyMap<string, TargetFile>;
  readonly vars: Vars;
  /** By name. */
  readonly guests: ReadonlyMap<string, GuestGroup>;
  /** Who is told where neither a step nor its environment says so. */
  readonly notify?: readonly Route[];
  /** The channel for errors. */
  readonly errors?: Destination;
  readonly slack?: { readonly workspace: string };
}

/** People from outside, who decide where a flow and a step allow it. */
export interface GuestGroup {
  readonly label: string;
  /** All whose own workspace it is. */
  readonly workspaces: readonly string[];
  /** Without a workspace: of the desk's own. */
  readonly users: readonly { readonly workspace?: string; readonly user: string }[];
  readonly people: readonly PersonId[];
  /** In small letters: a signed link may be sent there. */
  readonly emails: readonly string[];
  /** Narrow it; empty: they do not. */
  readonly emailDomains: readonly string[];
}

export type TargetFile = NonNullable<FlowFile['targets']>[string];

export interface FlowDefaults {
  readonly lapseAfter: Milliseconds;
  readonly validFor: Milliseconds;
  readonly allowRevoke: readonly Revoker[];
  readonly decisionMessage: DecisionMessage;
  readonly extend?: ExtendDefaults;
  /** Access flows: how long before the end of access its requester is warned. */
  readonly warnBefore?: Milliseconds;
}

/** What flows leave out. */
export interface ExtendDefaults {
  readonly maxTotal?: Milliseconds;
  readonly times?: number;
}

export interface Integration {
  readonly type: string;
  /** As it stands in the file, `type` included, with variables filled in. Secrets are still `${{ secrets.NAME }}`. */
  readonly settings: Settings;
}

export interface Environment {
  readonly label: string;
  /** As it stands in the file: a flow's own variables may stand in it. */
  readonly danger?: string;
  /** With those of the desk. */
  readonly vars: Vars;
  /** Who is told where a step does not say so: the desk's own, where the environment has none. An empty list is nobody. */
  readonly notify?: readonly Route[];
  /** The channel for errors, where it is not the desk's. */
  readonly errors?: Destination;
}

export interface People {
  readonly persons: ReadonlyMap<PersonId, Person>;
  readonly byAccount: ReadonlyMap<Account, PersonId>;
}

export interface Person {
  readonly id: PersonId;
  readonly name: string;
  readonly role: 'member' | 'guest';
  readonly email?: string;
  readonly github?: { readonly login: string; readonly id: number };
  /** The workspace is absent where it is the desk's own. */
  readonly slack?: { readonly workspace?: string; readonly user: string };
  readonly manager?: PersonId;
  /** In the services that access is granted in: `okta`, or `okta@NAME` by one integration. */
  readonly accounts?: { readonly [service: string]: string };
}

/** What a desk's reader knows of each strategy that the operator runs. */
export type StrategySchemas = {
  readonly [type: string]: {
    readonly settings: JsonSchema;
    readonly integration?: JsonSchema;
    readonly placeholders?: Placeholders;
    /** Whether it can cut sessions that are open when access ends: `end_sessions`. */
    readonly endsSessions?: true;
    /** Whether the desk's own code does it: it takes `file` and `hosts`, and can do without an integration. */
    readonly runsCode?: true;
  };
};

/** What may stand between `{{` and `}}` in the texts of a setting. */
export interface Placeholders {
  readonly [setting: string]: {
    readonly names: readonly string[];
    /** `PREFIX.PART` for each part that the list at this path names, as in `{ sealed: ['keep', 'sealed'] }`. */
    readonly listed?: { readonly [prefix: string]: readonly string[] };
  };
}

/** What a desk's reader knows of each place that options may be read from; see `src/prefetch/option-source.ts`. */
export type OptionSourceSchemas = {
  readonly [run: string]: {
    readonly with: JsonSchema;
    readonly takes: { readonly [key: string]: 'anything' | 'limited' };
    readonly integration?: JsonSchema;
  };
};

/** What an integration of each type holds; `type` is among its keys. */
export type IntegrationSchemas = { readonly [type: string]: JsonSchema };

/** What a desk's reader knows of each kind of action that the operator runs; see `src/actions/action.ts`. */
export type ActionSchemas = {
  readonly [type: string]: {
    readonly with: JsonSchema;
    readonly takes: { readonly [key: string]: 'anything' | 'limited' };
    readonly integration?: JsonSchema;
    readonly leads?: readonly string[];
  };
};

/** All that a desk's files may name and this installation brings. */
export interface PlugIns {
  readonly strategies: StrategySchemas;
  /** All types there are; absent: those of the strategies, and whatever else is written. */
  readonly integrations?: IntegrationSchemas;
  /** Absent: none. */
  readonly actions?: ActionSchemas;
  /** Absent: none. */
  readonly optionSources?: OptionSourceSchemas;
}

/** The same, once what is left out is settled. */
export interface KnownPlugIns {
  readonly strategies: StrategySchemas;
  readonly integrations: IntegrationSchemas | undefined;
  readonly actions: ActionSchemas;
  readonly optionSources: OptionSourceSchemas;
}

export function isBroken(flow: Flow | BrokenFlow): flow is BrokenFlow {
  return 'broken' in flow;
}
