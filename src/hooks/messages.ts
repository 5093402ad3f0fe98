// What goes between the main thread and the thread that runs a desk's code: texts, and one message for each turn.
import type { Milliseconds } from '../domain/names.ts';
import type { CodeLimits } from './limits.ts';

/** What a room is made with. */
export interface RoomWork {
  /** ES modules by the path of the file they were made from. */
  readonly modules: { readonly [file: string]: string };
  readonly limits: CodeLimits;
}

export type ToRoom = CallMessage | AnswerMessage;

export interface CallMessage {
  readonly type: 'call';
  readonly file: string;
  /** `on_request`, or a function of an exported object: `strategy.read`. */
  readonly export: string;
  /** JSON. */
  readonly input: string;
  /** What `Date.now()` says. */
  readonly at: Milliseconds;
  readonly nonce: string;
}

/** What came of an outside call. */
export interface AnswerMessage {
  readonly type: 'answer';
  readonly id: number;
  readonly isOk: boolean;
  /** The answer, or `{ code, message, transient }`. */
  readonly json: string;
}

export type FromRoom = { readonly type: 'ready' } | Turn;

/** All that happened until the code waits for something, or has answered. What there is none of is left out: it has to travel. */
export interface Turn {
  readonly type: 'turn';
  readonly asked?: readonly Asked[];
  readonly said?: readonly string[];
  /** Lines beyond those that are kept. */
  readonly unsaid?: number;
  /** Absent while it waits for an outside call. */
  readonly outcome?: RoomOutcome;
}

/** An outside call, as the code made it. */
export interface Asked {
  readonly id: number;
  readonly name: string;
  /** JSON. */
  readonly json: string;
}

export interface RoomOutcome {
  readonly kind: 'answer' | 'threw' | 'timeout' | 'memory' | 'output' | 'crashed' | 'not-found';
  /** JSON: the answer (empty for none), or `{ name, message, stack }`. */
  readonly text: string;
  /** Whether the room is as good as before. */
  readonly isSound: boolean;
}
