// An answer of Slack's that says no: `ok: false`, with an error and what belongs to it.
import type { Json } from './json.ts';

export class SlackProblem extends Error {
  readonly error: string;
  readonly extra: Json;

  constructor(error: string, extra: Json = {}) {
    super(error);
    this.error = error;
    this.extra = extra;
  }
}

/** What is wrong with a text that was sent, as Slack lists it. */
export function invalid(error: string, messages: readonly string[]): SlackProblem {
  return new SlackProblem(error, {
    ...(error === 'invalid_blocks' ? { errors: messages } : {}),
    response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
  });
}
