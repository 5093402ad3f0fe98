// Troubles with a name, as switches that stay on until they are switched off.
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

export interface Trouble {
  readonly name: string;
  readonly label: string;
  readonly expect: string;
  /** Of what comes to the app by itself: webhooks and events. */
  readonly deliveries?: readonly WebhookFault[];
  /** Of what the app asks for. */
  readonly requests?: readonly RequestFault[];
}

export interface Switches {
  switches(): readonly WeatherSwitch[];
  /** False where there is no such switch. */
  set(name: string, isOn: boolean): boolean;
  isOn(name: string): boolean;
  /** Everything off, and whatever else troubles. */
  calm(): void;
}

export function createSwitches(troubles: readonly Trouble[], faults: Faults): Switches {
  const on = new Map<string, readonly FaultHandle[]>();
  return {
    switches: () =>
      troubles.map(({ name, label, expect }) => ({
        name,
        label,
        expect,
        isOn: on.has(name),
        hits: (on.get(name) ?? []).reduce((sum, { hits }) => sum + hits, 0),
      })),
    set(name, isOn) {
      const trouble = troubles.find((each) => each.name === name);
      if (!trouble) return false;
      for (const handle of on.get(name) ?? []) handle.remove();
      on.delete(name);
      if (!isOn) return true;
      on.set(name, [
        ...(trouble.deliveries ?? []).map((fault) => faults.onWebhook(fault)),
        ...(trouble.requests ?? []).map((fault) => faults.onRequest(fault)),
      ]);
      return true;
    },
    isOn: (name) => on.has(name),
    calm() {
      on.clear();
      faults.clear();
    },
  };
}
