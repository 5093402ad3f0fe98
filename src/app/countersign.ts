// The app as one thing that can be started and stopped: the composition, its bell and its chores.
import { minutes } from '../domain/duration.ts';
import { deskId, type DeskId, type Milliseconds } from '../domain/names.ts';
import { openDisk } from '../store/disk.ts';
import { compose, type Composition, type Surroundings } from './compose.ts';
import { endWithin } from './ending.ts';
import { startScheduler } from './scheduler.ts';
import type { Settings } from './settings.ts';
import type { SlackEars } from './slack-door.ts';
import type { LinkDeciding } from '../surfaces/email/deciding.ts';
import { createIds, systemClock } from './system.ts';

export interface Countersign {
  /** A verified delivery of GitHub. Durable when it resolves. */
  acceptWebhook(event: string, payload: unknown): Promise<void>;
  /** Absent where Slack is not set up. */
  readonly slack?: SlackEars;
  /** Absent where guests are sent no links. */
  readonly deciding?: LinkDeciding;
  /** Takes nothing new; what is under way may end within the time. What the ledger lacks then is said. */
  stop(grace: Milliseconds): Promise<void>;
}

export interface Given extends Pick<Surroundings, 'log'>, Partial<Omit<Surroundings, 'log'>> {
  /** Calls back where time has moved by itself, as only the sandbox's does: whatever is due then is looked for at once. */
  readonly onPush?: (listener: () => void) => void;
  /** Told each time the bell is heard. */
  readonly onBell?: () => void;
}

export async function startCountersign(settings: Settings, given: Given): Promise<Countersign> {
  const around: Surroundings = {
    clock: systemClock,
    ids: createIds(),
    fetch: globalThis.fetch,
    disk: openDisk(settings.dataFolder),
    ...given,
  };
  const { heart, github, slack, mail, store, errors, watch, drift, invalidate, look, stopCode } =
    await compose(settings, around);
  const { clock, log } = around;
  await heart.start();
  const scheduler = await startScheduler({
    clock,
    log,
    chores: [
      { name: 'note the bell', every: 0, run: async () => given.onBell?.() },
      { name: 'beat', every: 0, run: heart.beat },
      { name: 'sweep deliveries', every: minutes(5), run: github.recovery.sweepDeliveries },
      { name: 'reread what is open', every: minutes(10), run: github.recovery.rereadOpen },
      { name: 'check flows', every: 0, run: github.flowCheck.beat },
      { name: 'reread pull requests', every: minutes(10), run: github.flowCheck.lookAgain },
      { name: 'look at the desks', every: 5000, run: watch.look },
      { name: 'look at their files', every: minutes(10), run: lookAtFiles },
      { name: 'look for drift', every: minutes(10), run: drift.look },
      { name: 'show errors', every: 0, run: errors.beat },
      ...(slack ? [{ name: 'look at Slack', every: 5000, run: lookAtSlack }] : []),
    ],
  });
  async function lookAtSlack(): Promise<void> {
    slack?.errors.look();
    await slack?.app.look();
  }

  given.onPush?.(() => scheduler.ring('beat'));

  async function lookAtFiles(): Promise<void> {
    await Promise.all(settings.desks.map(({ id }) => look(id)));
  }

  function changed(repository: DeskId): void {
    invalidate(repository);
    // GitHub is not kept waiting for our answer while it is asked for the files.
    if (settings.desks.some(({ id }) => id === repository)) void look(repository);
  }

  return {
    ...(slack && { slack: earsOf(slack) }),
    ...(mail?.deciding && { deciding: mail.deciding }),
    async acceptWebhook(event, payload) {
      const pushed = event === 'push' || event === 'repository' ? repositoryOf(payload) : undefined;
      if (pushed !== undefined) changed(deskId('github', pushed));
      await github.acceptWebhook(event, payload);
    },
    async stop(grace) {
      await endWithin(grace, {
        store,
        desks: settings.desks.map(({ id }) => id),
        clock,
        log,
        async finish() {
          // Half of the time for calls under way; what they bring is to be committed in the other.
          await Promise.all([scheduler.stop(), heart.stop(grace / 2)]);
          await stopCode();
          await Promise.all([github.idle(), slack?.connection.idle()]);
          await errors.idle();
        },
      });
    },
  };
}

function earsOf({ app, connection }: NonNullable<Composition['slack']>): SlackEars {
  return {
    async accept(delivery) {
      // Slack itself is asked: a person's token may be meant, and this may come late.
      if (isFarewell(delivery.body)) app.doubt(delivery.connection);
      return connection.accept(delivery);
    },
    async teamOf(name) {
      const found = app.connections.find((each) => each.name === name);
      if (found === undefined) throw new Error('A delivery came to a workspace that is not connected.');
      return (await found.identity()).team;
    },
  };
}

/** Slack says that the app was removed, or a token revoked. */
function isFarewell(body: unknown): boolean {
  const event = typeof body === 'object' && body !== null && 'event' in body ? body.event : undefined;
  const type = typeof event === 'object' && event !== null && 'type' in event ? event.type : undefined;
  return type === 'app_uninstalled' || type === 'tokens_revoked';
}

function repositoryOf(payload: unknown): number | undefined {
  if (typeof payload !== 'object' || payload === null || !('repository' in payload)) return undefined;
  const { repository } = payload;
  if (typeof repository !== 'object' || repository === null || !('id' in repository)) return undefined;
  return typeof repository.id === 'number' ? repository.id : undefined;
}
