import { describe, expect, test } from 'vitest';
import { edited, files, paths, type Edit } from '../../../test/builders/changed-desk.ts';
import { anId, aRequest, aThread, noon } from '../../../test/builders/request.ts';
import { hours, minutes } from '../../domain/duration.ts';
import type { FactValue } from '../../domain/entries.ts';
import type { FieldValues, GrantedFor } from '../../domain/flow.ts';
import type { Request } from '../../domain/request.ts';
import type { Desk } from '../desk.ts';
import { readSample } from '../sample-desk.ts';
import { replay, replayOutcomes, type ReplayReport } from './replay.ts';

const { prod: p, settings: c, people: y, team: t, migrate: m } = paths;
const desk = edited();

let made = 0;
interface Asked {
  readonly flow?: string;
  readonly target?: string | null;
  readonly duration?: GrantedFor | null;
  readonly fields?: FieldValues;
  readonly facts?: { readonly [name: string]: FactValue };
  readonly requester?: string;
}

/** Whoever asked for `prod`, as the ledger has it. */
function asked(it: Asked = {}): Request {
  const { flow = 'prod', target = 'main', duration = minutes(30), fields, facts, requester = 'ann' } = it;
  const { request } = aRequest({
    id: anId((made += 1)),
    flow: { name: flow, commit: 'older' },
    requester,
    thread: aThread(made),
    form: { fields: fields ?? { account: '333333333333', reason: 'secret words' }, answers: [] },
  });
  const { target: _, duration: __, ...form } = request.form;
  return {
    ...request,
    form: {
      ...form,
      ...(target !== null && { target: { name: target, label: target, settings: {} } }),
      ...(duration !== null && { duration }),
    },
    ...(facts && { judged: { at: noon, rules: [], facts } }),
  };
}
const ofTeam = (it: Asked = {}): Request =>
  asked({ flow: 'team', target: 'shared', duration: hours(1), fields: {}, ...it });

function replayed(after: Desk, requests: readonly Request[], before = desk): ReplayReport {
  const report = replay({ requests, before, after });
  expect(structuredClone(report)).toEqual(report);
  expect(JSON.stringify(report)).not.toContain('secret words');
  const { counts } = report;
  expect(replayOutcomes.reduce((sum, outcome) => sum + counts[outcome], 0)).toBe(report.total);
  return report;
}

/** The one outcome of one request, with its sentence. */
function outcome(after: Desk, request: Request, before = desk): string {
  const { counts, examples } = replayed(after, [request], before);
  const [found] = replayOutcomes.filter((each) => counts[each] > 0);
  return found === undefined
    ? 'none'
    : [found, ...examples[found].map(({ sentence }) => sentence)].join(': ');
}

const asksBoth =
  '2 of the team acme/data (data); 1 of the team acme/security (security), after data, its own people only';

describe('a request of the past under a proposed flow', () => {
  const rows: readonly (readonly [string, readonly Edit[], Request, string])[] = [
    ['nothing that decides differs', [[p, 'header: Read this first.', 'header: Read.']], asked(), 'same'],
    [
      'somebody else is told',
      [[p, 'name: data,', 'name: data, notify: [slack-channel:data],']],
      asked(),
      'same',
    ],
    [
      'a step asks fewer',
      [[p, 'count: 2', 'count: 1']],
      asked(),
      `asks-others: It would ask ${asksBoth.replace('2 of', '1 of')}; until now it asks ${asksBoth}.`,
    ],
    [
      'a rule stands for a step',
      [[p, "fields.reason == 'drill'", "fields.reason == 'secret words'"]],
      asked(),
      `asks-others: It would ask ${asksBoth.replace('2 of the team acme/data (data); ', '')}; until now it asks ${asksBoth}.`,
    ],
    [
      'a rule stands for all steps',
      [
        [
          t,
          'approval:',
          'rules: [{ name: any, if: "request.source == \'github\'", approve: [lead] }]\napproval:',
        ],
      ],
      ofTeam(),
      'now-automatic: It would be approved without a human, by the rule any.',
    ],
    [
      'a rule denies',
      [[p, "fields.reason == 'fun'", "request.duration <= duration('30m')"]],
      asked(),
      'now-refused: The rule never would deny it.',
    ],
    [
      'a condition asks another step',
      [[p, "if: request.duration > duration('30m')", "if: request.duration > duration('10m')"]],
      asked(),
      `asks-others: It would ask ${asksBoth}; 1 of bob (late); until now it asks ${asksBoth}.`,
    ],
    [
      'the target is gone',
      [[p, '  main:\n    label: Main account', '  core:\n    label: Main account']],
      asked(),
      'now-refused: It would be refused: there is no target main.',
    ],
    [
      'the duration is gone',
      [[p, 'options: [30m, 1h], default: 30m', 'options: [1h]']],
      asked(),
      'now-refused: It would be refused: it cannot be had for 30m.',
    ],
    [
      'an answer is not accepted any more',
      [[p, 'label: Why?', 'label: Why?, options: [drill, fun, incident]']],
      asked(),
      'now-refused: It would be refused: what was answered to the field reason is not accepted.',
    ],
    [
      'it cannot be asked for from there',
      [[p, 'sources: [github, slack]', 'sources: []']],
      asked(),
      'now-refused: It would be refused: it cannot be asked for from github.',
    ],
    [
      'a field is asked no more',
      [[m, 'label: Migration', 'label: Move']],
      asked({ flow: 'migrate', target: null, duration: null, fields: { gone: 'secret words' } }),
      'same',
    ],
  ];
  for (const [why, edits, request, expected] of rows)
    test(why, () => expect(outcome(edited(...edits), request)).toBe(expected));

  test('what was denied, and would be asked', () => {
    const denying = edited([p, "fields.reason == 'fun'", "fields.reason == 'secret words'"]);
    expect(outcome(desk, asked(), denying)).toBe(
      `now-allowed: It would ask ${asksBoth}; until now the rule never denies it.`,
    );
  });

  test('a flow that is gone, broken, or came back', () => {
    const { [t]: _, ...others } = files;
    const gone = readSample(others);
    expect(outcome(gone, ofTeam())).toBe('now-refused: It would be refused: there is no flow team.');
    // That nobody can ask is said once, and not of every request.
    expect(outcome(readSample({ ...files, [t]: 'label: x\n' }), ofTeam())).toBe('none');
    expect(outcome(desk, ofTeam(), gone)).toBe(
      'cannot-tell: It was not recorded whether they belonged to the team acme/engineering.',
    );
    expect(outcome(desk, asked({ flow: 'never-was' }))).toBe('none');
  });

  test('a desk that closes, and people who leave or become guests', () => {
    expect(outcome(readSample({ ...files, [c]: 'version: 1\n' }), asked())).toBe('none');
    const ann: Edit = [y, '  ann: { name: Ann, email: ann@acme.com, github: { login: ann-o, id: 1 } }\n', ''];
    expect(outcome(edited(ann, [y, ', manager: ann', '']), asked())).toBe(
      'now-refused: It would be refused: whoever asked is no person of the desk any more.',
    );
    expect(outcome(edited([y, 'ann: { name: Ann,', 'ann: { name: Ann, role: guest,']), asked())).toBe(
      'now-refused: It would be refused: whoever asked may not ask for it.',
    );
  });
});

describe('who may ask', () => {
  const to = (groups: string): Desk =>
    edited([t, 'requesters: [team:acme/engineering]', `requesters: [${groups}]`]);

  test('holds where their groups are left, and follows where they were in no other', () => {
    expect(outcome(to('team:acme/engineering, team:acme/ops'), ofTeam())).toBe('same');
    expect(outcome(to('role:member'), ofTeam())).toBe('same');
    const two = to('team:acme/engineering, team:acme/ops');
    const other = { facts: { "requester.belongs_to('team:acme/ops')": false } };
    expect(outcome(to('team:acme/engineering'), ofTeam(other), two)).toBe('same');
  });

  test('is told where it was recorded or is their name, and cannot be told where not', () => {
    const lacks = 'cannot-tell: It was not recorded whether they belonged to the team acme/ops.';
    expect(outcome(to('team:acme/ops'), ofTeam())).toBe(lacks);
    const known = (value: FactValue): Request =>
      ofTeam({ facts: { "requester.belongs_to('team:acme/ops')": value } });
    expect(outcome(to('team:acme/ops'), known(true))).toBe('same');
    expect(outcome(to('team:acme/ops'), known(null))).toBe(lacks);
    expect(outcome(to('team:acme/ops'), known(false))).toBe(
      'now-refused: It would be refused: whoever asked may not ask for it.',
    );
    const two = to('team:acme/engineering, team:acme/data');
    expect(outcome(to('team:acme/engineering, team:acme/ops'), ofTeam(), two)).toBe(
      'cannot-tell: It was not recorded whether they belonged to the team acme/engineering or the team acme/ops.',
    );
    expect(outcome(to('person:ann'), ofTeam())).toBe('same');
    expect(outcome(to('person:bob'), ofTeam())).toMatch(/^now-refused/);
    expect(outcome(to(''), ofTeam())).toMatch(/^now-refused/);
  });

  test('of a target is told apart', () => {
    const narrowed = edited([
      p,
      'label: Main account',
      'label: Main account\n    requesters: [team:acme/ops]',
    ]);
    expect(outcome(narrowed, asked())).toBe(
      'cannot-tell: It was not recorded whether they belonged to the team acme/ops.',
    );
    expect(outcome(narrowed, asked({ facts: { "requester.belongs_to('team:acme/ops')": true } }))).toBe(
      'same',
    );
  });
});

describe('facts', () => {
  const when = (condition: string): Desk =>
    edited([t, 'approval:', `rules: [{ name: any, if: "${condition}", approve: [lead] }]\napproval:`]);
  const automatic = 'now-automatic: It would be approved without a human, by the rule any.';

  test('that were recorded are used as they were', () => {
    const facts = {
      'requester.role': 'member',
      "requester.belongs_to('team:acme/data')": true,
      "requester.requests('7d')": 3,
      "requester.granted('7d')": 2,
      "requester.denied('7d')": 0,
    };
    expect(outcome(when("requester.role == 'member'"), ofTeam({ facts }))).toBe(automatic);
    expect(outcome(when("requester.role == 'admin'"), ofTeam({ facts }))).toBe('same');
    expect(outcome(when("requester.belongs_to('team:acme/data')"), ofTeam({ facts }))).toBe(automatic);
    expect(outcome(when("requester.granted('7d') >= 2"), ofTeam({ facts }))).toBe(automatic);
    expect(
      outcome(when("requester.id == 'ann' && request.time < timestamp('2030-01-01T00:00:00Z')"), ofTeam()),
    ).toBe(automatic);
  });

  test('that were not are named, and never guessed', () => {
    const lacks = (what: string): string => `cannot-tell: It was not recorded ${what}.`;
    expect(outcome(when("requester.belongs_to('team:acme/data')"), ofTeam())).toBe(
      lacks('whether they belonged to the team acme/data'),
    );
    expect(outcome(when("requester.role == 'member'"), ofTeam())).toMatch(/^cannot-tell: .*the admins/);
    expect(outcome(when("requester.requests('7d') == 0"), ofTeam())).toBe(
      lacks('how many requests they had made within 7d'),
    );
    expect(
      outcome(when("requester.requests('7d') == 0"), ofTeam({ facts: { "requester.requests('1d')": 0 } })),
    ).toMatch(/^cannot-tell/);
  });

  test('that do not matter are not missed', () => {
    expect(outcome(when("requester.belongs_to('team:acme/data') && false"), ofTeam())).toBe('same');
    expect(outcome(when("requester.belongs_to('team:acme/data') || true"), ofTeam())).toBe(automatic);
    const both = edited([
      t,
      'approval:',
      `rules: [{ name: any, if: "requester.belongs_to('team:acme/data')", approve: [lead] }, { name: no, if: "true || requester.id == 'x'", deny: true }]\napproval:`,
    ]);
    expect(outcome(both, ofTeam())).toBe('now-refused: The rule no would deny it.');
  });

  test('that an unchanged rule reads are missed no more after it than before it', () => {
    const before = when("requester.belongs_to('team:acme/data')");
    const after = edited(
      [
        t,
        'approval:',
        `rules: [{ name: any, if: "requester.belongs_to('team:acme/data')", approve: [lead] }]\napproval:`,
      ],
      [t, 'duration: { options: [1h] }', 'duration: { options: [1h, 2h] }'],
    );
    expect(outcome(after, ofTeam(), before)).toBe('same');
  });

  test('of who is an admin are those of the proposed admins', () => {
    const rule = when("requester.role == 'admin'");
    const admins = (groups: string): Desk =>
      edited(
        [
          t,
          'approval:',
          `rules: [{ name: any, if: "requester.role == 'admin'", approve: [lead] }]\napproval:`,
        ],
        [c, 'admins: [team:acme/platform]', `admins: [${groups}]`],
      );
    const facts = { 'requester.role': 'member' };
    expect(outcome(admins('person:ann'), ofTeam({ facts }), rule)).toBe(automatic);
    expect(outcome(admins('team:acme/ops'), ofTeam({ facts }), rule)).toBe(
      'cannot-tell: It was not recorded whether they belonged to the team acme/ops.',
    );
  });
});

describe('fields', () => {
  const automaticNow = 'now-automatic: It would be approved without a human, by the rule any.';
  const field = (of: string, rule: string): Desk =>
    edited([
      t,
      'approval:',
      `fields: { ticket: ${of} }\nrules: [{ name: any, if: "${rule}", approve: [lead] }]\napproval:`,
    ]);

  test('that were not asked are unknown, with a default as well, and needed only where they are read', () => {
    const lacks = 'cannot-tell: It was not recorded what was to be answered to the field ticket.';
    expect(outcome(field('{ type: string }', "fields.ticket == ''"), ofTeam())).toBe(lacks);
    expect(outcome(field('{ type: string, required: false }', "fields.ticket == ''"), ofTeam())).toBe(lacks);
    expect(outcome(field('{ type: string, default: x }', "fields.ticket == 'x'"), ofTeam())).toBe(lacks);
    expect(outcome(field('{ type: string }', "request.source == 'web'"), ofTeam())).toBe('same');
  });

  test('that the request is older than are unknown, though the flow in force has them', () => {
    const of = '{ type: string, default: x }';
    const [before, after] = [field(of, "fields.ticket == 'y'"), field(of, "fields.ticket == 'x'")];
    expect(outcome(after, ofTeam(), before)).toMatch(/^cannot-tell: .* the field ticket\.$/);
    expect(outcome(after, ofTeam({ fields: { ticket: 'x' } }), before)).toBe(automaticNow);
  });

  test('that become a part of what is granted have to be known', () => {
    const bound = edited(
      [
        t,
        'shared_targets: [shared]',
        'targets: { shared: { settings: { organization: acme, team_slug: "${{ fields.slug }}" } } }',
      ],
      [t, 'approval:', 'fields: { slug: { type: string, options: [a, b] } }\napproval:'],
    );
    expect(outcome(bound, ofTeam())).toBe(
      'cannot-tell: It was not recorded what was to be answered to slug.',
    );
  });

  test('that were left empty then stay so, and what cannot be judged then or now is no doubt', () => {
    const before = field('{ type: int, required: false }', 'fields.ticket > 3');
    const after = field('{ type: int, required: false }', 'fields.ticket > 4');
    expect(outcome(after, ofTeam(), before)).toBe('same');
    expect(outcome(after, ofTeam({ fields: { ticket: 9 } }), before)).toBe('same');
    expect(outcome(after, ofTeam({ fields: { ticket: 4 } }), before)).toMatch(/^asks-others/);
  });

  test('of durations and lists are typed again as they were', () => {
    const with_ = (rule: string): Desk =>
      edited([
        t,
        'approval:',
        `fields: { span: { type: duration }, ids: { type: int-list }, sure: { type: bool } }\nrules: [{ name: any, if: "${rule}", approve: [lead] }]\napproval:`,
      ]);
    const fields = { span: minutes(90), ids: [1, 2], sure: true };
    const after = with_("fields.span == duration('90m') && 2 in fields.ids && fields.sure");
    expect(outcome(after, ofTeam({ fields }), with_("fields.span == duration('1h')"))).toBe(automaticNow);
  });

  test('that ask to confirm are answered by whoever asks', () => {
    expect(outcome(edited([t, 'requesters:', 'confirm: typed\nrequesters:']), ofTeam())).toBe('same');
  });
});

test('the report counts all, and shows the newest five of each with their issues', () => {
  const requests = Array.from({ length: 12 }, () => ofTeam());
  const after = edited([t, 'approvers: [team:acme/leads]', 'approvers: [team:acme/ops]']);
  const { total, counts, examples } = replayed(after, [...requests, asked(), asked({ flow: 'unknown' })]);
  expect(total).toBe(13);
  expect(counts).toMatchObject({ same: 1, 'asks-others': 12 });
  expect(examples['asks-others'].map(({ request }) => request)).toEqual(
    requests
      .slice(-5)
      .reverse()
      .map(({ id }) => id),
  );
  expect(examples['asks-others'][0]).toMatchObject({ flow: 'team', issue: requests.at(-1)?.thread?.issue });
});

describe('what was chosen of options that were read live', () => {
  const source = (list: string): string =>
    `fields: { thing: { type: string, options_from: { run: shelf, with: { list: ${list} } } } }\n`;
  const deskOf = (list: string, more = ''): Desk =>
    edited([m, 'approval:', `${source(list)}${more}approval:`]);
  const made = (offered?: {
    readonly thing: readonly { readonly value: string; readonly label: string }[];
  }): Request => {
    const request = asked({ flow: 'migrate', target: null, duration: null, fields: { thing: 'a' } });
    return { ...request, form: { ...request.form, ...(offered && { offered }) } };
  };
  const offered = { thing: [{ value: 'a', label: 'A' }] };

  test('is what the same source offered then', () => {
    expect(outcome(deskOf('maps'), made(offered), deskOf('maps'))).toBe('same');
  });

  test.each<readonly [string, Desk, Request]>([
    ['the source is another', deskOf('books'), made(offered)],
    ['it is not recorded', deskOf('maps', 'message: Hello.\n'), made()],
  ])('cannot be told where %s, and is never guessed', (_, after, request) => {
    expect(outcome(after, request, deskOf('maps'))).toBe(
      'cannot-tell: It was not recorded what was offered for the field thing.',
    );
  });
});
