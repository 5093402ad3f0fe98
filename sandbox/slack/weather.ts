// The weather between Slack and the app, as switches that stay on until they are switched off.
import type { Faults } from '../faults.ts';
import { createSwitches, type Switches, type Trouble } from '../switches.ts';

export interface SlackWeather extends Pick<Switches, 'switches' | 'set' | 'calm'> {
  /** Nobody can do anything in Slack, and no call is answered. */
  readonly isDown: boolean;
}

const writing = /^\/api\/(chat|views)\./;

const kinds: readonly Trouble[] = [
  {
    name: 'down',
    label: 'Slack is down: 503',
    expect: 'Nobody can do anything in Slack. What is decided on GitHub goes on; cards catch up afterwards.',
    requests: [{ kind: 'error', status: 503 }],
    deliveries: [{ kind: 'drop' }],
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
    deliveries: [{ kind: 'delay', ms: 2000 }],
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
    deliveries: [{ kind: 'duplicate' }],
  },
];

export function createSlackWeather(faults: Faults, changed: () => void): SlackWeather {
  const all = createSwitches(kinds, faults);
  return {
    switches: all.switches,
    set(name, isOn) {
      const isKnown = all.set(name, isOn);
      if (isKnown) changed();
      return isKnown;
    },
    get isDown() {
      return all.isOn('down');
    },
    calm() {
      all.calm();
      changed();
    },
  };
}
