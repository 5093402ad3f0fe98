// Reads a desk's files as this version of the app would: with the strategies that are built.
import {
  createChangeReviewer,
  type ChangeReview,
  type DeskVersion,
  type ProposedChange,
} from '../../desk/change/review-change.ts';
import type { Desk } from '../../desk/desk.ts';
import type { DeskFiles } from '../../desk/desk-reader.ts';
import { codeDiagnostics } from '../../desk/code-diagnostics.ts';
import { createReviewer, withDiagnostics, withScenarios, type Review } from '../../desk/review.ts';
import { playWithCode, seeCodeOf } from './code.ts';
import { nearest } from '../../desk/nearest.ts';
import { list } from '../../domain/words.ts';
import { plugIns } from '../plug-ins.ts';
import { WrongCall } from './ending.ts';

const reviewer = createReviewer(plugIns);

export function reviewFiles(files: DeskFiles, commit = 'here'): Review {
  return reviewer.review(files, commit);
}

/** With scenarios that run the code of their flow: for files of one's own, and never for those of a stranger's pull request. */
export async function reviewAndRunCode(files: DeskFiles, commit = 'here'): Promise<Review> {
  const review = reviewFiles(files, commit);
  const isWhole = !review.scenarios.diagnostics.some(({ code }) => code === 'scenarios-need-code');
  return isWhole ? review : withScenarios(review, await playWithCode(review.desk, files));
}

const changeReviewer = createChangeReviewer(plugIns);

/** With what is to be said of its code. */
export async function reviewWithCode(files: DeskFiles, commit = 'here'): Promise<Review> {
  const review = reviewer.review(files, commit);
  const code = await seeCodeOf(files, commit);
  return code ? withDiagnostics(review, codeDiagnostics(files, review.desk, code)) : review;
}

export function reviewProposal(proposed: ProposedChange): ChangeReview {
  return changeReviewer(proposed);
}

export function readDesk({ files, commit }: DeskVersion): Desk {
  return reviewer.read(files, commit);
}

export function noSuchFlow(name: string, { flows }: Desk): WrongCall {
  const close = nearest(name, flows.keys());
  const are = flows.size === 1 ? 'is' : 'are';
  const instead =
    close === undefined ? `There ${are} ${list([...flows.keys()], 'and')}.` : `Did you mean “${close}”?`;
  return new WrongCall(`There is no flow “${name}”. ${instead}`);
}
