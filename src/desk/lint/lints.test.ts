// What a review is warned of, with the place and the code; and what looks like it and is right. `«` marks the place.
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../diagnostic.ts';
import { readSample } from '../sample-desk.ts';
import { deskLints, lints } from './lints.ts';

type Row = readonly [what: string, code: string, text: string];
type Right = readonly [what: string, text: string];

const people = `people:
  ann: { name: Ann, github: { login: ann-o, id: 1 } }
  bob: { name: Bob, github: { login: bob-l, id: 2 }, manager: ann, email: bob@acme.com }
  dora: { name: Dora, github: { login: dora-k, id: 3 } }
  cleo: { name: Cleo, role: guest, github: { login: cleo-p, id: 4 }, email: cleo@customer.com }
  max: { name: Max }
  yuki: { name: Yuki, slack: U07YUKI00 }
  gil: { name: Gil, role: guest, slack: U07GUEST0 }
`;
const settings = 'version: 1\nadmins: [person:ann, person:bob]\n';
const guests =
  'guests: { customer: { label: Customer, people: [cleo] }, partner: { label: Partner, slack_users: [U07GUEST0], emails: [Cleo@Customer.com] } }\n';
const asks = 'requesters: [team:acme/eng]\n';
const oneStep = 'approval: { steps: [{ name: data, approvers: [team:acme/data] }] }\n';
const access =
  'strategy: { type: github-team }\ntargets:\n  prod: { settings: { organization: acme, team_slug: p } }\n  test: { settings: { organization: acme, team_slug: t } }\nduration: { options: [30m, 1h, 4h] }\n';
const urgency = '  urgency: { type: string, options: [Normal, Emergency], default: Normal }\n';
const fields = (...lines: readonly string[]): string => `fields:\n${urgency}${lines.join('\n')}\n`;
const ask = fields(
  '  reason: { type: string }',
  '  sure: { type: bool }',
  '  level: { type: int, options: [1, 2, 3] }',
  '  number: { type: int }',
);
const steps = (...lines: readonly string[]): string =>
  `approval:\n  steps:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
const step = (name: string, approvers: string, more = ''): string =>
  `{ name: ${name}, approvers: [${approvers}]${more === '' ? '' : `, ${more}`} }`;
const rule = (name: string, condition: string, then = 'approve: [data]'): string =>
  `  - name: ${name}\n    if: ${condition}\n    ${then}\n`;
const rules = (...all: readonly string[]): string => `rules:\n${all.join('')}`;
const withRules = (...all: readonly string[]): string => `${access}${ask}${asks}${oneStep}${rules(...all)}`;
const stepIf = (condition: string, before = `${access}${ask}`): string =>
  `${before}${asks}${steps(step('data', 'team:acme/data'))}    - name: more\n      approvers: [team:acme/more]\n      if: ${condition}\n`;
const fieldIf = (condition: string): string =>
  `${access}${fields('  sure: { type: bool }', '  extra:', '    type: string', `    if: ${condition}`)}${asks}${oneStep}`;
const decidedBy = (requesters: string, ...lines: readonly string[]): string =>
  `requesters: [${requesters}]\n${steps(...lines)}`;

const urgent = (glass: string): string =>
  `${access}break_glass: { ${glass} }\nrequesters: [person:ann]\n${oneStep}`;

const never: readonly Row[] = [
  [
    'an answer that is no option',
    'rule-never-applies',
    withRules(rule('r', "«fields.urgency == 'emergency'")),
  ],
  [
    'two answers at once',
    'rule-never-applies',
    withRules(rule('r', "«fields.urgency == 'Normal' && fields.urgency == 'Emergency'")),
  ],
  ['a target that is none', 'rule-never-applies', withRules(rule('r', "«request.target == 'production'"))],
  [
    'a duration longer than any',
    'rule-never-applies',
    withRules(rule('r', "«request.duration > duration('4h')", 'deny: true')),
  ],
  [
    'a guest, who never asks',
    'rule-never-applies',
    withRules(rule('r', "«requester.role == 'guest'", 'deny: true')),
  ],
  [
    'an admin who is none',
    'rule-never-applies',
    withRules(rule('r', "«requester.role == 'admin' && !requester.belongs_to('role:admin')")),
  ],
  [
    'nobody of role:member',
    'rule-never-applies',
    withRules(rule('r', '"«!requester.belongs_to(\'role:member\')"', 'deny: true')),
  ],
  [
    'in a group and not in it',
    'rule-never-applies',
    withRules(rule('r', "«requester.belongs_to('team:acme/x') && !requester.belongs_to('team:acme/x')")),
  ],
  ['a number beyond the options', 'rule-never-applies', withRules(rule('r', '«fields.level > 3'))],
  [
    'a source that the flow excludes',
    'rule-never-applies',
    `sources: [github]\n${withRules(rule('r', "«request.source == 'slack'"))}`,
  ],
  ['a constant', 'rule-never-applies', withRules(rule('r', '«1 > 2'))],
  [
    'whatever an unknown text is',
    'rule-never-applies',
    withRules(rule('r', "«fields.reason == 'x' && fields.level == 4")),
  ],
  [
    'somebody who may not ask',
    'rule-never-applies',
    `fields: { a: { type: bool } }\nrequesters: [person:ann, person:bob]\n${oneStep}${rules(rule('r', "«requester.id == 'dora'"))}`,
  ],
  [
    'two people at once',
    'rule-never-applies',
    withRules(rule('r', "«requester.belongs_to('person:ann') && requester.id == 'bob'")),
  ],
  [
    'an answer that is not asked then',
    'rule-never-applies',
    `fields:\n${urgency}  sure:\n    type: bool\n    if: fields.urgency == 'Emergency'\n${asks}${oneStep}${rules(rule('r', "«fields.sure && fields.urgency == 'Normal'"))}`,
  ],
  ['an impossible step', 'step-never-asked', stepIf("«request.target == 'dev'")],
  [
    'an impossible step, though it asks for a number',
    'step-never-asked',
    stepIf("«fields.number > 3 && fields.urgency == 'x'"),
  ],
  ['an impossible field', 'field-never-asked', fieldIf("«fields.urgency == 'High'")],
  [
    'a field under one that is never asked',
    'field-never-asked',
    `fields:\n${urgency}  a:\n    type: bool\n    if: fields.urgency == 'Normal'\n  b:\n    type: string\n    if: «fields.a && fields.urgency == 'Emergency'\n${asks}${oneStep}`,
  ],
];

const always: readonly Row[] = [
  ['a step for any answer', 'always-asked', stepIf("«fields.urgency in ['Normal', 'Emergency']")],
  ['a step for any target', 'always-asked', stepIf("«request.target == 'prod' || request.target == 'test'")],
  ['a field for any duration', 'always-asked', fieldIf("«request.duration > duration('1m')")],
  ['a field either way', 'always-asked', fieldIf('«fields.sure || !fields.sure')],
  ['a rule that leaves nobody to ask', 'rule-always-approves', withRules(rule('r', "«fields.urgency != ''"))],
  [
    'a rule that denies everything',
    'rule-always-denies',
    withRules(rule('r', '«fields.level < 4', 'deny: true')),
  ],
];

const idle: readonly Row[] = [
  [
    'the same condition twice',
    'rule-covered',
    withRules(rule('r', 'fields.number > 5'), rule('s', '«fields.number > 5')),
  ],
  [
    'a narrower rule after a wider one',
    'rule-covered',
    withRules(
      rule('r', "requester.requests('1d') < 3"),
      rule('s', "«requester.requests('1d') < 3 && fields.sure"),
    ),
  ],
  [
    'a narrower rule before a wider one',
    'rule-covered',
    withRules(
      rule('s', "«fields.urgency == 'Emergency' && fields.sure"),
      rule('r', "fields.urgency == 'Emergency'"),
    ),
  ],
  [
    'a wider rule, said otherwise',
    'rule-covered',
    withRules(
      rule('r', "request.target != 'prod'"),
      rule('s', "«request.target == 'test' && requester.belongs_to('team:acme/x')"),
    ),
  ],
  [
    'a denial under a denial',
    'rule-covered',
    withRules(rule('r', 'fields.level > 1', 'deny: true'), rule('s', '«fields.level == 3', 'deny: true')),
  ],
  [
    'an approval of what is denied',
    'rule-always-denied',
    withRules(
      rule('r', "«fields.level == 3 && request.target == 'prod'"),
      rule('s', 'fields.level > 2', 'deny: true'),
    ),
  ],
  [
    'an approval under the condition of a denial',
    'rule-always-denied',
    withRules(rule('r', '«fields.number > 5'), rule('s', 'fields.number > 5', 'deny: true')),
  ],
  [
    'an approval of a step that is not asked',
    'rule-approves-unasked',
    `${ask}${asks}${steps(step('data', 'team:acme/data'))}    - name: security\n      approvers: [team:acme/security]\n      if: fields.urgency == 'Emergency'\n${rules(rule('r', "fields.urgency == 'Normal'", 'approve: [data, «security]'))}`,
  ],
  [
    'requests that nobody is asked about',
    'no-step-asked',
    `${ask}${asks}approval:\n  «steps:\n    - name: data\n      approvers: [team:acme/data]\n      if: fields.urgency == 'Emergency'\n`,
  ],
];

const missing: readonly Row[] = [
  [
    'a number that is not always asked',
    'answer-may-be-missing',
    `fields:\n${urgency}  n:\n    type: int\n    if: fields.urgency == 'Emergency'\n${asks}${oneStep}${rules(rule('r', 'fields.«n > 5', 'deny: true'))}`,
  ],
  [
    'a number that is not required',
    'answer-may-be-missing',
    `fields: { n: { type: int, required: false } }\n${asks}${oneStep}${rules(rule('r', 'fields.«n > 5', 'deny: true'))}`,
  ],
  [
    'a step under a duration that is not always asked',
    'answer-may-be-missing',
    `fields:\n${urgency}  span:\n    type: duration\n    if: fields.urgency == 'Emergency'\n${asks}${steps(step('data', 'team:acme/data'))}    - name: more\n      approvers: [team:acme/more]\n      if: fields.«span > duration('1h')\n`,
  ],
  [
    'a field under one',
    'answer-may-be-missing',
    `fields:\n${urgency}  n: { type: int, required: false }\n  m:\n    type: string\n    if: fields.«n > 5\n${asks}${oneStep}`,
  ],
];

const few: readonly Row[] = [
  [
    'more approvals than people',
    'too-few-people',
    decidedBy('team:acme/eng', step('data', 'person:ann, person:bob', 'count: «3')),
  ],
  [
    'one person for two steps',
    'too-few-people',
    decidedBy('team:acme/eng', step('one', 'person:ann'), '{ name: two, approvers: «[person:ann] }'),
  ],
  [
    'two people for three steps',
    'too-few-people',
    decidedBy(
      'team:acme/eng',
      step('one', 'person:ann, person:bob'),
      step('two', 'person:bob'),
      '{ name: three, approvers: «[person:ann] }',
    ),
  ],
  [
    'admins who are too few',
    'too-few-people',
    decidedBy('team:acme/eng', step('data', 'role:admin', 'count: «3')),
  ],
  [
    'the only requester is the only approver',
    'too-few-people',
    decidedBy('person:ann', '{ name: data, approvers: «[person:ann] }'),
  ],
  [
    'one of the requesters is the only approver',
    'too-few-people',
    decidedBy('person:ann, person:bob', '{ name: data, approvers: «[person:bob] }'),
  ],
  [
    'only where both are asked',
    'too-few-people',
    `${ask}${asks}${steps(step('one', 'person:ann'))}    - name: two\n      if: fields.urgency == 'Emergency'\n      approvers: «[person:ann]\n`,
  ],
  [
    'though they wait for each other',
    'too-few-people',
    decidedBy(
      'team:acme/eng',
      step('one', 'person:ann'),
      '{ name: two, needs: [one], approvers: «[person:ann] }',
    ),
  ],
  [
    'alone with oneself',
    'own-approval',
    `${asks}approval:\n  allow_self_approval: «true\n  steps: [{ name: a, approvers: [team:acme/data] }]\n`,
  ],
  ['nobody who may ask', 'nobody-may-ask', `requesters: «[]\n${oneStep}`],
  ['a guest who should ask', 'guest-named', `requesters: [team:acme/eng, «person:cleo]\n${oneStep}`],
  [
    'a guest who should decide',
    'guest-named',
    decidedBy('team:acme/eng', '{ name: data, approvers: [team:acme/data, «person:cleo] }'),
  ],
  [
    'somebody without an account',
    'no-account',
    decidedBy('team:acme/eng', '{ name: data, approvers: [team:acme/data, «person:max] }'),
  ],
  [
    'somebody who breaks the glass and cannot ask',
    'breaker-cannot-ask',
    urgent('who: «[person:bob], max: 30m, reviewers: [team:acme/data], review_within: 1d'),
  ],
  [
    'somebody who would review alone what is their own',
    'nobody-to-review',
    urgent('who: [person:ann], max: 30m, reviewers: «[person:ann], review_within: 1d'),
  ],
  [
    'somebody without an account who should review',
    'no-account',
    urgent('who: [person:ann], max: 30m, reviewers: [team:acme/data, «person:max], review_within: 1d'),
  ],
  [
    'a duration twice',
    'same-option',
    `fields: { d: { type: duration, options: [30m, 60m, «1h] } }\n${asks}${oneStep}`,
  ],
];

const toldOf = (approvers: string, notify: string): string =>
  `${asks}${steps(`{ name: data, approvers: [${approvers}], notify: [${notify}] }`)}`;
const guestStep = (notify: string): string => `allow_guests: true\n${toldOf('guest:customer', notify)}`;

const telling: readonly Row[] = [
  ['somebody who may not decide', 'told-not-deciding', toldOf('person:ann', 'github, «person:bob')],
  [
    'somebody together, who may not decide',
    'told-not-deciding',
    toldOf('person:ann', '«{ to: [person:ann, person:bob], together: true }'),
  ],
  ['who manages nobody', 'told-not-deciding', toldOf('manager:requester', '«person:bob')],
  ['who manages another', 'told-not-deciding', toldOf('manager:bob', 'person:ann, «person:dora')],
  ['a guest of a team', 'told-not-deciding', toldOf('team:acme/data', '«person:cleo')],
  ['a member where guests decide', 'told-not-deciding', guestStep('«person:bob')],
  ['a guest of others', 'told-not-deciding', guestStep('«person:gil')],
  [
    'nobody',
    'nobody-told',
    `sources: [slack]\n${asks}${steps('{ name: «data, approvers: [team:acme/data] }')}`,
  ],
  [
    'whoever is told by an empty list',
    'nobody-told',
    `sources: [slack, api]\n${asks}${steps('{ name: «data, approvers: [team:acme/data], notify: [] }')}`,
  ],
  [
    'whoever is told after the end',
    'told-too-late',
    toldOf('team:acme/data', 'github, { to: person:bob, after: «24h }'),
  ],
  [
    'a link that is sent to nobody of theirs',
    'links-to-nobody',
    `allow_guests: { email_links: «true }\n${toldOf('guest:partner', 'email:other@customer.com')}`,
  ],
  [
    'a link to guests who have no address',
    'links-to-nobody',
    `allow_guests: { email_links: «true }\n${toldOf('guest:customer', 'email:cleo@customer.com')}`,
  ],
  [
    'two guests, of whom one may be both',
    'guest-counts-twice',
    `allow_guests: { email_links: «true }\n${asks}${steps(
      '{ name: data, approvers: [guest:partner], count: 2, notify: [email:cleo@customer.com] }',
    )}`,
  ],
  ['guests without a step', 'guests-without-step', `«allow_guests: true\n${asks}${oneStep}`],
  [
    'a manager, where nobody has enough of them',
    'too-few-people',
    `${asks}${steps('{ name: data, approvers: [manager:requester], count: «2 }')}`,
  ],
];

const desk: readonly Row[] = [
  [
    'a member among the guests',
    'guests-member',
    `${settings}guests: { customer: { label: Customer, people: [cleo, «ann] } }\n`,
  ],
  [
    'the address of a member among the guests',
    'guests-member',
    `${settings}guests: { customer: { label: Customer, people: [cleo], emails: [cleo@customer.com, «Bob@acme.com] } }\n`,
  ],
  [
    'guests',
    'unused',
    `${settings}guests:\n  «customer: { label: Customer, slack_workspaces: [T9CUST000] }\n`,
  ],
  ['an integration', 'unused', `${settings}integrations:\n  «main: { type: http }\n`],
  ['an environment', 'unused', `${settings}environments:\n  «prod: { label: Production }\n`],
  [
    'an integration of an environment',
    'unused',
    `${settings}environments:\n  test:\n    integrations: { «main: { type: http } }\n`,
  ],
  ['a shared target', 'unused', `${settings}targets:\n  «t: { settings: { a: b } }\n`],
  ['a variable', 'unused', `${settings}vars: { used: a, «spare: b }\n`],
  ['a variable of an environment', 'unused', `${settings}environments:\n  test:\n    vars: { «spare: b }\n`],
  ['an admin without an account', 'no-account', 'version: 1\nadmins: [person:ann, «person:max]\n'],
];

const right: readonly Right[] = [
  ['a rule under an answer', withRules(rule('r', "fields.urgency == 'Emergency'"))],
  ['a rule under a text that anybody types', withRules(rule('r', "fields.reason == 'x'"))],
  [
    'a text that is compared to two things',
    withRules(rule('r', "fields.reason.startsWith('a') && fields.reason.endsWith('b')")),
  ],
  [
    'a duration that an extension reaches',
    `extend: { max_total: 12h }\n${withRules(rule('r', "request.duration > duration('4h')", 'deny: true'))}`,
  ],
  ['the last option', withRules(rule('r', "request.duration >= duration('4h')", 'deny: true'))],
  ['a time', withRules(rule('r', 'request.time.getHours() > 30'))],
  ['a history', withRules(rule('r', "requester.requests('1d') > 20", 'deny: true'))],
  ['a number', withRules(rule('r', 'fields.number > 5 && fields.number < 3'))],
  ['a source, where none is excluded', withRules(rule('r', "request.source == 'slack'"))],
  ['somebody who may ask', withRules(rule('r', "requester.id == 'dora'"))],
  [
    'two groups',
    withRules(rule('r', "requester.belongs_to('team:acme/x') && !requester.belongs_to('team:acme/y')")),
  ],
  ['an admin', withRules(rule('r', "requester.belongs_to('role:admin') && requester.role == 'admin'"))],
  [
    'a yes that is not required',
    `fields: { b: { type: bool, required: false } }\n${asks}${oneStep}${rules(rule('r', 'fields.b'))}`,
  ],
  [
    'the empty answer of a field that is not required',
    `fields: { u: { type: string, options: [a], required: false } }\n${asks}${oneStep}${rules(rule('r', "fields.u == ''"))}`,
  ],
  [
    'the empty answer of a field that is not asked',
    `fields:\n${urgency}  u:\n    type: string\n    options: [a]\n    if: fields.urgency == 'Emergency'\n${asks}${oneStep}${rules(rule('r', "fields.u == ''"))}`,
  ],
  [
    'a field that depends on any text',
    `fields:\n  t: { type: string }\n  u:\n    type: string\n    options: [a]\n    if: fields.t == 'x'\n${asks}${oneStep}${rules(rule('r', "fields.u == ''"), rule('s', "fields.u == 'a'"))}`,
  ],
  ['a step under an answer', stepIf("fields.urgency == 'Emergency'")],
  ['a field under a target', fieldIf("request.target == 'prod'")],
  ['a rule that says true', withRules(rule('r', '"true"', 'deny: true'))],
  [
    'two approvals of different steps',
    `${ask}${asks}${steps(step('data', 'team:acme/data'), step('more', 'team:acme/more'))}${rules(rule('r', 'fields.sure'), rule('s', 'fields.sure', 'approve: [more]'))}`,
  ],
  [
    'a narrower approval of more steps',
    `${ask}${asks}${steps(step('data', 'team:acme/data'), step('more', 'team:acme/more'))}${rules(rule('r', 'fields.sure'), rule('s', "fields.sure && fields.urgency == 'Normal'", 'approve: [data, more]'))}`,
  ],
  ['rules that overlap', withRules(rule('r', "fields.urgency == 'Normal'"), rule('s', 'fields.sure'))],
  ['rules of unknown things', withRules(rule('r', 'fields.number > 5'), rule('s', 'fields.number > 6'))],
  [
    'a denial with a reason of its own before a wider one',
    withRules(
      rule('r', 'fields.level == 3', 'deny: true\n    reason: Never that much.'),
      rule('s', 'fields.level > 1', 'deny: true'),
    ),
  ],
  [
    'an approval that is denied at times',
    withRules(
      rule('r', 'fields.level == 3'),
      rule('s', "fields.level > 2 && request.target == 'prod'", 'deny: true'),
    ),
  ],
  [
    'an approval beside a denial that may not be known',
    withRules(rule('r', 'fields.level == 3'), rule('s', 'fields.number > 2', 'deny: true')),
  ],
  [
    'a condition with an or, that begins like another',
    withRules(
      rule('r', 'fields.number > 5'),
      rule('s', 'fields.number > 5 && fields.sure || fields.number > 3'),
    ),
  ],
  [
    'one person for two steps, of which one is for those who may not ask',
    `${asks}${steps(step('data', 'person:ann'))}    - name: more\n      if: "!requester.belongs_to('team:acme/eng')"\n      approvers: [person:ann]\n`,
  ],
  [
    'an approval of a step that is asked at times',
    `${ask}${asks}${steps(step('data', 'team:acme/data'))}    - name: security\n      approvers: [team:acme/security]\n      if: fields.urgency == 'Emergency'\n${rules(rule('r', 'fields.sure', 'approve: [data, security]'))}`,
  ],
  [
    'steps of which one is always asked',
    `${ask}${asks}approval:\n  steps:\n    - name: a\n      approvers: [team:acme/a]\n      if: fields.urgency == 'Emergency'\n    - name: b\n      approvers: [team:acme/b]\n      if: fields.urgency != 'Emergency'\n`,
  ],
  [
    'nobody asked where it is denied',
    `${ask}${asks}approval:\n  steps:\n    - name: a\n      approvers: [team:acme/a]\n      if: fields.urgency == 'Emergency'\n${rules(rule('r', "fields.urgency == 'Normal'", 'deny: true'))}`,
  ],
  [
    'nobody asked of those who may not ask',
    `${ask}${asks}approval:\n  steps:\n    - name: a\n      approvers: [team:acme/a]\n      if: requester.belongs_to('team:acme/eng')\n`,
  ],
  [
    'a number that is asked then',
    `fields:\n${urgency}  n:\n    type: int\n    if: fields.urgency == 'Emergency'\n${asks}${oneStep}${rules(rule('r', "fields.urgency == 'Emergency' && fields.n > 5", 'deny: true'))}`,
  ],
  [
    'a number that is always asked',
    `fields: { n: { type: int } }\n${asks}${oneStep}${rules(rule('r', 'fields.n > 5', 'deny: true'))}`,
  ],
  [
    'a number with a default',
    `fields: { n: { type: int, required: false, default: 1 } }\n${asks}${oneStep}${rules(rule('r', 'fields.n > 5', 'deny: true'))}`,
  ],
  [
    'a number that is missing where it is denied anyway',
    `fields:\n${urgency}  n:\n    type: int\n    if: fields.urgency == 'Emergency'\n${asks}${oneStep}${rules(rule('r', 'fields.n > 5', 'deny: true'), rule('s', "fields.urgency == 'Normal'", 'deny: true'))}`,
  ],
  [
    'an approval under a number that may be missing',
    `fields: { n: { type: int, required: false } }\n${asks}${oneStep}${rules(rule('r', 'fields.n < 5'))}`,
  ],
  [
    'a number under a text that says whether it is asked',
    `fields:\n  t: { type: string }\n  n:\n    type: int\n    if: fields.t == 'x'\n${asks}${oneStep}${rules(rule('r', "fields.n > 5 && fields.t == 'x'", 'deny: true'))}`,
  ],
  [
    'a number that may be missing for those who may not ask',
    `fields: { n: { type: int, required: false } }\n${asks}${oneStep}${rules(rule('r', '"!requester.belongs_to(\'team:acme/eng\') && fields.n > 5"', 'deny: true'))}`,
  ],
  [
    'as many people as approvals',
    decidedBy('team:acme/eng', step('data', 'person:ann, person:bob', 'count: 2')),
  ],
  [
    'two people for two steps',
    decidedBy('team:acme/eng', step('one', 'person:ann, person:bob'), step('two', 'person:ann')),
  ],
  [
    'one person beside a team',
    decidedBy('team:acme/eng', step('one', 'person:ann'), step('two', 'person:ann, team:acme/data')),
  ],
  ['two who approve each other', decidedBy('person:ann, person:bob', step('data', 'person:ann, person:bob'))],
  ['one approver, asked by a team', decidedBy('team:acme/eng, role:member', step('data', 'person:ann'))],
  [
    'one person for steps that are never asked together',
    `${ask}${asks}${steps()}    - name: one\n      if: fields.urgency == 'Emergency'\n      approvers: [person:ann]\n    - name: two\n      if: fields.urgency == 'Normal'\n      approvers: [person:ann]\n`,
  ],
  [
    'one person for two steps, and a rule for one of them',
    `${ask}${asks}${steps(step('data', 'person:ann'), step('two', 'person:ann'))}${rules(rule('r', 'fields.number > 3'))}`,
  ],
  [
    'a step for all requests but those of its approver',
    `requesters: [person:ann, person:bob]\n${steps(step('all', 'team:acme/data'))}    - name: more\n      if: requester.id == 'ann'\n      approvers: [person:bob]\n`,
  ],
  [
    'a step for those who are in no team of which its approver may be',
    `requesters: [person:ann, person:bob]\n${steps(step('all', 'team:acme/data'))}    - name: more\n      if: "!requester.belongs_to('team:acme/leads')"\n      approvers: [person:bob]\n`,
  ],
  [
    'one may approve oneself, beside a second',
    `${asks}approval:\n  allow_self_approval: true\n  steps: [{ name: a, approvers: [team:acme/data], count: 2 }]\n`,
  ],
  [
    'one may approve oneself, and nobody who asks does',
    `requesters: [person:ann]\napproval:\n  allow_self_approval: true\n  steps: [{ name: a, approvers: [person:bob] }]\n`,
  ],
  [
    'one may approve oneself, where nobody else is',
    `requesters: [person:ann]\napproval:\n  allow_self_approval: true\n  steps: [{ name: a, approvers: [person:ann] }, { name: b, approvers: [team:acme/data] }]\n`,
  ],
  [
    'a flow that is closed by its sources',
    `sources: []\n${ask}${asks}${oneStep}${rules(rule('r', "request.source == 'github'"))}`,
  ],
];

const rightTelling: readonly Right[] = [
  [
    'who decides',
    toldOf('person:ann, person:bob', 'person:bob, { to: [person:ann, person:bob], together: true }'),
  ],
  ['who may be in a team', toldOf('team:acme/data', 'person:bob')],
  ['a manager of somebody', toldOf('manager:requester', 'person:ann, manager:requester')],
  ['the manager', toldOf('manager:bob', 'person:ann')],
  [
    'a link to a guest',
    `allow_guests: { email_links: true }\n${toldOf('guest:partner', 'email:cleo@customer.com')}`,
  ],
  ['a guest of these', guestStep('person:cleo')],
  ['a guest by the user id', `allow_guests: true\n${toldOf('guest:partner', 'person:gil')}`],
  [
    'a channel, whoever is in it',
    toldOf('person:ann', 'slack-channel:access, origin, requester, github, email:a@acme.com'),
  ],
  ['shortly before the end', toldOf('team:acme/data', 'github, { to: person:bob, after: 23h }')],
  ['nobody, where there is an issue', `sources: [slack, github]\n${asks}${oneStep}`],
  ['nobody, where it may be asked anywhere', `${asks}${oneStep}`],
  [
    'who decides because they are in a channel',
    `sources: [slack]\n${asks}${steps('{ name: data, approvers: [slack-channel:data] }')}`,
  ],
  ['somebody with an account on Slack alone', toldOf('person:yuki', 'person:yuki')],
];

const rightSettings: readonly Right[] = [
  ['guests', `${settings}guests: { customer: { label: Customer, people: [cleo] } }\n`],
  ['what is used', `${settings}vars: { used: a }\nenvironments: { test: { vars: { used: b } } }\n`],
  [
    'a variable that a variable’s place uses',
    `${settings}vars: { used: a, other: b }\nenvironments: { test: { danger: "\${{ vars.other }}" } }\n`,
  ],
];

function lintFlow(text: string): readonly Diagnostic[] {
  const files = {
    'flows/people.yml': people,
    'flows/countersign.yml': settings + guests,
    'flows/sample.yml': text,
  };
  return readSample(files, { lints }).diagnostics;
}

/** With a flow that uses the environment and the variable that it declares. */
function lintSettings(text: string, flow = `${asks}${oneStep}`): readonly Diagnostic[] {
  const uses = [
    text.includes(' test:') && 'environment: test\n',
    text.includes(' used:') && 'header: "${{ vars.used }}"\n',
  ].filter((line) => line !== false);
  const files = {
    'flows/people.yml': people,
    'flows/countersign.yml': text,
    'flows/sample.yml': uses.join('') + (text.includes('people: [') ? guestStep('github') : flow),
  };
  return readSample(files, { deskLints }).diagnostics;
}

/** As `«` marks it. */
function placeIn(marked: string): Pick<Diagnostic, 'line' | 'column'> {
  const at = marked.indexOf('«');
  const before = marked.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

describe.each([
  ['what never holds', never],
  ['what always holds', always],
  ['rules that change nothing', idle],
  ['answers that may be missing', missing],
  ['people', few],
  ['who is told', telling],
])('%s', (_, rows) => {
  test.each(rows)('%s', (_what, code, marked) => {
    const found = lintFlow(marked.replace('«', ''));
    expect(found.map(({ sentence: _sentence, ...rest }) => rest)).toEqual([
      { file: 'flows/sample.yml', ...placeIn(marked), level: 'warning', code },
    ]);
  });
});

test.each(desk)('settings: %s', (_what, code, marked) => {
  const found = lintSettings(marked.replace('«', ''));
  expect(found.map(({ sentence: _sentence, ...rest }) => rest)).toEqual([
    { file: 'flows/countersign.yml', ...placeIn(marked), level: 'warning', code },
  ]);
});

describe('nothing is said of', () => {
  test.each([...right, ...rightTelling])('%s', (_what, text) => {
    expect(lintFlow(text)).toEqual([]);
  });

  test.each(rightSettings)('settings: %s', (_what, text) => {
    expect(lintSettings(text)).toEqual([]);
  });

  test('what a broken flow would perhaps use', () => {
    const text = `${settings}vars: { spare: a }\n`;
    expect(lintSettings(text).map(({ code }) => code)).toEqual(['unused']);
    expect(lintSettings(text, 'lable: X\n').map(({ code }) => code)).not.toContain('unused');
  });

  test('a flow that is broken', () => {
    const text = withRules(rule('r', "fields.urgency == 'x'"), rule('r', 'fields.sure'));
    expect(lintFlow(text).map(({ code }) => code)).toEqual(['duplicate-rule']);
  });
});

test('a warning disables nothing', () => {
  const flow = withRules(rule('r', "fields.urgency == 'emergency'"));
  const read = readSample({ 'flows/people.yml': people, 'flows/sample.yml': flow }, { lints, deskLints });
  expect(read.closed).toBeUndefined();
  expect(read.flows.get('sample')).toHaveProperty('rules');
});

describe('a warning says', () => {
  const sentence = (text: string): string | undefined => lintFlow(text.replace('«', ''))[0]?.sentence;

  test('which other rule, by name', () => {
    expect(
      sentence(withRules(rule('wide', 'fields.sure'), rule('r', 'fields.sure && fields.level == 1'))),
    ).toBe(
      'This rule changes nothing: whenever it holds, “wide” approves the same. Remove one of them, or correct its condition.',
    );
  });

  test('who is missing, and for whom', () => {
    expect(sentence(decidedBy('person:ann, person:bob', step('data', 'person:bob')))).toBe(
      'When bob asks: “data” wants 1 person, and nobody can give it. Add people, or ask for fewer.',
    );
    expect(
      sentence(decidedBy('team:acme/eng', step('one', 'role:admin', 'count: 2'), step('two', 'person:bob'))),
    ).toBe(
      '“one” and “two” want 3 people, each for one approval, and only ann, bob can give it. Add people, or ask for fewer.',
    );
  });

  test('where nobody is asked', () => {
    const [, , text = ''] = idle.find(([, code]) => code === 'no-step-asked') ?? [];
    expect(sentence(text)).toBe(
      'Where fields.urgency is Normal, no step is asked, and the request is refused. Add a step, or a rule that denies and says why.',
    );
  });

  test('what to ask first', () => {
    const [, , text = ''] = missing[0] ?? [];
    expect(sentence(text)).toBe(
      "“n” may be without an answer. This cannot be judged then, and the request is held. Ask first whether fields.urgency == 'Emergency'.",
    );
  });
});
