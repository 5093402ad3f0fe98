// All that can be said of a proposed change to a desk: its files as they would be, and what that does to people. Pure.
import type { Account, PersonId } from '../../domain/names.ts';
import type { Desk } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { createReviewer, type Review, type ReviewerParts } from '../review.ts';
import type { Change } from './change.ts';
import { compareDesks } from './compare-desks.ts';

/** The files of a desk at a commit, or as they are in a folder. */
export interface DeskVersion {
  readonly files: DeskFiles;
  readonly commit: string;
}

export interface ProposedChange {
  /** What it starts from; absent where there is no desk yet. */
  readonly before: DeskVersion | undefined;
  readonly after: DeskVersion;
  /** How many flows stay as they are, and are in neither: see `narrow`. */
  readonly unchanged: number;
  /** Whoever proposes it. */
  readonly author?: Account | PersonId;
}

export interface ChangeReview {
  /** Of what changes alone: flows that stay as they are were reviewed when they came. */
  readonly review: Review;
  /** How many flows stay as they are. */
  readonly unchanged: number;
  /** The weightiest first. */
  readonly changes: readonly Change[];
}

export type ChangeReviewer = (proposed: ProposedChange) => ChangeReview;

export function createChangeReviewer(parts: ReviewerParts): ChangeReviewer {
  const reviewer = createReviewer(parts);
  return ({ before, after, unchanged, author }) => {
    const review = reviewer.review(after.files, after.commit, { isPart: unchanged > 0 });
    const old = before && reviewer.read(before.files, before.commit);
    const person = author === undefined ? undefined : personOf(author, [old, review.desk]);
    return {
      review,
      unchanged,
      changes: compareDesks({
        before: old,
        after: review.desk,
        ...(person !== undefined && { author: person }),
      }),
    };
  };
}

/** By what is in force: whoever writes themselves into `people.yml` was nobody before. */
function personOf(author: Account | PersonId, desks: readonly (Desk | undefined)[]): PersonId | undefined {
  for (const desk of desks) {
    const people = desk?.people;
    const found = [...(people?.byAccount ?? [])].find(([account]) => account === author)?.[1];
    if (found !== undefined) return found;
    const named = [...(people?.persons.keys() ?? [])].find((person) => person === author);
    if (named !== undefined) return named;
  }
  return undefined;
}
