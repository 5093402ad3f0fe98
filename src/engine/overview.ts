// What one person has to do with, as it stands now: their own requests, and those that wait for them. It decides nothing.
import { mayBeReviewed } from '../domain/decide-review.ts';
import { recordedStandings } from '../domain/decide-matter.ts';
import type { DeskId, Group, PersonId, RequestId } from '../domain/names.ts';
import { openMatter, type Request } from '../domain/request.ts';
import type { Directory } from './ports/directory.ts';
import type { Overview } from './ports/reception.ts';
import type { Store } from './ports/store.ts';
import { viewOf } from './view.ts';

export interface OverviewParts {
  readonly store: Pick<Store, 'unfinished' | 'reviews' | 'load'>;
  readonly directory: Pick<Directory, 'belongs' | 'person'>;
}

/** More than anybody looks through. */
const most = 200;

export function createOverview({ store, directory }: OverviewParts): Overview {
  async function found(search: Parameters<Store['unfinished']>[0]): Promise<readonly Request[]> {
    return shown(await store.unfinished(search, most));
  }

  async function shown(ids: readonly RequestId[]): Promise<readonly Request[]> {
    const stored = await Promise.all(ids.map((id) => store.load(id)));
    return stored.flatMap((each) => (each ? [viewOf(each)] : []));
  }

  async function reviewsOf(desk: DeskId): Promise<readonly RequestId[]> {
    return (await store.reviews(desk)).slice(0, most).map(({ request }) => request);
  }

  return {
    askedBy: (desk, person) => found({ desk, requester: person }),
    async waitingFor(desk, person) {
      const [pending, active] = await Promise.all([
        found({ desk, status: 'pending' }),
        found({ desk, status: 'active' }),
      ]);
      const belongs = asking(desk, person, directory);
      const undecided = [...pending, ...active].filter((request) => openMatter(request) !== undefined);
      const mine = await Promise.all(
        undecided.map(async (request) => {
          if (request.requester.person === person) return false;
          return (await Promise.all(groupsAsked(request, person).map(belongs))).includes(true);
        }),
      );
      const unreviewed = (await shown(await reviewsOf(desk))).filter(mayBeReviewed);
      const theirs = await Promise.all(
        unreviewed.map(async ({ requester, review }) => {
          if (requester.person === person) return false;
          return (await Promise.all((review?.reviewers ?? []).map(belongs))).includes(true);
        }),
      );
      return [
        ...undecided.filter((_, index) => mine[index]),
        ...unreviewed.filter((_, index) => theirs[index]),
      ];
    },
    async debtsOf(desk, account) {
      const person = await directory.person(desk, account);
      const open = person === null ? [] : await store.reviews(desk);
      const owners = await Promise.all(open.map((each) => directory.person(desk, each.account)));
      const own = open.filter((each, index) => each.person === person || owners[index] === person);
      return shown(own.map(({ request }) => request).slice(0, most));
    },
  };
}

/** The approvers of every step that is open and that this person has not approved. */
function groupsAsked(request: Request, person: PersonId): readonly Group[] {
  const open = openMatter(request);
  if (open === undefined || open.matter.approvals.some((approval) => approval.person === person)) return [];
  return recordedStandings(open.matter).flatMap(({ step, state }) =>
    state === 'open' ? step.approvers : [],
  );
}

/** Each group is asked about once, however many requests name it; who cannot be told apart is not shown it. */
function asking(
  desk: DeskId,
  person: PersonId,
  { belongs }: OverviewParts['directory'],
): (group: Group) => Promise<boolean> {
  const asked = new Map<Group, Promise<boolean>>();
  return (group) => {
    const known = asked.get(group) ?? belongs(desk, person, group).then((answer) => answer === true);
    asked.set(group, known);
    return known;
  };
}
