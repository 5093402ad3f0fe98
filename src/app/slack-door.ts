// Where Slack is heard: each workspace by HTTP or by Socket Mode, through Slack's own receivers; both hand on the same.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Instant } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Fetch } from '../clients/http/fetch.ts';
import { createSlackEndpoint } from './slack-endpoint.ts';
import type { SlackSettings } from './slack-settings.ts';
import { createSlackSocket, type SlackSocket, type SlackSocketParts } from './slack-socket.ts';

/** What Slack said that people did. */
export interface SlackDelivery {
  /** The workspace whose connection brought it. */
  readonly connection: string;
  readonly body: unknown;
  /** When Slack signed it; by Socket Mode, when it came. Never later than that. */
  readonly signedAt: Instant;
  readonly retry?: { readonly num: number; readonly reason: string };
}

/** What the acknowledgement carries: options of a menu, errors of a form; undefined where nothing. */
export type SlackAnswer = object | undefined;

/** Durable when it resolves; rejects where it has to be sent again. */
export type AcceptSlack = (delivery: SlackDelivery) => Promise<SlackAnswer>;

/** The app, as far as the door knows it. */
export interface SlackEars {
  readonly accept: AcceptSlack;
  /** The workspace of a connection, by its name; empty for the one without. */
  readonly teamOf: (connection: string) => Promise<string>;
}

export interface SlackDoorParts extends SlackEars {
  readonly slack: SlackSettings;
  readonly fetch: Fetch;
  readonly clock: Clock;
  readonly log: Log;
}

export type SlackEndpoint = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export interface SlackDoor {
  /** By their paths. */
  readonly endpoints: ReadonlyMap<string, SlackEndpoint>;
  /** Connects where there is Socket Mode, for as long as we run. */
  connect(): void;
  /** Since when a workspace with Socket Mode is not connected; undefined while all are, and before. */
  deafSince(): Instant | undefined;
  /** When a workspace with Socket Mode was last connected after it had not been. */
  deafEndedAt(): Instant | undefined;
  /** Nothing new comes by Socket Mode after this. */
  stop(): Promise<void>;
}

/** Slash commands, buttons, forms, options and events of a workspace all go to this one address. */
export function slackPath(name?: string): string {
  return `/api/slack/${name === undefined ? '' : `${name}/`}events`;
}

/** Bolt is loaded here, and nowhere else. */
export async function openSlackDoor(parts: SlackDoorParts): Promise<SlackDoor> {
  const { HTTPReceiver, SocketModeReceiver } = await import('@slack/bolt');
  const { slack, accept, teamOf, fetch, clock, log } = parts;
  const endpoints = new Map<string, SlackEndpoint>();
  const toConnect: SlackSocketParts[] = [];
  let sockets: readonly SlackSocket[] = [];
  for (const { name, signingSecret, appToken } of slack.connections) {
    const take = async (delivery: Omit<SlackDelivery, 'connection'>): Promise<SlackAnswer> =>
      accept({ connection: await teamOf(name ?? ''), ...delivery });
    const common = { take, clock, log, name: name ?? '' };
    if (signingSecret !== undefined) {
      const path = slackPath(name);
      endpoints.set(path, createSlackEndpoint({ ...common, path, signingSecret, HTTPReceiver }));
    }
    if (appToken !== undefined) {
      const { apiUrl } = slack;
      const where = { fetch, ...(apiUrl !== undefined && { apiUrl }) };
      toConnect.push({ ...common, ...where, appToken, SocketModeReceiver });
    }
  }
  return {
    endpoints,
    connect() {
      if (sockets.length === 0) sockets = toConnect.map(createSlackSocket);
    },
    deafSince: () => sockets.flatMap((socket) => socket.deafSince() ?? []).sort()[0],
    deafEndedAt: () =>
      sockets
        .flatMap((socket) => socket.deafEndedAt() ?? [])
        .sort()
        .at(-1),
    async stop() {
      await Promise.all(sockets.map((socket) => socket.stop()));
    },
  };
}
