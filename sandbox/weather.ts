// The weather between GitHub and the app, as switches that stay on until they are switched off.
import type { Faults } from './faults.ts';
import { createSwitches, type Switches, type Trouble } from './switches.ts';

export interface Weather extends Pick<Switches, 'switches' | 'set' | 'calm'> {
  /** How many troubles wait that nobody switched on: they strike a few times and are over. */
  single(): number;
}

const toGitHub = /^\/(?!service\/)/;

const kinds: readonly Trouble[] = [
  {
    name: 'dropped',
    label: 'Webhooks are lost',
    expect:
      'Nobody hears of what people say. Within ten minutes every changed issue is read again: push the clock.',
    deliveries: [{ kind: 'drop' }],
  },
  {
    name: 'doubled',
    label: 'Webhooks come twice',
    expect: 'Nothing happens twice: each command is known by its signed id.',
    deliveries: [{ kind: 'duplicate' }],
  },
  {
    name: 'slow',
    label: 'GitHub is slow',
    expect: 'Each answer takes 1.5 s, each webhook 3 s. It works, later.',
    deliveries: [{ kind: 'delay', ms: 3000 }],
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
  return {
    ...createSwitches(kinds, faults),
    single: () => faults.list().filter(({ times }) => times !== undefined).length,
  };
}
