// Ways to break what decides: who may, what rules stand for, how long access lasts. The simulation has to catch every one of them.
import { inClimate, mutant, type Mutant } from './mutant.ts';

const approval = 'src/domain/decide-approval.ts';
const extension = 'src/domain/decide-extension.ts';
const giver = 'src/domain/giver.ts';
const rules = 'src/domain/rules.ts';
const evolution = 'src/domain/evolve.ts';

const ofPeople: readonly Mutant[] = [
  mutant('counts accounts and not people', giver, [
    'const person = countedPerson(approval, request, bench);',
    'const person = approval.account as never as PersonId;',
  ]),
  mutant('lets people approve their own requests', giver, [
    'if (!policy.selfApproval) return false;',
    "if (!policy.selfApproval) return policy.label !== '';",
  ]),
  mutant('takes an outage of a lookup for a yes', giver, [
    'return answers.includes(true) || (answers.find(isUnknown) ?? false);',
    'return answers.some((answer) => answer !== false);',
  ]),
  mutant('is content with some of the steps', 'src/domain/approvals.ts', [
    "standing.every(({ state }) => state === 'met')",
    "standing.some(({ state }) => state === 'met')",
  ]),
  mutant('approves without a word where the flow wants one', approval, [
    "return messagePolicy(request, bench) === 'required'",
    "return messagePolicy(request, bench) === 'off'",
  ]),
  mutant('keeps what the flow does not want kept', approval, [
    "const said = messagePolicy(request, bench) === 'off' ? undefined : command.message;",
    'const said = command.message;',
  ]),
];

const ofChanges: readonly Mutant[] = [
  mutant('forgets what the current flow adds', giver, [
    'const steps = tighten(open.pinned, asked);',
    'const steps = open.pinned;',
  ]),
  mutant('forgets who gave the approval that completes it', approval, [
    'return { entries: [...doubts.released.map(releaseOf), ...heard.entries, given, ...completed] };',
    'return { entries: [...doubts.released.map(releaseOf), ...heard.entries, ...(hasApproved ? [] : [given]), ...completed] };',
  ]),
];

const ofDeadlines: readonly Mutant[] = [
  mutant('accepts an approval given after the deadline', approval, [
    "if (phase.status === 'pending' && voice.at > phase.lapseAt)",
    "if (phase.status === 'pending' && voice.at === '')",
  ]),
];

const ofRules: readonly Mutant[] = [
  mutant('lets a rule that approves beat one that denies', 'src/domain/decide-request.ts', [
    'if (denial) return [...applied, deniedByRule(denial)];',
    'if (denial && approvals.length === 0) return [...applied, deniedByRule(denial)];',
  ]),
  mutant('lets pass what a rule cannot deny for an outage', rules, [
    "result === 'unknown') holds.push({ rule: name, why: because ?? '' });",
    "result === 'unknown') continue;",
  ]),
  mutant('applies a rule that cannot be judged', rules, [
    "else if (result === 'holds' && approve.length > 0)",
    'else if (approve.length > 0)',
  ]),
  mutant('lets a rule stand for people of their own', rules, [
    'step.name === name && !step.peopleOnly',
    'step.name === name',
  ]),
  mutant('goes on counting a rule that the flow dropped', giver, [
    'if (current === undefined) return ruleApprovals;',
    'if (current !== null) return ruleApprovals;',
  ]),
  mutant('grants what is held back because rules stand for all of it', 'src/domain/decide-request.ts', [
    'if (holds.length > 0 || !allMet(',
    'if (!allMet(',
  ]),
  mutant('lets an approver approve what is held back', approval, [
    "if (doubts.holds.length > 0 && command.as !== 'admin')",
    'if (doubts.holds.length < 0)',
  ]),
  mutant('releases what it holds back without judging it again', approval, [
    '(held.includes(name) || !judged.some(',
    '(!judged.some(',
  ]),
  mutant('does not judge a rule that the flow added since', approval, [
    '(held.includes(name) || !judged.some((rule) => isSameDenial(rule, name, condition.source)))',
    'held.includes(name)',
  ]),
];

const ofDurations: readonly Mutant[] = [
  mutant('counts among earlier requests the request itself', extension, [
    'historyUntil: request.requester.at ?? request.requestedAt,',
    'historyUntil: voice.at, request: undefined,',
  ]),
  mutant('forgets that an approver granted less', 'src/domain/request.ts', [
    'return narrowed?.duration ?? form.duration;',
    'return form.duration ?? narrowed?.duration;',
  ]),
  mutant('lets an approver grant more', approval, [
    "if (most === 'until-revoked' || duration < most) return undefined;",
    'return undefined;',
  ]),
  mutant('extends beyond the total', extension, [
    'return ms > most || ms <= grant.duration',
    'return ms <= grant.duration',
  ]),
  mutant('extends as often as anybody likes', extension, [
    'if (extensions.given >= offer.times)',
    'if (extensions.given < 0)',
  ]),
  mutant('extends by what the flow offered once', extension, [
    'const offer = offered(policy.extend, flow.extend);',
    'const offer = policy.extend;',
  ]),
  mutant('lets anybody ask for more', extension, [
    'if (!isRequester(request, person, bench))',
    'if (!isRequester(request, person, bench) && person === null)',
  ]),
  mutant('asks nobody whom only the total calls for', extension, [
    '      duration: total.ms,\n',
    '      duration: 1,\n',
  ]),
  mutant('decides an extension by the approvals of the request', giver, [
    'const voters = votersNow(request, open.matter, { bench, steps });',
    'const voters = votersNow(request, request, { bench, steps });',
  ]),
  mutant('keeps end-by where access was extended', evolution, [
    'grant: { ...phase.grant, duration, endBy }',
    'grant: { ...phase.grant, duration }',
  ]),
  mutant('forgets the new deadline', evolution, [
    'return { ...withoutExtension(phase), expiresAt, grant:',
    'return { ...withoutExtension(phase), grant:',
  ]),
  mutant('never takes back what was extended', evolution, [
    'return { ...withoutExtension(phase), expiresAt, grant:',
    "return { ...withoutExtension(phase), expiresAt: expiresAt.replace('2026', '2027') as never, grant:",
  ]),
  mutant('shows an extension that the ledger does not hold', 'src/domain/outstanding.ts', [
    "  'extended',\n",
    '',
  ]),
  mutant('tells nobody what became of an extension', evolution, [
    "return extensions.last ? `extension-over-${extensions.asked}` : 'active';",
    "return 'active';",
  ]),
];

const ofStandingIn: readonly Mutant[] = [
  mutant('lets anybody stand in', approval, [
    "if (!isAdmin) return { refusal: { code: 'not-an-admin' } };",
    '',
  ]),
  mutant('lets a stand-in fill every step at once', approval, [
    'const isLast = hasApproved || allMet(after);',
    "const isLast = hasApproved || command.as === 'admin' || allMet(after);",
  ]),
  mutant('counts a stand-in for two', approval, [
    '[...voters, { person, eligible: places.eligible }]',
    "[...voters, ...(command.as ? [{ person: 'the office' as never, eligible: places.eligible }] : []), { person, eligible: places.eligible }]",
  ]),
  mutant('lets admins stand in for people of their own', approval, [
    'weighed.steps.filter(({ peopleOnly }) => !peopleOnly).map',
    'weighed.steps.map',
  ]),
  mutant('lets admins stand in for their own requests', approval, [
    "return (as === 'admin' || !mayApproveOwn(request, bench)) && hasAsked(request, person, bench);",
    "return as !== 'admin' && !mayApproveOwn(request, bench) && hasAsked(request, person, bench);",
  ]),
  mutant('lets admins stand in without a reason', approval, [
    "if (command.as === 'admin') return { code: 'message-required', what: 'standing in' };",
    "if (command.as === 'admin') return undefined;",
  ]),
];

export const decisionMutants: readonly Mutant[] = [
  ...inClimate('lasting', ofPeople),
  ...inClimate('changing', ofChanges),
  ...inClimate('pressing', ofDeadlines),
  ...inClimate('changing', ofRules),
  ...inClimate('lasting', ofDurations),
  ...inClimate('nightly', ofStandingIn),
];
