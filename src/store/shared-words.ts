// The words that a hundred thousand summaries have in common, held once: each is read from its own line, as a text of its own.
import type { DeskId, PersonId } from '../domain/names.ts';
import type { Status } from '../domain/request.ts';
import type { EndedSummary, Summary } from './summary.ts';

export interface SharedWords {
  /** The same, said with the words of those before. */
  open(summary: Summary): Summary;
  ended(summary: EndedSummary): EndedSummary;
}

export function createSharedWords(): SharedWords {
  const desks = new Map<DeskId, DeskId>();
  const people = new Map<PersonId, PersonId>();
  const statuses = new Map<Status, Status>();
  /** Flows, repositories and resources: few, each with many requests. */
  const names = new Map<string, string>();

  function wordsOf<S extends EndedSummary>(summary: S): S {
    const { desk, flow, requester, status, thread } = summary;
    return {
      ...summary,
      desk: shared(desks, desk),
      flow: shared(names, flow),
      requester: shared(people, requester),
      status: shared(statuses, status),
      ...(thread && { thread: { ...thread, repository: shared(names, thread.repository) } }),
    };
  }

  return {
    ended: wordsOf,
    open(summary) {
      const { key, keys, grant } = summary;
      return {
        ...wordsOf(summary),
        // The key that started it is the first of those that were said.
        key: keys.find((said) => said === key) ?? key,
        ...(grant && { grant: { ...grant, resource: shared(names, grant.resource) } }),
      };
    },
  };
}

function shared<T>(pool: Map<T, T>, word: T): T {
  const known = pool.get(word);
  if (known !== undefined) return known;
  pool.set(word, word);
  return word;
}
