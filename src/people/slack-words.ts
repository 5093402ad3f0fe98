// What the groups of Slack say in the same words.
import type { Unknown } from '../domain/facts.ts';

export const notConnected: Unknown = { unknown: 'No Slack workspace is connected for this desk.' };
