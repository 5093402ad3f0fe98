// Whether a connection by Socket Mode can be opened: for setup and doctor, which open none.
import { readText } from './answers.ts';
import { createSlackCaller, type CallerParts } from './caller.ts';
import { createHealthWatch } from './health.ts';

/** Throws `Failure` where Slack does not offer one: a token of another kind, without its scope, or of no app. */
export async function askForSocket(parts: Omit<CallerParts, 'health'>): Promise<void> {
  const caller = createSlackCaller({ ...parts, health: createHealthWatch(parts.clock) });
  const answer = await caller.call('apps.connections.open', {}, { lane: 'answer' });
  readText('apps.connections.open', answer, 'url');
}
