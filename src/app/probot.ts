// Countersign as an ordinary Probot function: it works under plain Probot as it does under our own main.
import type { ApplicationFunction } from 'probot';
import { startCountersign, type Countersign } from './countersign.ts';
import { readSettings } from './settings.ts';
import { logOf } from './system.ts';

/** For `run(countersign)` of Probot: everything from the environment. */
export const countersign: ApplicationFunction = async (app, options) => {
  const read = readSettings(process.env);
  if (!('settings' in read))
    throw new Error('problems' in read ? read.problems.join('\n') : 'Nothing of the configuration is set.');
  const running = await startCountersign(read.settings, { log: logOf(app.log) });
  await deliverTo(async () => running)(app, options);
};

/** Hands every verified delivery to the app, and resolves once that is durable: Probot answers GitHub only then. */
export function deliverTo(running: () => Promise<Countersign>): ApplicationFunction {
  return (app) => {
    app.onAny(async ({ name, payload }) => {
      await (await running()).acceptWebhook(name, payload);
    });
  };
}
