// The simplest store that can be right: plain lists, searched from end to end. Others are compared with it.
import { evolveAll } from '../../src/domain/evolve.ts';
import { minutes } from '../../src/domain/duration.ts';
import { plus } from '../../src/domain/names.ts';
import { statuses, type Request } from '../../src/domain/request.ts';
import type { Change, Store } from '../../src/engine/ports/store.ts';
import { deskLines, streamOf } from '../builders/desk-stream.ts';
import { anEnvelope } from '../builders/command.ts';
import { aDesk, anId, aQuietRequestIn, aThread, noon, type Told } from '../builders/request.ts';

/** One thing that a test does to a store. Numbers choose the request or the envelope. */
export type Step =
  | { readonly do: 'accept'; readonly number: number; readonly about: number }
  | { readonly do: 'settle' | 'refuse' }
  | { readonly do: 'grow'; readonly about: number; readonly by: number; readonly settles: boolean }
  | { readonly do: 'commit'; readonly about: number; readonly seq: number }
  | { readonly do: 'note'; readonly by: number; readonly settles: boolean }
  | { readonly do: 'commit-stream' | 'restore-stream'; readonly seq: number }
  | { readonly do: 'restore'; readonly about: number; readonly seq: number }
  | { readonly do: 'show'; readonly about: number }
  | { readonly do: 'mark'; readonly value: string }
  | { readonly do: 'compact' };

export const far = plus(noon, minutes(1_000_000));
export const requestsInModel = 6;

/** The whole life of each request; the store comes to know ever more of it. */
const lives: readonly Told[] = Array.from({ length: requestsInModel }, (_, number) =>
  aQuietRequestIn(statuses[(number * 3 + 3) % statuses.length] ?? 'active', {
    id: anId(number),
    at: plus(noon, minutes((number * 7) % 5)),
    thread: aThread(number),
  }),
);

interface Known {
  readonly seq: number;
  readonly committed: number;
}

export interface Model {
  readonly waiting: readonly { readonly number: number; readonly about: number; readonly refused: boolean }[];
  readonly keys: readonly number[];
  readonly requests: ReadonlyMap<number, Known>;
  readonly stream: Known;
  readonly head: string;
  readonly mark: string;
}

export const emptyModel: Model = {
  waiting: [],
  keys: [],
  requests: new Map(),
  stream: { seq: 0, committed: 0 },
  head: '',
  mark: '',
};

/** What the desk's stream comes to hold: a line every ten days, over three months. */
export const streamLines = deskLines(
  Array.from({ length: 9 }, (_, number) => plus(noon, minutes(number * 10 * 24 * 60))),
);

/** The model after the step. */
export function modelAfter(model: Model, step: Step): Model {
  const [first, ...rest] = model.waiting;
  switch (step.do) {
    case 'accept': {
      const { number, about } = step;
      if (model.keys.includes(number)) return model;
      const waiting = [...model.waiting, { number, about, refused: false }];
      return { ...model, keys: [...model.keys, number], waiting };
    }
    case 'settle':
      return { ...model, waiting: rest };
    case 'refuse':
      return first ? { ...model, waiting: [{ ...first, refused: true }, ...rest] } : model;
    case 'grow': {
      const seq = grownTo(model, step);
      const { committed = 0 } = model.requests.get(step.about) ?? {};
      const grown = know(model, step.about, { seq, committed });
      return step.settles ? { ...grown, waiting: rest } : grown;
    }
    case 'commit': {
      const known = model.requests.get(step.about);
      const committed = Math.max(known?.committed ?? 0, Math.min(step.seq, known?.seq ?? 0));
      const noted = { ...model, head: `head-${step.seq}` };
      return known ? know(noted, step.about, { ...known, committed }) : noted;
    }
    case 'note': {
      const stream = { ...model.stream, seq: notedTo(model, step.by) };
      return { ...model, stream, ...(step.settles && { waiting: rest }) };
    }
    case 'commit-stream': {
      const { seq, committed } = model.stream;
      const stream = { seq, committed: Math.max(committed, Math.min(step.seq, seq)) };
      return { ...model, stream, head: `head-s${step.seq}` };
    }
    case 'restore-stream': {
      const { seq, committed } = model.stream;
      return { ...model, stream: { seq: Math.max(seq, step.seq), committed: Math.max(committed, step.seq) } };
    }
    case 'restore': {
      const given = Math.min(step.seq, lifeOf(step.about).lines.length);
      const { seq = 0, committed = 0 } = model.requests.get(step.about) ?? {};
      return know(model, step.about, { seq: Math.max(seq, given), committed: Math.max(committed, given) });
    }
    case 'mark':
      return { ...model, mark: step.value };
    case 'show':
    case 'compact':
      return model;
    default:
      return step satisfies never;
  }
}

/** Does to the store what the step says. `model` is what it holds before. */
export async function perform(
  step: Step,
  store: Store & { compact(): Promise<void> },
  model: Model,
): Promise<void> {
  const settles = model.waiting.length > 0 ? (await store.waiting())[0]?.position : undefined;
  switch (step.do) {
    case 'accept':
      await store.accept(anEnvelope({ ref: `said-${step.number}`, request: anId(step.about) }));
      return;
    case 'settle':
      return settles === undefined ? undefined : store.save({ settles });
    case 'refuse':
      return settles === undefined
        ? undefined
        : store.save({ refuses: { position: settles, refusal: { code: 'self-approval' } } });
    case 'grow': {
      const change = growth(model, step);
      return store.save({ ...change, ...(step.settles && settles !== undefined && { settles }) });
    }
    case 'commit':
      return store.noteCommitted(aDesk, `head-${step.seq}`, new Map([[anId(step.about), step.seq]]));
    case 'note': {
      const { seq } = model.stream;
      const lines = streamLines.slice(seq, notedTo(model, step.by));
      return store.save({
        ...(lines.length > 0 && { desk: { desk: aDesk, lines, afterSeq: seq } }),
        ...(step.settles && settles !== undefined && { settles }),
      });
    }
    case 'commit-stream':
      return store.noteCommitted(aDesk, `head-s${step.seq}`, new Map(), step.seq);
    case 'restore-stream': {
      // The ledger holds at least what it was heard to hold.
      const seq = Math.max(step.seq, model.stream.committed);
      const lines = streamLines.slice(0, seq);
      const month = monthOfLast(lines);
      const newest = lines.filter(({ entry }) => entry.at.startsWith(month));
      await store.restoreStream(streamOf(newest, seq));
      return;
    }
    case 'restore': {
      const { request, lines } = beginningOf(step.about, step.seq);
      await store.restore({
        request,
        lines: lines.map(({ line }) => line),
        committedSeq: lines.length,
        shownSeq: 0,
      });
      return;
    }
    case 'show':
      return store.noteShown(anId(step.about), 99);
    case 'mark':
      return store.setBookmark('mark', step.value);
    case 'compact':
      return store.compact();
    default:
      return step satisfies never;
  }
}

export function monthOfLast(lines: typeof streamLines): string {
  return lines.at(-1)?.entry.at.slice(0, 7) ?? '';
}

function notedTo({ stream }: Model, by: number): number {
  return Math.min(streamLines.length, stream.seq + by);
}

function lifeOf(number: number): Told {
  const life = lives[number];
  if (life === undefined) throw new Error(`The model has no request ${number}.`);
  return life;
}

export function beginningOf(number: number, seq: number): Told {
  const lines = lifeOf(number).lines.slice(0, seq);
  const request: Request | undefined = evolveAll(lines);
  if (request === undefined) throw new Error('A request has at least one entry.');
  return { request, lines };
}

function grownTo(model: Model, { about, by }: { readonly about: number; readonly by: number }): number {
  return Math.min(lifeOf(about).lines.length, (model.requests.get(about)?.seq ?? 0) + by);
}

function growth(model: Model, step: { readonly about: number; readonly by: number }): Change {
  const afterSeq = model.requests.get(step.about)?.seq ?? 0;
  const { request, lines } = beginningOf(step.about, grownTo(model, step));
  return lines.length === afterSeq ? {} : { append: { request, lines: lines.slice(afterSeq), afterSeq } };
}

function know(model: Model, number: number, known: Known): Model {
  return { ...model, requests: new Map(model.requests).set(number, known) };
}
