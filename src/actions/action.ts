// What the author of an action writes: how one kind of thing is run, once, after an approval. Cards, retries, the ledger and the end of an approval are not their business.
import type { Octokit } from '@octokit/rest';
import type { Settings } from '../domain/flow.ts';
import type { DeskId, Instant, Milliseconds, RequestId } from '../domain/names.ts';
import type { WaysOut } from '../clients/ways-out.ts';
import type { CodeToRun, Ran } from '../engine/ports/actions.ts';

/** Validation, documentation and editor help follow from it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/**
 * `W` is what it is called with, `I` the settings of its integration. Both were validated by the schemas before `run` is
 * called.
 */
export interface ActionKind<W = Settings, I = Settings> {
  /** As written in a flow: `github-workflow`. */
  readonly type: string;
  /** What people call the service, for sentences: “GitHub”. */
  readonly service: string;
  /** What `with` holds, by the names that the vendor uses. */
  readonly with: JsonSchema;
  /**
   * In which keys of `with` answers of a requester may stand. `anything`: whatever they typed, since it is data there.
   * `limited`: a path, where only answers stand that the flow limits, percent-encoded. Everywhere else they may not: what
   * a requester types never says what is called.
   */
  readonly takes: { readonly [key: string]: 'anything' | 'limited' };
  /** What its integration in `countersign.yml` holds; absent where it needs none. */
  readonly integration?: JsonSchema;
  /** The settings of its integration that say where it leads: an approval is for there, and for nowhere else. */
  readonly leads?: readonly string[];
  /** The longest that one attempt may take, where half a minute is not enough. */
  readonly patienceMs?: Milliseconds;
  /**
   * Runs it, or finds that an earlier try did. Throws `Failure` without any value in it, with `transient` only where
   * trying again may help, and `isUntouched` where it was certainly not begun.
   */
  run(call: RunCall<W, I>): Promise<Ran>;
}

export interface RunCall<W = Settings, I = Settings> {
  readonly with: W;
  readonly integration: I;
  readonly desk: DeskId;
  readonly request: RequestId;
  /** The same for each try of the same thing, and of nothing else. */
  readonly key: string;
  /** When it was started: no try is older. */
  readonly startedAt: Instant;
  /** Whether an earlier try may have taken effect: where that can be found out, it is, before trying again. */
  readonly isRepeated: boolean;
  readonly using: Capabilities;
}

/** All that an action may use of the world. Every call it makes is aborted in time, and none leaves too late. */
export interface Capabilities extends WaysOut {
  /** To be asked right before the call that acts. Throws `Failure` where it is not to be run any more. */
  demand(): Promise<void>;
  /** GitHub as the grants app, where it sees this repository; and the login by which GitHub shows what that app does. */
  github(owner: string, repo: string): Promise<{ readonly octokit: Octokit; readonly login: string }>;
  /** A function of the desk's own code, at the commit that the request is pinned to. Throws `Failure`. */
  code(run: CodeToRun): Promise<Ran>;
}
