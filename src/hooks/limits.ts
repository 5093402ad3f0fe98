// How much a desk's code may be, take and say. docs/code.md shows this table, and a test compares.
import type { Milliseconds } from '../domain/names.ts';

export interface CodeLimits {
  /** Of one desk: how many files, how large each and all together, in characters. */
  readonly files: number;
  readonly fileLength: number;
  readonly codeLength: number;
  /** How many problems are told. */
  readonly problems: number;
  /** Reading and type-checking: how long, and with how much memory. */
  readonly checkMs: Milliseconds;
  readonly checkMemoryMb: number;
  /** What the code of one call may hold at least, whatever earlier calls left; 16 more, where they left nothing. */
  readonly memoryMb: number;
  readonly stackKb: number;
  /** How long the code of one call may compute, all its turns together. */
  readonly computeMs: Milliseconds;
  /** How long one call may wait for the outside, all together. */
  readonly waitMs: Milliseconds;
  /** Characters of JSON. */
  readonly inputLength: number;
  readonly answerLength: number;
  /** How deep JSON may be nested, in any direction. */
  readonly depth: number;
  /** How many outside calls one call may make, and the JSON of each and of its answer in characters. */
  readonly outsideCalls: number;
  readonly outsideLength: number;
  readonly outsideAnswerLength: number;
  readonly logLines: number;
  readonly logLength: number;
  /** Threads in all, and for one desk at a time; and how many calls of a desk may wait for one. */
  readonly rooms: number;
  readonly roomsPerDesk: number;
  /** Threads beyond these, for calls that take access back alone. */
  readonly roomsForEnds: number;
  readonly waitingPerDesk: number;
  /** After so many calls, or so long without one, a room is made anew. */
  readonly callsPerRoom: number;
  readonly idleMs: Milliseconds;
}

export const usualLimits: CodeLimits = {
  files: 100,
  fileLength: 128 * 1024,
  codeLength: 1024 * 1024,
  problems: 50,
  checkMs: 20_000,
  checkMemoryMb: 384,
  memoryMb: 32,
  stackKb: 256,
  computeMs: 1000,
  waitMs: 15_000,
  inputLength: 512 * 1024,
  answerLength: 128 * 1024,
  depth: 32,
  outsideCalls: 20,
  outsideLength: 256 * 1024,
  outsideAnswerLength: 512 * 1024,
  logLines: 50,
  logLength: 500,
  rooms: 6,
  roomsPerDesk: 2,
  roomsForEnds: 4,
  waitingPerDesk: 50,
  callsPerRoom: 10_000,
  idleMs: 300_000,
};
