// Countersign as an ordinary Probot function: it works under plain Probot as it does under our own main.
import type { ApplicationFunction } from 'probot';
import { startCountersign } from './countersign.ts';
import { readSettings } from './settings.ts';
import { logOf } from './system.ts';

/**
 * For `run(countersign)` of Probot: everything from the environment. Each delivery is durable before Probot answers
 * GitHub. The log is Probot's own there: of a delivery that fails it holds all, which ours never does.
 */
export const countersign: ApplicationFunction = async (app) => {
  const read = readSettings(process.env);
  if (!('settings' in read))
    throw new Error('problems' in read ? read.problems.join('\n') : 'Nothing of the configuration is set.');
  const running = await startCountersign(read.settings, { log: logOf(app.log) });
  app.onAny(async ({ name, payload }) => running.acceptWebhook(name, payload));
};
