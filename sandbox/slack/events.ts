// Tells apps what happened, and again where they do not answer: at once, after a minute, after five more.
import type { Faults } from '../faults.ts';
import type { Delivery } from './deliver.ts';
import { asText, type Json } from './json.ts';
import { eventEnvelope } from './payloads.ts';
import type { AppRow, ChannelRow } from './rows.ts';
import { appSees } from './sight.ts';
import type { World } from './world.ts';

const waits: readonly number[] = [0, 60_000, 300_000];

export interface Happening {
  /** As an app subscribes to it: `message.im`. */
  readonly name: string;
  readonly event: Json;
  /** The workspace that it came from. */
  readonly team: string;
  readonly channel?: ChannelRow;
  /** For this app alone, such as `app_home_opened`. */
  readonly onlyApp?: AppRow;
}

export interface Events {
  tell(happening: Happening): void;
  /** Delivers again what is due by now. */
  tick(): Promise<void>;
  /** Those that wait to be delivered again. */
  readonly waiting: number;
  /** Resolves when nothing is on its way any more; what waits for its time is left waiting. */
  settled(): Promise<void>;
  /** Events that were given up, newest last. */
  readonly lost: readonly Json[];
}

interface Owed {
  readonly app: string;
  readonly payload: Json;
  readonly number: number;
  readonly reason: string;
  readonly due: number;
}

export function createEvents(world: World, delivery: Delivery, faults: Faults): Events {
  let owed: Owed[] = [];
  const lost: Json[] = [];
  const underWay = new Set<Promise<void>>();

  const start = (work: Promise<void>): void => {
    const flight = work.finally(() => underWay.delete(flight));
    underWay.add(flight);
  };

  const attempt = async (app: string, payload: Json, number: number, reason = ''): Promise<void> => {
    // Settings may have changed since: the address, Socket Mode, whether it is installed at all.
    const now = world.state.apps.get(app);
    if (!now || (number > 0 && !now.installed)) return;
    const delivered = await delivery.deliver(now, {
      kind: 'events_api',
      payload,
      ...(number > 0 ? { retry: { number, reason } } : {}),
    });
    if (delivered.ok || delivered.isFinal) return;
    const wait = waits[number];
    if (wait === undefined) return void lost.push(payload);
    if (wait === 0) return attempt(app, payload, number + 1, delivered.reason);
    const due = world.now().getTime() + wait;
    owed.push({ app, payload, number: number + 1, reason: delivered.reason, due });
  };

  const send = (app: AppRow, payload: Json, event: string): void => {
    const fault = faults.forWebhook(event, null);
    if (fault?.kind === 'drop') return;
    if (fault?.kind === 'duplicate') start(attempt(app.id, payload, 0));
    const wait = fault?.kind === 'delay' ? fault.ms : fault?.kind === 'reorder' ? 30 : 0;
    start(pause(wait).then(() => attempt(app.id, payload, 0)));
  };

  return {
    tell({ name, event, team, channel, onlyApp }) {
      for (const app of world.state.apps.all()) {
        if (onlyApp && onlyApp.id !== app.id) continue;
        if (!app.installed || !app.events.includes(name)) continue;
        if (channel && !mayHear(app, channel)) continue;
        send(app, eventEnvelope(world, app, { event, team, channel }), asText(event['type']) ?? name);
      }
    },
    async tick() {
      const now = world.now().getTime();
      const due = owed.filter((each) => each.due <= now);
      owed = owed.filter((each) => each.due > now);
      for (const { app, payload, number, reason } of due) start(attempt(app, payload, number, reason));
      await Promise.all(underWay);
    },
    get waiting() {
      return owed.length;
    },
    async settled() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    get lost() {
      return lost;
    },
  };
}

/** Channels that the app is in; of public ones it only hears what it is a member of. */
function mayHear(app: AppRow, channel: ChannelRow): boolean {
  return appSees(app, channel) && channel.members.includes(app.bot_user_id);
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, ms));
}
