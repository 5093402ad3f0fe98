import { describe, expect, test } from 'vitest';
import { hours, minutes } from '../../domain/duration.ts';
import { noIncident } from '../../domain/flow.ts';
import type { Flow, Rule } from '../../domain/flow.ts';
import { instant, personId } from '../../domain/names.ts';
import { isBroken } from '../desk.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { readSample } from '../sample-desk.ts';

function read(flow: string, defaults = ''): Flow {
  const settings = `version: 1\nadmins: [role:member]\ndefaults: { ${defaults} }\n`;
  const desk = readSample({ 'flows/countersign.yml': settings, 'flows/sample.yml': flow });
  const found = desk.flows.get('sample');
  if (found === undefined || isBroken(found))
    throw new Error(desk.diagnostics.map(printDiagnostic).join('\n'));
  return found;
}

const approval =
  'requesters: [team:acme/eng]\napproval:\n  steps:\n    - { name: data, approvers: [team:acme/data] }\n';

describe('a rule', () => {
  const { rules } = read(`fields: { urgency: { type: string } }
${approval}
rules:
  - name: on-call
    if: fields.urgency == 'Emergency' && requester.belongs_to('team:acme/on-call')
    approve: [data]
    reason: \${{ requester.name }} is on call.
  - { name: often, if: requester.requests('1d') > 3, deny: true }
`);
  const [onCall, often] = rules;
  const judge = (rule: Rule | undefined, urgency: string, requests: number): unknown =>
    rule?.condition.judge({
      fields: { urgency },
      circumstances: {
        source: 'github',
        at: instant(0),
        requester: personId('ann'),
        role: () => 'member',
        belongs: (group) => group === 'team:acme/on-call',
        incident: () => noIncident,
        history: (within) => ({ requests: within === hours(24) ? requests : 0, granted: 0, denied: 0 }),
      },
    });

  test('approves steps, or denies, with a reason', () => {
    expect(onCall).toMatchObject({
      name: 'on-call',
      then: { approve: ['data'] },
      reason: '${{ requester.name }} is on call.',
    });
    expect(often).toMatchObject({ name: 'often', then: { deny: true } });
    expect(often).not.toHaveProperty('reason');
  });

  test('holds or does not', () => {
    expect([judge(onCall, 'Emergency', 0), judge(onCall, 'Normal', 0)]).toEqual([true, false]);
    expect([judge(often, '', 4), judge(often, '', 3)]).toEqual([true, false]);
  });
});

describe('an extension', () => {
  const access = (more: string, options = '30m, 1h'): string =>
    `strategy: { type: github-team }\ntargets: { t: { settings: { organization: acme, team_slug: t } } }\nduration: { options: [${options}] }\n${approval}${more}`;

  test.each([
    ['neither says so', '', '', undefined],
    ['the flow does', 'extend: { max_total: 4h, times: 2 }\n', '', { maxTotal: hours(4), times: 2 }],
    ['the flow does, once', 'extend: { max_total: 30m }\n', '', { maxTotal: minutes(30), times: 1 }],
    ['the desk does', '', 'extend: { max_total: 8h, times: 3 }', { maxTotal: hours(8), times: 3 }],
    [
      'the flow says less',
      'extend: { max_total: 2h }\n',
      'extend: { max_total: 8h, times: 3 }',
      { maxTotal: hours(2), times: 3 },
    ],
    ['the flow says never', 'extend: { times: 0 }\n', 'extend: { max_total: 8h }', undefined],
    ['the desk’s is shorter than any access', '', 'extend: { max_total: 10m }', undefined],
  ])('where %s', (_, more, defaults, expected) => {
    expect(read(access(more), defaults).extend).toEqual(expected);
  });

  test('is no matter of flows without access, or without an end', () => {
    const defaults = 'extend: { max_total: 8h }';
    expect(read(approval, defaults).extend).toBeUndefined();
    expect(read(access('', 'until-revoked'), defaults).extend).toBeUndefined();
    expect(read(access('', 'until-revoked, 1h'), defaults).extend).toEqual({ maxTotal: hours(8), times: 1 });
  });
});

test.each([
  ['', '', 'optional'],
  ['', 'decision_message: off', 'off'],
  ['  decision_message: required\n', 'decision_message: off', 'required'],
])('a decision message is asked as flow and desk say: %j, %j', (own, defaults, expected) => {
  expect(read(approval + own, defaults).approval.decisionMessage).toBe(expected);
});
