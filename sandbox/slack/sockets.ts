// Socket Mode: the connections that apps opened to this Slack, and what goes over them.
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { asJson, asText, parsed, type Json } from './json.ts';
import type { AppRow } from './rows.ts';

export interface Envelope {
  readonly type: 'slash_commands' | 'interactive' | 'events_api';
  readonly payload: Json;
  readonly accepts_response_payload: boolean;
  readonly retry_attempt?: number;
  readonly retry_reason?: string;
}

export interface Sockets {
  /** The address of one connection, good for one use. */
  ticket(app: AppRow): string;
  isConnected(app: AppRow): boolean;
  /** What the app answered, `{}` where it only acknowledged; undefined where it did not in time. */
  send(app: AppRow, envelope: Envelope, withinMs: number): Promise<Json | undefined>;
  /** Asks an app to connect anew, as Slack does every few hours. */
  refresh(app: AppRow): void;
  /** False where the address is none of its own. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): boolean;
  close(): void;
}

/** Slack lets an app have ten. */
const MOST_CONNECTIONS = 10;
/** An app that hears nothing for half a minute takes the connection for dead. */
const PING_MS = 5000;

export function createSockets(origin: () => string): Sockets {
  const server = new WebSocketServer({ noServer: true });
  const tickets = new Map<string, string>();
  const open = new Map<string, WebSocket[]>();
  const waiting = new Map<string, (answer: Json) => void>();
  let turn = 0;
  const pinging = setInterval(() => {
    for (const sockets of open.values()) for (const socket of sockets) socket.ping(String(Date.now()));
  }, PING_MS);
  pinging.unref();

  const connected = (app: string): readonly WebSocket[] =>
    (open.get(app) ?? []).filter((socket) => socket.readyState === socket.OPEN);

  const welcome = (socket: WebSocket, app: string): void => {
    open.set(app, [...connected(app), socket]);
    socket.on('message', (data) => {
      const message = asJson(parsed(String(data)));
      const id = asText(message['envelope_id']) ?? '';
      waiting.get(id)?.(asJson(message['payload']));
    });
    socket.on('close', () =>
      open.set(
        app,
        connected(app).filter((each) => each !== socket),
      ),
    );
    socket.on('error', () => socket.terminate());
    write(socket, {
      type: 'hello',
      num_connections: connected(app).length,
      debug_info: { host: 'applink-1', build_number: 1, approximate_connection_time: 18_060 },
      connection_info: { app_id: app },
    });
  };

  return {
    ticket(app) {
      const id = randomUUID();
      tickets.set(id, app.id);
      return `${origin().replace(/^http/, 'ws')}/link/?ticket=${id}&app_id=${app.id}`;
    },
    isConnected: (app) => connected(app.id).length > 0,
    async send(app, envelope, withinMs) {
      const sockets = connected(app.id);
      turn += 1;
      const socket = sockets[turn % Math.max(1, sockets.length)];
      if (!socket) return undefined;
      const envelope_id = randomUUID();
      return new Promise((resolve) => {
        const done = (answer: Json | undefined): void => {
          clearTimeout(timer);
          waiting.delete(envelope_id);
          resolve(answer);
        };
        const timer = setTimeout(() => done(undefined), withinMs);
        waiting.set(envelope_id, done);
        write(socket, { envelope_id, ...envelope });
      });
    },
    refresh(app) {
      for (const socket of connected(app.id)) {
        write(socket, { type: 'disconnect', reason: 'refresh_requested', debug_info: { host: 'applink-1' } });
        socket.close();
      }
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? '/', 'http://sandbox');
      if (!url.pathname.endsWith('/link/')) return false;
      const ticket = url.searchParams.get('ticket') ?? '';
      const app = tickets.get(ticket);
      tickets.delete(ticket);
      if (app === undefined || connected(app).length >= MOST_CONNECTIONS) {
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
        return true;
      }
      server.handleUpgrade(request, socket, head, (connection) => welcome(connection, app));
      return true;
    },
    close() {
      clearInterval(pinging);
      for (const sockets of open.values()) for (const socket of sockets) socket.terminate();
      server.close();
    },
  };
}

function write(socket: WebSocket, message: unknown): void {
  socket.send(JSON.stringify(message));
}
