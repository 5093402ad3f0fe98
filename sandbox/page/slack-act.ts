/// <reference lib="dom" />
// Acts in Slack as the chosen person; what Slack says of it comes back, and is shown where it was done.
import type { Outcome } from '../slack/outcome.ts';
import { send } from './ask.ts';
import { refresh, state } from './state.ts';

/** Undefined where the sandbox itself refused: the reason is on the page then. */
export async function slackAct<T = unknown>(
  name: string,
  input: Readonly<Record<string, unknown>> = {},
): Promise<Outcome<T> | undefined> {
  const outcome = await slackAsk<T>(name, input);
  await refresh();
  return outcome;
}

/** For what changes nothing that is seen. */
export function slackAsk<T = unknown>(
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Outcome<T> | undefined> {
  return send<Outcome<T>>('slack/act', { ...input, do: name, as: state.login });
}

/** What Slack has said to one person alone, by the place where it stands: a channel, a message, a form. */
const notes = new Map<string, string>();

export function noteAt(place: string): string | undefined {
  return notes.get(`${state.login} ${place}`);
}

/** Null takes it away. */
export function setNote(place: string, text: string | null): void {
  const key = `${state.login} ${place}`;
  if (text === null) notes.delete(key);
  else notes.set(key, text);
}

/** Acts, and leaves what went wrong at the place. */
export async function actAt<T = unknown>(
  place: string,
  name: string,
  input: Readonly<Record<string, unknown>>,
): Promise<Outcome<T> | undefined> {
  setNote(place, null);
  const outcome = await slackAct<T>(name, input);
  if (outcome && !outcome.ok) setNote(place, outcome.shown);
  return outcome;
}
