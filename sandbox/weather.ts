// The weather between GitHub and the app, as switches that stay on until they are switched off.
import type { FaultHandle, Faults, RequestFault, WebhookFault } from './faults.ts';

export interface WeatherSwitch {
  readonly name: string;
  readonly label: string;
  /** What to expect of the app. */
  readonly expect: string;
  readonly isOn: boolean;
  /** How often it has struck since it was switched on. */
  readonly hits: number;
}

export interface Weather {
  switches(): readonly WeatherSwitch[];
  /** False where there is no such switch. */
  set(name: string, isOn: boolean): boolean;
  /** How many troubles wait that nobody switched on: they strike a few times and are over. */
  single(): number;
  /** Everything off, single troubles included. */
  calm(): void;
}

interface Kind {
  readonly name: string;
  readonly label: string;
  readonly expect: string;
  readonly webhooks?: readonly WebhookFault[];
  readonly requests?: readonly RequestFault[];
}

/** Of GitHub: what the vault answers is another switch. */
const toGitHub = /^\/(?!service\/)/;

const kinds: readonly Kind[] = [
  {
    name: 'dropped',
    label: 'Webhooks are lost',
    expect:
      'Nobody hears of what people say. Within ten minutes every changed issue is read again: push the clock.',
    webhooks: [{ kind: 'drop' }],
  },
  {
    name: 'doubled',
    label: 'Webhooks come twice',
    expect: 'Nothing happens twice: each command is known by its signed id.',
    webhooks: [{ kind: 'duplicate' }],
  },
  {
    name: 'slow',
    label: 'GitHub is slow',
    expect: 'Each answer takes 1.5 s, each webhook 3 s. It works, later.',
    webhooks: [{ kind: 'delay', ms: 3000 }],
    requests: [{ kind: 'delay', ms: 1500, path: toGitHub }],
  },
  {
    name: 'failing',
    label: 'GitHub fails: 502',
    expect:
      'Half of the calls fail. Reads and edits are repeated; nothing is shown that is not in the ledger.',
    requests: [{ kind: 'error', status: 502, probability: 0.5, path: toGitHub }],
  },
  {
    name: 'limited',
    label: 'Rate-limited: 403 and 429',
    expect:
      'Each call is told to come back in 60 s, and the app waits as long: switch it off, and push 5 min.',
    requests: [
      { kind: 'secondary-limit', retryAfterSeconds: 60, probability: 0.5, path: toGitHub },
      { kind: 'too-many-requests', retryAfterSeconds: 60, path: toGitHub },
    ],
  },
  {
    name: 'vault-down',
    label: 'The vault is down: 503',
    expect:
      'Access to it is not given, and is tried to be taken back until it is gone. Past its end, an alarm repeats.',
    requests: [{ kind: 'error', status: 503, path: '/service/vault' }],
  },
];

export function createWeather(faults: Faults): Weather {
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
      if (!isOn) return true;
      on.set(name, [
        ...(kind.webhooks ?? []).map((fault) => faults.onWebhook(fault)),
        ...(kind.requests ?? []).map((fault) => faults.onRequest(fault)),
      ]);
      return true;
    },
    single: () => faults.list().filter(({ times }) => times !== undefined).length,
    calm() {
      on.clear();
      faults.clear();
    },
  };
}
