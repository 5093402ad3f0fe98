// What live grants and open requests still need of that which a change takes away: only what is read from the desk's files by then.
import type { RequestId } from '../../domain/names.ts';
import { isOver, type Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import type { Need, NeedKind } from './need.ts';
import { needsOfFlow } from './needs-of-flow.ts';
import { needsOfGrant } from './needs-of-grant.ts';

export interface Needed {
  readonly kind: NeedKind;
  /** Something that people count on would not happen; else it happens otherwise than they may think. */
  readonly loud: boolean;
  /** Plain text: surfaces escape it. */
  readonly sentence: string;
  /** All that it is about, oldest first. */
  readonly requests: readonly RequestId[];
  readonly example: RequestExample;
  /** The path that it belongs to. */
  readonly file: string;
}

export interface RequestExample {
  readonly request: RequestId;
  /** Where it is talked about, if it has an issue of its own. */
  readonly issue?: number;
}

export interface DeskInUse {
  readonly before: Desk;
  readonly after: Desk;
  /** Those that are over are passed by. */
  readonly requests: readonly Request[];
}

export function stillNeeded({ before, after, requests }: DeskInUse): readonly Needed[] {
  const open = requests.filter((request) => !isOver(request)).sort((a, b) => (a.id < b.id ? -1 : 1));
  const needs = open.flatMap((request) => [
    ...needsOfFlow(request, before, after),
    ...needsOfGrant(request, before, after),
  ]);
  const byAbout = new Map<string, Need[]>();
  for (const need of needs) {
    const key = `${need.kind} ${need.about}`;
    byAbout.set(key, [...(byAbout.get(key) ?? []), need]);
  }
  return [...byAbout.values()]
    .flatMap((same) => {
      const [first] = same;
      return first ? [neededOf(first, same)] : [];
    })
    .sort(
      (a, b) =>
        Number(b.loud) - Number(a.loud) || (`${a.kind} ${a.sentence}` < `${b.kind} ${b.sentence}` ? -1 : 1),
    );
}

function neededOf({ kind, loud, file, request, say }: Need, same: readonly Need[]): Needed {
  const requests = [...new Set(same.map((need) => need.request.id))];
  return { kind, loud, file, sentence: say(requests.length), requests, example: exampleOf(request) };
}

function exampleOf({ id, thread }: Request): RequestExample {
  return { request: id, ...(thread && { issue: thread.issue }) };
}
