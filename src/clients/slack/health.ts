// Whether Slack answers, and since when: what people could not say in the meantime must not lapse for it.
import type { Instant, Milliseconds } from '../../domain/names.ts';
import { between } from '../../domain/names.ts';
import type { Clock } from '../../engine/ports/clock.ts';

export interface SlackHealth {
  /** Until the first silence, and again from the first answer on. */
  isReachable(): boolean;
  /** Since when Slack does not answer; undefined while it does. */
  unreachableSince(): Instant | undefined;
  /** When it last came back after it had been away; undefined where it never was. */
  outageEndedAt(): Instant | undefined;
  /** When it last answered. */
  answeredAt(): Instant | undefined;
}

export interface HealthWatch extends SlackHealth {
  /** Slack answered, be it with a no. */
  noteAnswer(): void;
  /** It did not, or said that it is not well. */
  noteSilence(): void;
}

/** A connection that broke once is no outage. */
const shortestOutage: Milliseconds = 10_000;

export function createHealthWatch(clock: Pick<Clock, 'now'>): HealthWatch {
  let since: Instant | undefined;
  let ended: Instant | undefined;
  let answered: Instant | undefined;
  return {
    isReachable: () => since === undefined,
    unreachableSince: () => since,
    outageEndedAt: () => ended,
    answeredAt: () => answered,
    noteAnswer() {
      answered = clock.now();
      if (since !== undefined && between(since, answered) >= shortestOutage) ended = answered;
      since = undefined;
    },
    noteSilence() {
      since ??= clock.now();
    },
  };
}
