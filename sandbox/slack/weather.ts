// The weather between Slack and the app, as switches that stay on until they are switched off.
import type { FaultHandle, Faults, RequestFault, WebhookFault } from '../faults.ts';
import type { WeatherSwitch } from '../weather.ts';

export interface SlackWeather {
  switches(): readonly WeatherSwitch[];
  /** False where there is no such switch. */
  set(name: string, isOn: boolean): boolean;
  /** Nobody can do anything in Slack, and no call is answered. */
  readonly isDown: boolean;
  calm(): void;
}

interface Kind {
  readonly name: string;
  readonly label: string;
  readonly expect: string;
  readonly requests?: readonly RequestFault[];
  readonly events?: readonly WebhookFault[];
}

const writing = /^\/api\/(chat|views)\./;

const kinds: readonly Kind[] = [
  {
    name: 'down',
    label: 'Slack is down: 503',
    expect: 'Nobody can do anything in Slack. What is decided on GitHub goes on; cards catch up afterwards.',
    requests: [{ kind: 'error', status: 503 }],
    events: [{ kind: 'drop' }],
  },
  {
    name: 'answers-lost',
    label: 'Answers are lost',
    expect: 'Slack does what it is told, and nobody hears of it. No card comes twice.',
    requests: [{ kind: 'answer-lost', path: writing, probability: 0.5 }],
  },
  {
    name: 'slow',
    label: 'Slack is slow',
    expect: 'Each answer takes 1.5 s, each event 2 s. It works, later.',
    requests: [{ kind: 'delay', ms: 1500 }],
    events: [{ kind: 'delay', ms: 2000 }],
  },
  {
    name: 'limited',
    label: 'Rate-limited: 429',
    expect:
      'Each call is told to come back in 30 s, and the app waits as long: switch it off, and push 1 min.',
    requests: [{ kind: 'too-many-requests', retryAfterSeconds: 30 }],
  },
  {
    name: 'doubled',
    label: 'Events come twice',
    expect: 'Nothing happens twice: each is known by its id.',
    events: [{ kind: 'duplicate' }],
  },
];

export function createSlackWeather(faults: Faults, changed: () => void): SlackWeather {
  const on = new Map<string, readonly FaultHandle[]>();
  return {
    switches: () =>
      kinds.map(({ name, label, expect }) => ({
        name,
        label,
        expect,
        isOn: on.has(name),
        hits: (on.get(name) ?? []).reduce((sum, { hits }) => sum + hits, 0),
      })),
    set(name, isOn) {
      const kind = kinds.find((each) => each.name === name);
      if (!kind) return false;
      for (const handle of on.get(name) ?? []) handle.remove();
      on.delete(name);
      if (isOn) {
        on.set(name, [
          ...(kind.requests ?? []).map((fault) => faults.onRequest(fault)),
          ...(kind.events ?? []).map((fault) => faults.onWebhook(fault)),
        ]);
      }
      changed();
      return true;
    },
    get isDown() {
      return on.has('down');
    },
    calm() {
      on.clear();
      faults.clear();
      changed();
    },
  };
}
