// A corpus of what people get wrong, with the place and the code that they are told. `«` marks the place.
import { describe, expect, test } from 'vitest';
import { diagnose, printDiagnostic } from './diagnostic.ts';
import { anyApproval, readSample } from './sample-desk.ts';

type Row = readonly [what: string, code: string, text: string, suggestion?: string];

const asks = 'requesters: [team:acme/eng]';
const rest = `${asks}\n${anyApproval}\n`;
const team = 'strategy: { type: github-team }';
const target = 'targets: { t: { settings: { organization: acme, team_slug: t } } }';
const hour = 'duration: { options: [1h] }';
const access = `${team}\n${target}\n${hour}\n`;
const awsTarget = (settings: string): string =>
  `strategy: { type: aws, integration: main }\n${hour}\ntargets:\n  t:\n    settings:\n      ${settings}\n`;
const bound = (setting: string, field: string): string =>
  `${team}\n${hour}\ntargets:\n  t:\n    settings:\n      organization: acme\n      team_slug: ${setting}\nfields: { f: ${field} }\n${rest}`;
const steps = (...lines: readonly string[]): string =>
  `${asks}\napproval:\n  steps:\n${lines.map((line) => `    - ${line}\n`).join('')}`;
const stepIf = (condition: string, before = ''): string =>
  `${before}${asks}\napproval:\n  steps:\n    - name: a\n      approvers: [team:acme/a]\n      if: ${condition}\n`;
const ask = 'fields: { u: { type: string }, n: { type: int }, l: { type: string-list } }\n';

const yaml: readonly Row[] = [
  ['an empty file', 'file-empty', '«'],
  ['only a comment', 'file-empty', '«# nothing\n'],
  ['only null', 'file-empty', '«~\n'],
  ['a byte order mark', 'byte-order-mark', '«\uFEFFlabel: X\n'],
  ['a tab', 'yaml-tab', 'fields:\n«\ta: { type: string }\n'],
  ['a second document', 'yaml-documents', `label: X\n${rest}---\n«label: Y\n`],
  ['a doubled key', 'duplicate-key', `label: X\n«label: Y\n${rest}`],
  ['a doubled key within', 'duplicate-key', `fields:\n  a: { type: string }\n  «a: { type: int }\n${rest}`],
  ['an anchor', 'yaml-alias', 'label: «&x X\ndescription: *x\n'],
  ['an alias of nothing', 'yaml-alias', 'label: «*important*\n'],
  ['a tag', 'yaml-tag', 'label: «!important\n'],
  ['a core tag', 'yaml-tag', 'label: «!!str 5\n'],
  ['a list as a key', 'yaml-key', '? «[a, b]\n: c\n'],
  ['an unclosed quote', 'yaml-syntax', 'label: "X\n«'],
  ['too deep', 'yaml-too-deep', `label: ${'['.repeat(19)}«[[${']'.repeat(21)}`],
  ['a text that begins with @', 'yaml-syntax', 'label: «@acme/data\n'],
  [
    'a text with a colon',
    'colon-needs-quotes',
    'label: «Access: production\n',
    'label: "Access: production"',
  ],
  [
    'a question with a comma in braces',
    'comma-needs-quotes',
    'fields:\n  a: { type: string, label: Why, «and for whom? }\n',
    'label: "Why, and for whom?"',
  ],
  [
    'a placeholder in braces',
    'braces-need-quotes',
    'targets: { t: { settings: { a: «${{ fields.a }} } } }\n',
  ],
  ['a condition with !', 'condition-needs-quotes', `fields:\n  a:\n    if: «!fields.b\n`, 'if: "!fields.b"'],
  [
    'a condition with !( )',
    'condition-needs-quotes',
    `fields:\n  a:\n    if: «!(fields.b == 'x')\n`,
    `if: "!(fields.b == 'x')"`,
  ],
  ['a ternary', 'colon-needs-quotes', 'fields:\n  a:\n    if: «a ? b : c\n', 'if: "a ? b : c"'],
];

const shape: readonly Row[] = [
  ['a list', 'wrong-type', '«- label: X\n'],
  ['a misspelt key', 'unknown-key', `«lable: X\n${rest}`, 'label'],
  ['a key of another tool', 'unknown-key', `«title: X\n${rest}`, 'label'],
  ['a key from nowhere', 'unknown-key', `«zebra: X\n${rest}`],
  ['a prototype', 'unknown-key', `«__proto__: { label: X }\n${rest}`],
  ['no requesters', 'missing-key', `«${anyApproval}\n`],
  ['no approval', 'missing-key', `«${asks}\n`],
  ['a label that is a map', 'colon-needs-quotes', `label: «{ a: b }\n${rest}`, 'a:b'],
  ['an empty label', 'wrong-type', `«label:\n${rest}`],
  ['a label of two lines', 'bad-value', `label: "«a\\nb"\n${rest}`],
  ['a label that is too long', 'too-long', `label: «${'x'.repeat(81)}\n${rest}`],
  ['a number as a label', 'number-needs-quotes', `label: «0815\n${rest}`, '"0815"'],
  [
    'requesters without a list',
    'wrong-type',
    `requesters: «team:acme/eng\n${anyApproval}\n`,
    '[team:acme/eng]',
  ],
  ['the same group twice', 'repeated', `requesters: [team:acme/a, «team:acme/a]\n${anyApproval}\n`],
  ['an unknown source', 'not-an-option', `sources: [«githup]\n${rest}`, 'github'],
  ['sources that are not built', 'no-source', `sources: «[api, web]\n${rest}`],
  ['sinks', 'not-built', `${rest}«sinks: []\n`],
  ['code of which nothing is run', 'idle-code', `${rest}«code: {}\n`],
  ['an answer that is none', 'not-an-option', `${rest}code: { answers: [«aproval] }\n`, 'approval'],
  ['guests by another word', 'yaml-boolean', `allow_guests: «yes\n${rest}`, 'true'],
];

const fields: readonly Row[] = [
  ['no type', 'missing-key', `fields:\n  a: «{ label: X }\n${rest}`],
  ['a wrong type', 'not-an-option', `fields: { a: { type: «boolean } }\n${rest}`, 'bool'],
  ['no map', 'wrong-type', `fields: { a: «string }\n${rest}`],
  ['a bad name', 'bad-name', `fields: { «a-b: { type: string } }\n${rest}`],
  ['a word of CEL as a name', 'field-name', `fields: { «in: { type: string } }\n${rest}`],
  ['a question that the form asks itself', 'field-name', `fields: { «target: { type: string } }\n${rest}`],
  [
    'a label twice',
    'field-label',
    `fields: { a: { type: int, label: X }, b: { type: int, label: «x } }\n${rest}`,
  ],
  [
    'a label that is a name',
    'field-label',
    `fields: { a: { type: int, label: «b }, b: { type: int } }\n${rest}`,
  ],
  ['a pattern on a number', 'unknown-key', `fields: { a: { type: int, «pattern: x } }\n${rest}`],
  ['yes for true', 'yaml-boolean', `fields: { a: { type: int, required: «yes } }\n${rest}`, 'true'],
  ['a default of another type', 'wrong-type', `fields: { a: { type: int, default: "«3" } }\n${rest}`, '3'],
  [
    'a default that is no option',
    'default-not-an-option',
    `fields: { a: { type: string, options: [x], default: «y } }\n${rest}`,
  ],
  [
    'a duration with no unit',
    'bad-duration',
    `fields: { a: { type: duration, default: «half an hour } }\n${rest}`,
  ],
  [
    'an unknown person',
    'unknown-person',
    `fields: { a: { type: person, options: [ann, «bop] } }\n${rest}`,
    'bob',
  ],
  [
    'an option that does not match',
    'option-no-match',
    `fields: { a: { type: string, pattern: "x+", options: [x, «y] } }\n${rest}`,
  ],
  ['an empty list of options', 'too-few', `fields: { a: { type: string, options: «[] } }\n${rest}`],
  ['live options of no source', 'missing-key', `fields: { a: { type: string, options_from: «{} } }\n${rest}`],
  [
    'live options by code that is not there',
    'no-code-file',
    `fields: { a: { type: string, options_from: { run: code, with: { file: «racks.ts, function: all } } } }\n${rest}`,
  ],
  ['a sensitive field', 'not-built', `fields: { a: { type: string, «sensitive: true } }\n${rest}`],
  ['look-ahead', 'pattern-not-linear', `fields: { a: { type: string, pattern: x«(?=y) } }\n${rest}`],
  ['look-behind', 'pattern-not-linear', `fields: { a: { type: string, pattern: «(?<!y)x } }\n${rest}`],
  ['a back-reference', 'pattern-not-linear', `fields:\n  a: { type: string, pattern: (x)«\\1 }\n${rest}`],
  ['a broken pattern', 'pattern-syntax', `fields: { a: { type: string, pattern: "«[a" } }\n${rest}`],
  [
    'a huge pattern',
    'pattern-too-big',
    `fields: { a: { type: string, pattern: "«(a|b|c|d){900}" } }\n${rest}`,
  ],
  [
    'a pattern that is too long',
    'pattern-too-long',
    `fields: { a: { type: string, pattern: «${'a'.repeat(501)} } }\n${rest}`,
  ],
  [
    'a condition on a later field',
    'condition-order',
    `fields:\n  a: { type: int, if: fields.«b == 'x' }\n  b: { type: string }\n${rest}`,
  ],
  [
    'a condition on itself',
    'condition-order',
    `fields:\n  a: { type: string, if: fields.«a == 'x' }\n${rest}`,
  ],
];

const conditions: readonly Row[] = [
  ['a misspelt field', 'condition-unknown', stepIf("fields.«uu == 'x'", ask), 'fields.u'],
  ['a misspelt root', 'condition-unknown', stepIf("«field.u == 'x'", ask), 'fields'],
  ['a target where there is none', 'condition-unknown', stepIf("request.«target == 't'", ask)],
  [
    'a misspelt part of the requester',
    'condition-unknown',
    stepIf("requester.«rol == 'admin'", ask),
    'requester.role',
  ],
  ['all of the requester', 'condition-whole-fields', stepIf('«requester == requester', ask)],
  [
    'who asks, where a field is asked',
    'condition-form',
    `fields: { a: { type: string, if: "«requester.role == 'admin'" } }\n${rest}`,
  ],
  [
    'a group, where a field is asked',
    'condition-form',
    `fields: { a: { type: string, if: "«requester.belongs_to('team:acme/a')" } }\n${rest}`,
  ],
  [
    'the time, where a field is asked',
    'condition-form',
    `fields: { a: { type: string, if: "«request.time.getHours() > 9" } }\n${rest}`,
  ],
  [
    'where it is asked, where a field is asked',
    'condition-form',
    `fields: { a: { type: string, if: "«request.source == 'github'" } }\n${rest}`,
  ],
  [
    'a method that the requester does not have',
    'condition-call',
    stepIf("«requester.belongs('team:acme/a')", ask),
  ],
  [
    'a misspelt method of the requester',
    'condition-call',
    stepIf("«requester.belong_to('team:acme/a')", ask),
    'belongs_to()',
  ],
  [
    'a history of the requester with a slip',
    'condition-call',
    stepIf("«requester.request('1d') > 3", ask),
    'requests()',
  ],
  ['a group that is asked', 'condition-type', stepIf('requester.belongs_to(«fields.u)', ask)],
  ['a group of no kind', 'group-form', stepIf("requester.belongs_to('«acme/data')", ask), 'team:acme/data'],
  [
    'a group of a misspelt kind',
    'group-kind',
    stepIf("requester.belongs_to('«taem:acme/data')", ask),
    'team:acme/data',
  ],
  [
    'a group without the integration that knows it',
    'group-integration',
    stepIf("requester.belongs_to('«pagerduty-schedule:PDATA')", ask),
  ],
  [
    'a group of a person who is nobody',
    'unknown-person',
    stepIf("requester.belongs_to('person:«bobb')", ask),
    'person:bob',
  ],
  ['a history of too long ago', 'history-too-long', stepIf("requester.requests('«91d') > 3", ask), '90d'],
  ['a history of no duration', 'bad-duration', stepIf("requester.denied('«a week') > 3", ask)],
  ['a history of a computed time', 'condition-type', stepIf('requester.requests(«fields.u) > 3', ask)],
  ['a history compared with a text', 'condition-type', stepIf(`"«requester.requests('1d') == '3'"`, ask)],
  [
    'a time zone that does not exist',
    'time-zone',
    stepIf("request.time.getHours('«Europe/Berln') > 9", ask),
    'Europe/Berlin',
  ],
  ['a city alone', 'time-zone', stepIf("request.time.getHours('«Berlin') > 9", ask), 'Europe/Berlin'],
  ['a time zone that is asked', 'condition-type', stepIf('request.time.getHours(«fields.u) > 9', ask)],
  ['a time that is none', 'condition-constant', stepIf("request.time > «timestamp('2026-12-24')", ask)],
  ['a time as a text', 'condition-type', stepIf("«request.time > '2026-12-24'", ask)],
  ['braces in a condition', 'condition-braces', stepIf("«${{ fields.u == 'x' }}", ask), "fields.u == 'x'"],
  [
    'braces within a condition',
    'condition-braces',
    stepIf('fields.u == «${{ vars.x }}', ask),
    'fields.u == vars.x',
  ],
  ['a variable in a condition', 'condition-vars', stepIf('fields.u == «vars.x', ask)],
  ['a map', 'condition-type', stepIf(`"«{'a': true}['a']"`, ask)],
  ['an unsigned number', 'condition-type', stepIf('fields.n == int(«1u)', ask)],
  ['a type as a value', 'condition-unknown', stepIf('«int == int', ask)],
  ['exists without a name', 'condition-syntax', stepIf("fields.l.exists(«'x', true)", ask)],
  [
    'a duration in days',
    'condition-duration',
    stepIf("request.duration > «duration('1d')", access),
    "duration('24h')",
  ],
  ['a duration as a text', 'condition-type', stepIf("«request.duration > '1h'", access)],
  ['no condition', 'condition-not-yes-or-no', stepIf('«fields.u', ask)],
  ['one =', 'condition-syntax', stepIf("fields.u «= 'x'", ask), '=='],
  ['an unfinished condition', 'condition-syntax', stepIf('fields.u ==«', ask)],
  ['an unknown function', 'condition-call', stepIf("«fields.u.startWith('x')", ask), 'startsWith()'],
  [
    'a list through a list',
    'condition-nested',
    stepIf('fields.l.exists(x, «fields.l.exists(y, x == y))', ask),
  ],
  ['a division by zero', 'condition-constant', stepIf('fields.n == «1 / 0', ask)],
  ['all fields', 'condition-whole-fields', stepIf('«fields == fields', ask)],
  ['a computed field', 'condition-whole-fields', stepIf("«fields[fields.u] == 'x'", ask)],
  ['a pattern that is asked', 'condition-type', stepIf('fields.u.matches(«fields.u)', ask)],
  ['look-ahead in matches', 'pattern-not-linear', stepIf("fields.u.matches('«(?=x)')", ask)],
  [
    'a text that never changes',
    'condition-constant',
    stepIf("fields.u == 'x' || «'a'.matches('^(a+)+$')", ask),
  ],
  ['a long condition', 'condition-too-big', stepIf(`«${"fields.u == 'x' || ".repeat(60)}true`, ask)],
  [
    'a big condition',
    'condition-too-big',
    stepIf(`${'1+'.repeat(99)}«1+1+1 == 2`, ask)
      .replace('«', '')
      .replace('if: ', 'if: «'),
  ],
  ['true, which is no text', 'wrong-type', stepIf('«true', ask), '"true"'],
  ['a place behind an escape', 'condition-unknown', stepIf('"«fields.uu == \\"x\\""', ask), 'fields.u'],
];

const approvals: readonly Row[] = [
  ['no steps', 'too-few', `${asks}\napproval: { steps: «[] }\n`],
  ['nobody who approves', 'too-few', steps('{ name: a, approvers: «[] }')],
  ['no approvers', 'missing-key', steps('«{ name: a }')],
  ['a count of nobody', 'too-small', steps('{ name: a, approvers: [team:acme/a], count: «0 }')],
  ['a count in words', 'wrong-type', steps('{ name: a, approvers: [team:acme/a], count: «two }')],
  [
    'a step twice',
    'duplicate-step',
    steps('{ name: a, approvers: [team:acme/a] }', '{ name: «a, approvers: [team:acme/b] }'),
  ],
  [
    'a missing step',
    'unknown-step',
    steps('{ name: data, approvers: [team:acme/a] }', '{ name: b, approvers: [team:acme/b], needs: [«dta] }'),
    'data',
  ],
  ['a step that needs itself', 'circular-needs', steps('{ name: a, approvers: [team:acme/a], needs: «[a] }')],
  [
    'a circle',
    'circular-needs',
    steps(
      '{ name: z, approvers: [team:acme/a] }',
      '{ name: a, approvers: [team:acme/a], needs: «[b] }',
      '{ name: b, approvers: [team:acme/a], needs: [z, a] }',
    ),
  ],
  ['a step with a bad name', 'bad-name', steps('{ name: «two words, approvers: [team:acme/a] }')],
  [
    'a channel with its #',
    'group-form',
    steps('{ name: a, approvers: ["«#access"] }'),
    'slack-channel:access',
  ],
  [
    'a channel with # behind its kind',
    'group-form',
    steps('{ name: a, approvers: ["«slack-channel:#access"] }'),
    'slack-channel:access',
  ],
  ['a channel in capitals', 'group-form', steps('{ name: a, approvers: ["«slack-channel:Access"] }')],
  [
    'a Slack group by another word',
    'group-kind',
    steps('{ name: a, approvers: [«usergroup:data] }'),
    'slack-group:data',
  ],
  [
    'guests where the flow allows none',
    'guests-not-allowed',
    steps('{ name: a, approvers: [«guest:customer] }'),
  ],
  [
    'guests that nobody declared',
    'unknown-guests',
    `allow_guests: true\n${steps('{ name: a, approvers: [guest:«custmer] }')}`,
    'guest:customer',
  ],
  ['guests who ask', 'group-place', `allow_guests: true\nrequesters: [«guest:customer]\n${anyApproval}\n`],
  ['a manager who asks', 'group-place', `requesters: [«manager:requester]\n${anyApproval}\n`],
  ['the manager of nobody', 'unknown-person', steps('{ name: a, approvers: [manager:«an] }'), 'manager:ann'],
  ['guests in a condition', 'group-place', stepIf("requester.belongs_to('«guest:customer')")],
  ['a user', 'group-kind', steps('{ name: a, approvers: [«user:bob] }'), 'person:bob'],
  ['a misspelt kind', 'group-kind', steps('{ name: a, approvers: [«taem:acme/a] }'), 'team:acme/a'],
  [
    'a group without the integration that knows it',
    'group-integration',
    steps('{ name: a, approvers: [«pagerduty-schedule:PDATA] }'),
  ],
  [
    'a schedule by its name',
    'group-form',
    steps('{ name: a, approvers: ["«pagerduty-schedule:Data on call"] }'),
  ],
  ['a group of Okta by its name', 'group-form', steps('{ name: a, approvers: [«okta-group:Engineers] }')],
  ['a level without a policy', 'group-form', steps('{ name: a, approvers: [«pagerduty-schedule:PDATA/1] }')],
  [
    'a kind of Google’s own word',
    'group-kind',
    steps('{ name: a, approvers: [«google:data@acme.com] }'),
    'google-group:data@acme.com',
  ],
  [
    'code owners of a whole repository',
    'group-form',
    steps('{ name: a, approvers: [«codeowners:acme/app] }'),
  ],
  ['code owners of a way out', 'group-form', steps('{ name: a, approvers: [«codeowners:acme/app/../b] }')],
  ['a bare team', 'group-form', steps('{ name: a, approvers: [«acme/data] }'), 'team:acme/data'],
  ['a bare person', 'group-form', steps('{ name: a, approvers: [«bob] }'), 'person:bob'],
  ['a team without its organisation', 'group-form', steps('{ name: a, approvers: [«team:data] }')],
  ['a role that does not exist', 'group-form', steps('{ name: a, approvers: [«role:owner] }')],
  [
    'a group with a space',
    'colon-needs-quotes',
    steps('name: a\n      approvers:\n        - «team: acme/data'),
    'team:acme/data',
  ],
  ['an unknown person', 'unknown-person', steps('{ name: a, approvers: [person:«bobb] }'), 'person:bob'],
  [
    'a lapse beyond a week',
    'lapse-too-long',
    `${asks}\napproval: { steps: [{ name: a, approvers: [team:acme/a] }], lapse_after: «8d }\n`,
    '7d',
  ],
  [
    'a bad duration',
    'bad-duration',
    `${asks}\napproval: { steps: [{ name: a, approvers: [team:acme/a] }], lapse_after: «1 day }\n`,
  ],
  [
    'a validity of access',
    'access-only',
    `${access}${asks}\napproval: { steps: [{ name: a, approvers: [team:acme/a] }], «valid_for: 1h }\n`,
  ],
  [
    'a message that is mandatory',
    'not-an-option',
    `${asks}\napproval: { steps: [{ name: a, approvers: [team:acme/a] }], decision_message: «mandatory }\n`,
    'required',
  ],
];

const notified = (text: string): string => steps(`{ name: a, approvers: [team:acme/a], notify: ${text} }`);

const routes: readonly Row[] = [
  ['no list', 'wrong-type', notified('«slack-channel:access'), '[slack-channel:access]'],
  ['a channel with its #', 'destination-form', notified('["«#access"]'), 'slack-channel:access'],
  ['a person with an @', 'destination-form', notified('["«@bob"]'), 'person:bob'],
  ['a person who is misspelt with an @', 'destination-form', notified('["«@bop"]'), 'person:bob'],
  ['a person who is nobody', 'unknown-person', notified('[person:«bop]'), 'person:bob'],
  ['a bare name of somebody', 'destination-form', notified('[«bob]'), 'person:bob'],
  [
    'a bare name of a channel',
    'destination-form',
    notified('[«access-requests]'),
    'slack-channel:access-requests',
  ],
  ['a word that is misspelt', 'destination-form', notified('[«orgin]'), 'origin'],
  ['a kind of another tool', 'destination-form', notified('[«channel:access]'), 'slack-channel:access'],
  ['a bare address', 'destination-form', notified('[«a@acme.com]'), 'email:a@acme.com'],
  ['an address that is none', 'destination-form', notified('[«email:ann]')],
  ['several people as one place', 'destination-form', notified('["«people:ann,bob"]')],
  ['a channel of a workspace by its name', 'destination-form', notified('[«slack-channel:acme/access]')],
  [
    'a channel with # behind its kind',
    'destination-form',
    notified('["«slack-channel:#access"]'),
    'slack-channel:access',
  ],
  ['the manager of somebody', 'destination-form', notified('[«manager:ann]'), 'manager:requester'],
  ['a team', 'destination-group', notified('[«team:acme/data]'), 'github'],
  ['guests', 'destination-group', notified('[«guest:customer]'), 'github'],
  ['who is on call', 'not-built', notified('[«pagerduty-schedule:P1]')],
  ['a route without a place', 'missing-key', notified('[«{ after: 15m }]')],
  ['no place at all', 'too-few', notified('[{ to: «[] }]')],
  ['a delay without a unit', 'bad-duration', notified('[{ to: github, after: «15 }]')],
  ['a delay by another word', 'unknown-key', notified('[{ to: github, «afer: 15m }]'), 'after'],
  [
    'a place in a list that is wrong',
    'destination-form',
    notified('[{ to: [github, "«@bob"] }]'),
    'person:bob',
  ],
  [
    'somebody who is told sooner than who stands above',
    'route-order',
    notified('[{ to: github, after: 1h }, { to: person:bob, after: «15m }]'),
  ],
  ['one alone together', 'together-people', notified('[{ to: «[person:bob], together: true }]')],
  [
    'channels together',
    'together-people',
    notified('[{ to: «[person:bob, slack-channel:x], together: true }]'),
  ],
  [
    'too many places',
    'too-many',
    notified(`[{ to: «[${Array.from({ length: 21 }, (_, n) => `slack-channel:c${n}`).join(', ')}] }]`),
  ],
];

const rule = (...lines: readonly string[]): string =>
  `${ask}${asks}\napproval:\n  steps:\n    - { name: data, approvers: [team:acme/a] }\n    - { name: owner, approvers: [team:acme/b], people_only: true }\nrules:\n  - name: one\n    if: fields.u == 'x'\n${lines.map((line) => `    ${line}\n`).join('')}`;
const said = (text: string): string => rule('deny: true', `reason: ${text}`);

const rules: readonly Row[] = [
  ['rules that are no list', 'wrong-type', `${rest}rules: «{ one: x }\n`],
  ['a rule without a condition', 'missing-key', `${rest}rules:\n  - «{ name: one, deny: true }\n`],
  ['a rule without a name', 'missing-key', `${rest}rules:\n  - «{ if: "1 < 2", deny: true }\n`],
  [
    'a rule twice',
    'duplicate-rule',
    rule('deny: true', '').replace(/$/, "  - name: «one\n    if: fields.u == 'y'\n    deny: true\n"),
  ],
  ['a rule that does nothing', 'rule-effect', rule('reason: x').replace('- name: one', '- «name: one')],
  ['a rule that does both', 'rule-effect', rule('approve: [data]', '«deny: true')],
  ['a rule that denies not', 'not-an-option', rule('deny: «false')],
  ['a rule that approves nothing', 'too-few', rule('approve: «[]')],
  ['a rule that approves a step without a list', 'wrong-type', rule('approve: «data'), '[data]'],
  ['a rule that approves the same step twice', 'repeated', rule('approve: [data, «data]')],
  ['a rule that approves a misspelt step', 'unknown-step', rule('approve: [«dat]'), 'data'],
  ['a rule for a step of people only', 'rule-people-only', rule('approve: [data, «owner]')],
  ['a rule with a misspelt key', 'unknown-key', rule('deny: true', '«resaon: x'), 'reason'],
  ['a rule with a condition of another tool', 'unknown-key', rule('deny: true', '«when: x'), 'if'],
  [
    'a rule that is no condition',
    'condition-not-yes-or-no',
    rule('deny: true').replace("fields.u == 'x'", '«fields.u'),
  ],
  [
    'too many rules',
    'too-many',
    `${rest}rules: «[${Array.from({ length: 51 }, (_, n) => `{ name: r${n}, if: "true", deny: true }`).join(', ')}]\n`,
  ],
  ['a reason that is too long', 'too-long', said(`«${'x'.repeat(301)}`)],
  ['a reason with a misspelt field', 'template-unknown', said('It is ${{ «fields.v }}.')],
  ['a reason with a bare name', 'template-unknown', said('It is ${{ «n }}.'), '${{ fields.n }}'],
  ['a reason with a target that there is not', 'template-unknown', said('It is ${{ «request.target }}.')],
  ['a reason with a secret', 'template-unknown', said('It is ${{ «secrets.X }}.')],
  ['a reason with a condition', 'template-form', said(`"It is «\${{ fields.u == 'x' }}."`)],
  ['a reason that does not close', 'template-form', said('It is «${{ fields.u.')],
  [
    'a reason with an unknown variable',
    'unknown-var',
    `vars: { limit: 3 }\n${said('More than ${{ vars.«limits }}.')}`,
    '${{ vars.limit }}',
  ],
  ['a message with an unknown field', 'template-unknown', `${ask}message: For \${{ «fields.who }}\n${rest}`],
  ['a warning with a field', 'template-unknown', `${ask}danger: Mind \${{ «fields.u }}\n${rest}`],
  ['a description with an unknown variable', 'unknown-var', `description: Mind \${{ vars.«x }}\n${rest}`],
];

const vars: readonly Row[] = [
  ['a variable that is a map', 'wrong-type', `vars: { a: «{ b: c, d: e } }\n${rest}`],
  ['a variable that is nothing', 'wrong-type', `vars: { a: «~ }\n${rest}`],
  ['a variable of two lines', 'bad-value', `vars: { a: "«b\\nc" }\n${rest}`],
  ['a variable with a bad name', 'bad-name', `vars: { «a-b: c }\n${rest}`],
  ['a list of numbers', 'number-needs-quotes', `vars: { a: [x, «1] }\n${rest}`, '"1"'],
  ['a variable with a placeholder', 'var-braces', `vars:\n  a: x-«\${{ fields.u }}\n${rest}`],
  ['a variable with a strategy’s place', 'var-braces', `vars: { a: "/«{{account}}" }\n${rest}`],
  ['a list with a placeholder', 'var-braces', `vars: { a: [x, "«\${{ vars.b }}"] }\n${rest}`],
  [
    'an unknown variable in a setting',
    'unknown-var',
    `vars: { slug: x }\n${bound('${{ vars.«slugs }}', '{ type: string, options: [x] }')}`,
    '${{ vars.slug }}',
  ],
  [
    'a list within a setting',
    'bound-var-list',
    `vars: { slug: [x, y] }\n${bound('a-«${{ vars.slug }}', '{ type: string, options: [x] }')}`,
  ],
  [
    'a variable that makes a placeholder',
    'var-braces',
    `vars: { a: "{" }\n${bound('x-$«${{ vars.a }}{ fields.f }}', '{ type: string }')}`,
  ],
  [
    'a number where a setting wants a text',
    'number-needs-quotes',
    `vars: { slug: 12 }\n${bound('«${{ vars.slug }}', '{ type: string, options: [x] }')}`,
  ],
  [
    'a value that a setting does not allow',
    'bad-value',
    `vars: { slug: A B }\n${bound('«${{ vars.slug }}', '{ type: string, options: [x] }')}`,
  ],
  [
    'a setting with something else',
    'bound-form',
    bound('«${{ var.slug }}', '{ type: string, options: [x] }'),
  ],
];

const extensions: readonly Row[] = [
  ['an extension of nothing', 'approval-only', `«extend: { max_total: 1h }\n${rest}`],
  ['an extension without an end', 'missing-key', `${access}«extend: { times: 2 }\n${rest}`],
  [
    'an extension that is shorter than access',
    'extend-too-short',
    `${access}extend: { max_total: «30m }\n${rest}`,
    '1h',
  ],
  ['an extension for too long', 'extend-too-long', `${access}extend: { max_total: «31d }\n${rest}`, '30d'],
  [
    'an extension of access without an end',
    'extend-endless',
    `${team}\n${target}\nduration: { options: [until-revoked] }\n«extend: { max_total: 1d }\n${rest}`,
  ],
  ['an extension too often', 'too-large', `${access}extend: { max_total: 4h, times: «21 }\n${rest}`],
  ['an extension by a number', 'bad-duration', `${access}extend: { max_total: «4 }\n${rest}`],
  ['extensions that are allowed', 'wrong-type', `${access}extend: «true\n${rest}`],
];

const glass = (more: string): string => `${access}break_glass: { ${more} }\n${rest}`;
const whole = 'who: [team:acme/x], max: 1h, reviewers: [team:acme/y], review_within: 24h';

const urgent: readonly Row[] = [
  ['access without approval of nothing', 'approval-only', `«break_glass: { ${whole} }\n${rest}`],
  ['nobody who may', 'too-few', glass(whole.replace('[team:acme/x]', '«[]'))],
  ['nobody who reviews it', 'too-few', glass(whole.replace('[team:acme/y]', '«[]'))],
  [
    'no word of how long',
    'missing-key',
    glass(whole.replace(', max: 1h', '')).replace('break_glass: {', 'break_glass: «{'),
  ],
  ['guests who may', 'group-place', glass(whole.replace('team:acme/x', '«guest:customer'))],
  ['guests who review it', 'break-glass-guests', glass(whole.replace('team:acme/y', '«guest:customer'))],
  ['a target that is not there', 'unknown-target', glass(`${whole}, targets: [«nowhere]`)],
  ['too long', 'break-glass-too-long', glass(whole.replace('1h', '«2h')), '1h'],
  ['too short', 'break-glass-too-short', glass(whole.replace('1h', '«30m')), '1h'],
  [
    'without an end',
    'break-glass-endless',
    `${team}\n${target}\nduration: { options: [until-revoked] }\nbreak_glass: { ${whole.replace('1h', '«1h')} }\n${rest}`,
  ],
  ['a review after months', 'review-too-late', glass(whole.replace('24h', '«31d')), '30d'],
  ['a manager of nobody', 'group-place', glass(whole.replace('team:acme/x', '«manager:requester'))],
];

const grants: readonly Row[] = [
  ['a duration without a strategy', 'approval-only', `«${hour}\n${rest}`],
  ['targets without a strategy', 'approval-only', `«${target}\n${rest}`],
  ['no targets', 'missing-key', `«${team}\n${hour}\n${rest}`],
  ['no duration', 'missing-key', `«${team}\n${target}\n${rest}`],
  [
    'an unknown strategy',
    'unknown-strategy',
    `strategy: { type: «githup-team }\n${target}\n${hour}\n${rest}`,
    'github-team',
  ],
  [
    'an unknown integration',
    'unknown-integration',
    `strategy: { type: aws, integration: «mian }\n${hour}\ntargets: { t: { settings: { account_id: "333333333333" } } }\n${rest}`,
    'main',
  ],
  [
    'an integration of another kind',
    'wrong-integration',
    `strategy: { type: aws, integration: «other }\n${hour}\ntargets: { t: { settings: { account_id: "333333333333" } } }\n${rest}`,
  ],
  [
    'no integration',
    'missing-key',
    `strategy: «{ type: aws }\n${hour}\ntargets: { t: { settings: { account_id: "333333333333" } } }\n${rest}`,
  ],
  [
    'an integration for nothing',
    'wrong-integration',
    `strategy: { type: github-team, integration: «main }\n${target}\n${hour}\n${rest}`,
  ],
  [
    'sessions that the strategy cannot end',
    'cannot-end-sessions',
    `strategy: { type: github-team, end_sessions: «true }\n${target}\n${hour}\n${rest}`,
  ],
  [
    'an account id without quotes',
    'number-needs-quotes',
    `${awsTarget('account_id: «012345678901')}${rest}`,
    '"012345678901"',
  ],
  [
    'a setting of no strategy',
    'unknown-key',
    `${awsTarget('«acount_id: "333333333333"').replace('«acount', 'account_id: "333333333333"\n      «acount')}${rest}`,
    'account_id',
  ],
  ['a missing setting', 'missing-key', `${awsTarget('«level: 1')}${rest}`],
  ['a setting of the wrong form', 'bad-value', `${awsTarget('account_id: "«333"')}${rest}`],
  [
    'a placeholder that nothing fills in',
    'unknown-placeholder',
    `${awsTarget('account_id: "333333333333"\n      path: "/of/«{{acount}}"')}${rest}`,
    '{{account}}',
  ],
  ['an empty setting', 'wrong-type', `${awsTarget('«account_id:')}${rest}`],
  ['a target without settings', 'missing-key', `${team}\n${hour}\ntargets: { t: «{ label: X } }\n${rest}`],
  [
    'two targets of one label',
    'target-label',
    `${team}\n${hour}\ntargets:\n  a: { settings: { organization: acme, team_slug: t } }\n  b: { label: «a, settings: { organization: acme, team_slug: t } }\n${rest}`,
  ],
  [
    'a bound field that is not there',
    'unknown-bound-field',
    bound('${{ fields.«g }}', '{ type: string, options: [x] }'),
  ],
  ['a bound field that takes anything', 'bound-unlimited', bound('${{ fields.«f }}', '{ type: string }')],
  [
    'a bound field whose pattern limits nothing',
    'bound-unlimited',
    bound('${{ fields.«f }}', '{ type: string, pattern: .* }'),
  ],
  [
    'a bound field that may be empty',
    'bound-optional',
    bound('${{ fields.«f }}', '{ type: string, options: [x], required: false }'),
  ],
  [
    'a bound field that may not be asked',
    'bound-optional',
    bound('${{ fields.«f }}', `{ type: string, options: [x], default: x, if: "request.target == 't'" }`),
  ],
  ['a bound list', 'bound-type', bound('${{ fields.«f }}', '{ type: string-list, options: [x] }')],
  ['a bound secret', 'bound-form', bound('«${{ secrets.X }}', '{ type: string, options: [x] }')],
  ['an unclosed placeholder', 'bound-form', bound('x-«${{ fields.f', '{ type: string, options: [x] }')],
  [
    'a default that is no option',
    'duration-not-an-option',
    `${team}\n${target}\nduration: { options: [1h, 2h], default: «3h }\n${rest}`,
  ],
  ['the same duration twice', 'repeated', `${team}\n${target}\nduration: { options: [1h, «60m] }\n${rest}`],
  ['a duration without a unit', 'bad-duration', `${team}\n${target}\nduration: { options: [«30] }\n${rest}`],
  ['a duration in weeks', 'bad-duration', `${team}\n${target}\nduration: { options: [«1w] }\n${rest}`],
  [
    'access that nobody may end',
    'revoke-needed',
    `${team}\n${target}\nduration: { options: [1h, «until-revoked] }\nallow_revoke: []\n${rest}`,
  ],
  [
    'a label bound to no field',
    'unknown-bound-field',
    `${team}\ntargets: { t: { label: "\${{ fields.«nope }}", settings: { organization: acme, team_slug: t } } }\n${hour}\n${rest}`,
  ],
  [
    'a shared target that nobody declared',
    'unknown-shared-target',
    `${team}\nshared_targets: [«prod]\nduration: { options: [1h] }\n${rest}`,
  ],
  ['a confirmation that is not typed', 'not-an-option', `confirm: «click\n${rest}`],
  ['an unknown environment', 'unknown-environment', `environment: «prd\n${rest}`, 'prod'],
];

const guests = (text: string): string => `version: 1\nadmins: [role:member]\nguests: { ${text} }\n`;

const settings: readonly Row[] = [
  ['no version', 'missing-key', '«admins: [role:member]\n'],
  ['another version', 'not-an-option', 'version: «2\nadmins: [role:member]\n'],
  ['no admins', 'too-few', 'version: 1\nadmins: «[]\n'],
  ['an admin who is nobody', 'unknown-person', 'version: 1\nadmins: [person:«max]\n'],
  [
    'a domain with @',
    'bad-value',
    'version: 1\nadmins: [role:member]\ndomains: { members: ["«@acme.com"] }\n',
  ],
  ['guests as admins', 'group-place', 'version: 1\nadmins: [«guest:customer]\n'],
  ['guests without a label', 'missing-key', guests('a: «{ slack_workspaces: [T9CUST000] }')],
  ['guests who are nobody', 'guests-nobody', guests('«a: { label: A }')],
  ['guests by an address with a name', 'bad-value', guests('a: { label: A, emails: ["«A <a@a.com>"] }')],
  ['guests by their domain alone', 'guests-nobody', guests('«a: { label: A, email_domains: [a.com] }')],
  [
    'guests by addresses that are more than one',
    'bad-value',
    guests('a: { label: A, slack_users: [U07GUEST0], emails: ["«a@a.com,b@b.com"] }'),
  ],
  ['guests of a workspace by its name', 'bad-value', guests('a: { label: A, slack_workspaces: [«acme] }')],
  ['a guest by their name', 'bad-value', guests('a: { label: A, slack_users: [«T9CUST000/cleo] }')],
  [
    'guests of the desk’s own workspace',
    'guests-own-workspace',
    `${guests('a: { label: A, slack_workspaces: [«T07ACME00] }')}slack: { workspace: T07ACME00 }\n`,
  ],
  ['a guest who is nobody', 'unknown-person', guests('a: { label: A, people: [«an] }'), 'ann'],
  ['errors told to somebody', 'destination-form', 'version: 1\nadmins: [role:member]\nerrors: «person:ann\n'],
  [
    'errors of an environment told nowhere',
    'destination-form',
    'version: 1\nadmins: [role:member]\nenvironments: { prod: { errors: "«#oops" } }\n',
    'slack-channel:oops',
  ],
  [
    'a workspace by its name',
    'bad-value',
    'version: 1\nadmins: [role:member]\nslack: { workspace: «acme }\n',
  ],
  [
    'a desk that tells a team',
    'destination-group',
    'version: 1\nadmins: [role:member]\nnotify: [«team:acme/data]\n',
    'github',
  ],
  [
    'a lapse beyond a week',
    'lapse-too-long',
    'version: 1\nadmins: [role:member]\ndefaults: { lapse_after: «30d }\n',
    '7d',
  ],
  [
    'a secret in the clear',
    'secret-in-clear',
    'version: 1\nadmins: [role:member]\nintegrations:\n  a: { type: x, token: «abc123 }\n',
  ],
  [
    'a secret with a small name',
    'secret-form',
    'version: 1\nadmins: [role:member]\nintegrations:\n  a: { type: x, token: "«${{ secrets.token }}" }\n',
  ],
  [
    'an integration of no type',
    'missing-key',
    'version: 1\nadmins: [role:member]\nintegrations: { a: «{ region: x } }\n',
  ],
  [
    'an integration that its strategy refuses',
    'not-an-option',
    'version: 1\nadmins: [role:member]\nintegrations: { a: { type: aws, region: «mars } }\n',
  ],
  [
    'a secret in a variable',
    'secret-in-clear',
    'version: 1\nadmins: [role:member]\nvars: { t: abc }\nintegrations:\n  a: { type: x, token: "«${{ vars.t }}" }\n',
  ],
  [
    'an unknown variable of an integration',
    'unknown-var',
    'version: 1\nadmins: [role:member]\nvars: { host: abc }\nintegrations:\n  a: { type: x, base_url: "https://${{ vars.«hots }}" }\n',
    '${{ vars.host }}',
  ],
  [
    'a variable of an environment outside of it',
    'unknown-var',
    'version: 1\nadmins: [role:member]\nintegrations:\n  a: { type: x, base_url: "${{ vars.«host }}" }\nenvironments: { prod: { vars: { host: a } } }\n',
  ],
  [
    'an environment’s integration that its strategy refuses',
    'not-an-option',
    'version: 1\nadmins: [role:member]\nenvironments: { prod: { integrations: { a: { type: aws, region: «mars } } } }\n',
  ],
  [
    'an environment’s secret in the clear',
    'secret-in-clear',
    'version: 1\nadmins: [role:member]\nenvironments: { prod: { integrations: { a: { type: x, token: «abc } } } }\n',
  ],
  [
    'a warning with a field',
    'template-unknown',
    'version: 1\nadmins: [role:member]\nenvironments: { prod: { danger: "Mind ${{ «fields.x }}" } }\n',
  ],
  ['braces in a variable', 'var-braces', 'version: 1\nadmins: [role:member]\nvars: { a: "«{{b}}" }\n'],
  [
    'extensions for too long',
    'extend-too-long',
    'version: 1\nadmins: [role:member]\ndefaults: { extend: { max_total: «60d } }\n',
    '30d',
  ],
  [
    'a message that is always asked',
    'not-an-option',
    'version: 1\nadmins: [role:member]\ndefaults: { decision_message: «always }\n',
  ],
  [
    'a channel of an environment with its #',
    'destination-form',
    'version: 1\nadmins: [role:member]\nenvironments: { prod: { notify: ["«#access"] } }\n',
    'slack-channel:access',
  ],
];

const people: readonly Row[] = [
  ['no people', 'missing-key', '«{}\n'],
  ['a login without its id', 'missing-key', 'people:\n  ann: { name: Ann, github: «{ login: a } }\n'],
  ['a login as the id', 'wrong-type', 'people:\n  ann: { name: Ann, github: { login: a, id: «ann } }\n'],
  ['an id in quotes', 'wrong-type', 'people:\n  ann: { name: Ann, github: { login: a, id: "«12" } }\n', '12'],
  [
    'an id of two people',
    'duplicate-account',
    'people:\n  ann: { name: Ann, github: { login: a, id: 1 } }\n  bob: { name: Bob, github: { login: b, id: «1 } }\n',
  ],
  [
    'an address of two people',
    'duplicate-account',
    'people:\n  ann: { name: Ann, email: a@acme.com }\n  bob: { name: Bob, email: «A@acme.com }\n',
  ],
  ['an address that is none', 'bad-value', 'people:\n  ann: { name: Ann, email: «ann }\n'],
  ['admin as a role', 'not-an-option', 'people:\n  ann: { name: Ann, role: «admin }\n'],
  ['a manager who is nobody', 'unknown-person', 'people:\n  ann: { name: Ann, manager: «an }\n', 'ann'],
  [
    'managers in a circle',
    'manager-circle',
    'people:\n  ann: { name: Ann, manager: «bob }\n  bob: { name: Bob, manager: cleo }\n  cleo: { name: Cleo, manager: bob }\n'.replace(
      '«bob }\n  bob: { name: Bob, manager: cleo',
      'bob }\n  bob: { name: Bob, manager: «cleo',
    ),
  ],
  ['a bad name', 'bad-name', 'people:\n  «"ann o": { name: Ann }\n'.replace('«"', '"«')],
  ['a bad Slack id', 'bad-value', 'people:\n  ann: { name: Ann, slack: «"@ann" }\n'.replace('«"', '"«')],
  ['an account in no place of its own', 'unknown-key', 'people:\n  ann: { name: Ann, «okta: x }\n'],
  [
    'a bad account',
    'bad-value',
    'people:\n  ann: { name: Ann, accounts: { okta: «"00u 1" } }\n'.replace('«"', '"«'),
  ],
  ['an account that climbs', 'bad-value', 'people:\n  ann: { name: Ann, accounts: { okta: «.. } }\n'],
  [
    'an account that climbs within',
    'bad-value',
    'people:\n  ann: { name: Ann, accounts: { okta: «a/./b } }\n',
  ],
  ['a bad service', 'bad-name', 'people:\n  ann: { name: Ann, accounts: { «Okta: "00u1" } }\n'],
  [
    'an account of two people',
    'duplicate-account',
    'people:\n  ann: { name: Ann, accounts: { okta: 00u1 } }\n  bob: { name: Bob, accounts: { okta: «00u1 } }\n',
  ],
];

describe.each([
  ['YAML', 'flows/sample.yml', yaml],
  ['the shape of a flow', 'flows/sample.yml', shape],
  ['fields', 'flows/sample.yml', fields],
  ['conditions', 'flows/sample.yml', conditions],
  ['approvals', 'flows/sample.yml', approvals],
  ['who is told', 'flows/sample.yml', routes],
  ['rules and texts', 'flows/sample.yml', rules],
  ['variables', 'flows/sample.yml', vars],
  ['extensions', 'flows/sample.yml', extensions],
  ['access without approval', 'flows/sample.yml', urgent],
  ['access', 'flows/sample.yml', grants],
  ['settings', 'flows/countersign.yml', settings],
  ['people', 'flows/people.yml', people],
] as const)('%s', (_, file, rows) => {
  for (const [what, code, marked, suggestion] of rows)
    test(`tells where: ${what} (${code})`, () => {
      const at = marked.indexOf('«');
      const before = marked.slice(0, at);
      const { diagnostics } = readSample({ [file]: before + marked.slice(at + 1) });
      const line = before.split('\n').length;
      const column = at - before.lastIndexOf('\n');
      expect(diagnostics.map(printDiagnostic).join('\n')).toMatch(/^\S+ [a-z-]+: [^\n]+$/);
      expect({ ...diagnostics[0], sentence: '' }).toEqual({
        file,
        line,
        column,
        level: 'error',
        code,
        sentence: '',
        ...(suggestion !== undefined && { suggestion }),
      });
    });
});

test('every row says its sentence without a trace of code', () => {
  const all: readonly Row[] = [
    ...[
      ...yaml,
      ...shape,
      ...fields,
      ...conditions,
      ...approvals,
      ...routes,
      ...rules,
      ...vars,
      ...extensions,
      ...urgent,
    ],
    ...grants,
  ];
  for (const [, , marked] of all)
    for (const { sentence } of readSample({ 'flows/sample.yml': marked.replace('«', '') }).diagnostics)
      expect(sentence).not.toMatch(/undefined|\[object|google\.protobuf|Requester|overload|\/properties\//);
});

test('a sentence ends, and says what to do or what is wrong', () => {
  const { sentence } = diagnose({ file: 'a', line: 1, column: 1 }, 'unknown-key', 'lable', 'label');
  expect(sentence).toBe('There is no “lable” here. Known: label.');
});
