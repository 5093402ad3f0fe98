// How an outside service fails: whether trying again makes sense, and when.
import type { Milliseconds } from '../../domain/names.ts';

/** An outside service said no or nothing. `transient` decides about trying again. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly transient: boolean;
  /** When the service says that trying again makes sense. */
  readonly retryAfter: Milliseconds | undefined;
  /** Whether nothing was done for certain: it was refused, or never left. */
  readonly isUntouched: boolean;
  constructor(
    message: string,
    options: {
      readonly transient: boolean;
      readonly retryAfter?: Milliseconds;
      readonly isUntouched?: boolean;
      readonly cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.transient = options.transient;
    this.retryAfter = options.retryAfter;
    this.isUntouched = options.isUntouched ?? false;
  }
}
