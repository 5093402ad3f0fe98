// Code of a desk, as a strategy may have it run: what it is asked, what comes back, and whose fault it is where nothing does.
import type { Settings } from '../domain/flow.ts';
import type { PersonId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';

export interface CodeRun {
  /** `flows/seats.ts`. */
  readonly file: string;
  /** Of the default branch; absent: as it is there now. */
  readonly commit?: string;
  /** `strategy.read`. */
  readonly function: string;
  readonly input: Settings;
  /** Whom it is told of as `person`. */
  readonly person?: PersonId;
  /** That it may call, besides that of the integration. */
  readonly hosts: readonly string[];
  /** Of type `http`; as it was found for the call that this is for. */
  readonly integration?: { readonly name: string; readonly settings: Settings };
}

export type CodeRan =
  /** Nothing is known of the answer but that it is JSON of bounded size, or undefined. */
  { readonly ok: true; readonly answer: unknown } | { readonly ok: false; readonly problem: CodeProblem };

/** Why it came to no answer. */
interface CodeProblem {
  /** One of those in docs/code.md. */
  readonly kind: string;
  /** In words of the code, too. */
  readonly message: string;
  readonly line?: number;
  /** Where what it threw says itself whether the same may work later. */
  readonly transient?: boolean;
}

/** The code of a desk did not do its part: that the service did not do its own is no such thing. */
export class CodeFault extends Failure {}
