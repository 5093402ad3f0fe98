// What a review looks for: one line for each lint.
import { alwaysHolds } from './always-holds.ts';
import { breakers } from './breakers.ts';
import { guestLinks } from './guest-links.ts';
import { idleRules } from './idle-rules.ts';
import type { DeskLint, Lint } from './lint.ts';
import { missingAnswers } from './missing-answers.ts';
import { neverHolds } from './never-holds.ts';
import { nobodyAsked } from './nobody-asked.ts';
import { ownApproval } from './own-approval.ts';
import { adminsWithoutVoice, membersAmongGuests, peopleWithoutVoice } from './people-without-voice.ts';
import { repeatedOptions } from './repeated-options.ts';
import { guestsWithoutStep, told } from './told.ts';
import { tooFewPeople } from './too-few-people.ts';
import { unused } from './unused.ts';

/** Over each flow that reads well. */
export const lints: readonly Lint[] = [
  neverHolds,
  alwaysHolds,
  idleRules,
  nobodyAsked,
  missingAnswers,
  tooFewPeople,
  ownApproval,
  peopleWithoutVoice,
  told,
  guestsWithoutStep,
  guestLinks,
  repeatedOptions,
  breakers,
];

/** Over the settings, once all flows were read. */
export const deskLints: readonly DeskLint[] = [unused, adminsWithoutVoice, membersAmongGuests];
