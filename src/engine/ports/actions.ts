// What runs once a request is approved.
import type { Action, Settings } from '../../domain/flow.ts';
import type { DeskId, Instant, RequestId } from '../../domain/names.ts';

/** What runs once a request is approved. See `actions/action.ts` for what authors write. */
export interface Actions {
  /**
   * Carries it out, or finds that an earlier try did. Throws `Failure`: transient where trying again may help and can do
   * no harm.
   */
  run(call: ActionCall): Promise<Ran>;
}

export interface ActionCall {
  readonly request: RequestId;
  readonly desk: DeskId;
  /** Of its flow, as the request is pinned to it. */
  readonly commit: string;
  readonly action: Action;
  /** The same for each try of the same thing, and of nothing else. */
  readonly key: string;
  /** When it was started: no try is older. */
  readonly startedAt: Instant;
  /** Whether an earlier try may have taken effect. */
  readonly isRepeated: boolean;
  /** No call leaves after this. */
  readonly notAfter: Instant;
  /** Asked right before the call that acts: somebody may have ended it meanwhile. */
  isWanted(): Promise<boolean>;
  readonly signal: AbortSignal;
}

/** Runs what an action names of a desk's own code. */
export interface ActionCode {
  /** Throws `Failure`. */
  run(
    call: CodeToRun & Pick<ActionCall, 'desk' | 'commit' | 'notAfter'> & { readonly signal: AbortSignal },
  ): Promise<Ran>;
}

export interface CodeToRun {
  /** `flows/gate.ts` */
  readonly file: string;
  /** Its name, as the file exports it. */
  readonly function: string;
  /** Where it may call. */
  readonly hosts: readonly string[];
  readonly event: Pick<ActionCall, 'request' | 'key' | 'isRepeated'> & { readonly input: Settings };
}

export interface Ran {
  /** What people want to know of it: the address of a run, parts of an answer. */
  readonly recorded?: { readonly [name: string]: string };
}
