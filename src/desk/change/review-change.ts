// All that can be said of a proposed change to a desk: its files as they would be, and what that does to people. Pure.
import type { Account, Group, PersonId } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import type { DeskFiles } from '../desk-reader.ts';
import { groupDiagnostics, type SeenGroup } from './named-groups.ts';
import type { SecretGrant } from '../secret-grants.ts';
import type { PlugIns } from '../desk.ts';
import { createReviewer, withDiagnostics, type Review } from '../review.ts';
import { codeDiagnostics, type CodeSeen } from '../code-diagnostics.ts';
import { slackDiagnostics } from './slack-diagnostics.ts';
import type { SlackSeen } from './slack-seen.ts';
import { inOrderOfWeight, type Change } from './change.ts';
import { compareDesks } from './compare-desks.ts';
import { compareFiles } from './compare-files.ts';
import { secretDiagnostics } from './named-secrets.ts';
import type { StandingGrant } from './pair-flows.ts';
import { replay, type ReplayReport } from './replay.ts';
import { stillNeeded, type Needed } from './still-needed.ts';

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
  /** All that the desk in force grants: another way to one of these is found though its flow stays as it is. */
  readonly grants?: readonly StandingGrant[];
  /** Groups outside of the files, as far as they could be looked up for the author. */
  readonly groups?: readonly SeenGroup[];
  /** What is named on Slack, as far as it could be looked up. */
  readonly slack?: SlackSeen;
  /** What was found in its code, where it has some. */
  readonly code?: CodeSeen;
  /** What the operator grants the desk of secrets; absent where that is not to be told. */
  readonly secrets?: readonly SecretGrant[];
  /** Those that are open or live, and the last ones that are over: decided again, and asked what they still need. */
  readonly requests?: readonly Request[];
}

export interface ChangeReview {
  /** Of what changes alone: flows that stay as they are were reviewed when they came. */
  readonly review: Review;
  /** How many flows stay as they are. */
  readonly unchanged: number;
  /** How many flows would be gone. */
  readonly removed: number;
  /** The weightiest first. */
  readonly changes: readonly Change[];
  /** What is open or live, and counts on what would be gone. */
  readonly needed: readonly Needed[];
  /** Absent where there is no desk yet, or no request to decide again. */
  readonly replayed?: ReplayReport;
}

export type ChangeReviewer = (proposed: ProposedChange) => ChangeReview;

export function createChangeReviewer(plugIns: PlugIns): ChangeReviewer {
  const reviewer = createReviewer(plugIns);
  return ({
    before,
    after,
    unchanged,
    author,
    grants = [],
    groups = [],
    slack,
    code,
    secrets,
    requests = [],
  }) => {
    const found = reviewer.review(after.files, after.commit, { isPart: unchanged > 0 });
    const lookedUp = [
      ...groupDiagnostics(groups.filter(({ group }) => slack === undefined || !group.startsWith('slack-'))),
      ...(slack ? slackDiagnostics(after.files, found.desk, slack) : []),
      ...(secrets ? secretDiagnostics(after.files, found.desk, secrets) : []),
    ];
    // What was there before is no doing of this change.
    const review = withDiagnostics(found, [
      ...lookedUp.filter(({ file }) => !isSame(before?.files.get(file), after.files.get(file))),
      // A flow that stays as it is may be broken by the code that changes.
      ...(code ? codeDiagnostics(after.files, found.desk, code) : []),
    ]);
    const old = before && reviewer.read(before.files, before.commit);
    const person = author === undefined ? undefined : personOf(author, [old, review.desk]);
    const used = old && {
      before: old,
      after: review.desk,
      requests: requests.filter(({ flow }) => isOf(old, review.desk)(flow.name)),
    };
    return {
      review,
      unchanged,
      removed: [...(old?.flows.keys() ?? [])].filter((name) => !review.desk.flows.has(name)).length,
      needed: used ? stillNeeded(used) : [],
      ...(used && used.requests.length > 0 && { replayed: replay(used) }),
      changes: inOrderOfWeight([
        ...compareDesks({
          before: old,
          after: review.desk,
          elsewhere: grants.filter(({ flow }) => !isOf(old, review.desk)(flow)),
          ...(person !== undefined && { author: person, belongs: belongsOf(person, groups) }),
        }),
        ...(before && old
          ? compareFiles({ files: before.files, desk: old }, { files: after.files, desk: review.desk })
          : []),
      ]),
    };
  };
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one !== undefined && other !== undefined && Buffer.compare(one, other) === 0;
}

function belongsOf(
  author: PersonId,
  groups: readonly SeenGroup[],
): (person: PersonId, group: Group) => boolean | undefined {
  const known = new Map(groups.map(({ group, belongs }) => [group, belongs]));
  return (person, group) => (person === author ? known.get(group) : undefined);
}

/** A flow that stays as it is is in neither, and is not gone. */
function isOf(before: Desk | undefined, after: Desk): (flow: string) => boolean {
  return (flow) => (before?.flows.has(flow) ?? false) || after.flows.has(flow);
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
