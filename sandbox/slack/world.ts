// What every part of the embedded Slack shares: its rows, its clock, and how others learn that something changed.
import type { Happening } from './events.ts';
import type { State } from './state.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { Triggers } from './triggers.ts';
import type { Sockets } from './sockets.ts';

export interface World {
  readonly state: State;
  now(): Date;
  /** Where it is reached: `http://127.0.0.1:PORT/slack`. */
  readonly origin: string;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  readonly sockets: Sockets;
  /** Tells the apps that hear of such things. */
  tell(happening: Happening): void;
  changed(): void;
}
