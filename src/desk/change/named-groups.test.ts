import { expect, test } from 'vitest';
import { namedGroups, withoutComment } from './named-groups.ts';

const files = (text: string): ReadonlyMap<string, Uint8Array> =>
  new Map([['flows/a.yml', new TextEncoder().encode(text)]]);
const found = (text: string) =>
  namedGroups(files(text), 'Acme').map(({ group, line, column }) => `${group} ${line}:${column}`);

test('groups of the desk’s own organisation are found in lists and in conditions, each where it stands first', () => {
  const text = `requesters: [team:acme/data, 'team:acme/eng'] # team:acme/none
rules:
  - { name: x, if: "requester.belongs_to('team:acme/on-call') || requester.belongs_to('team:acme/data')", deny: true }
  - { name: y, if: "requester.belongs_to('codeowners:acme/app/db/x.sql')", deny: true }
`;
  expect(found(text)).toEqual([
    'team:acme/data 1:14',
    'team:acme/eng 1:31',
    'team:acme/on-call 3:43',
    'codeowners:acme/app/db/x.sql 4:43',
  ]);
});

test('groups of Slack are found, and channels only where being in them lets somebody decide', () => {
  const text = `requesters: [slack-group:eng, slack-channel:eng]
approval:
  steps:
    - name: a
      approvers:
        - slack-channel:data
        - slack-group:owners
      notify:
        - slack-channel:told
        - { to: [slack-channel:told-later, slack-channel:T9CUST000/ext], after: 15m }
    - { name: b, approvers: [slack-channel:more], notify: [slack-channel:told], needs: [a] }
    - { name: c, notify: [slack-channel:told], approvers: ['slack-channel:C07SECURE'] }
    - { name: d, approvers: [role:admin], if: "requester.belongs_to('slack-channel:asked')" }
errors: slack-channel:errors
`;
  expect(found(text)).toEqual([
    'slack-group:eng 1:14',
    'slack-channel:eng 1:31',
    'slack-channel:data 6:11',
    'slack-group:owners 7:11',
    'slack-channel:more 11:30',
    'slack-channel:C07SECURE 12:61',
    'slack-channel:asked 13:70',
  ]);
});

test('groups that services answer for are found, with the integration before them', () => {
  const text = `requesters: [okta-group:00g1emaKYZTWRYYRRTSK, "google-group:google/eng@acme.com"]
approval:
  steps:
    - { name: a, approvers: [pagerduty-escalation-policy:PANZZEQ/1], notify: [pagerduty-schedule:PTOLD01] }
    - { name: b, approvers: [role:admin], if: "requester.belongs_to('pagerduty-schedule:PI7DH85')" }
`;
  expect(found(text)).toEqual([
    'okta-group:00g1emaKYZTWRYYRRTSK 1:14',
    'google-group:google/eng@acme.com 1:48',
    'pagerduty-escalation-policy:PANZZEQ/1 4:30',
    'pagerduty-schedule:PI7DH85 5:70',
  ]);
});

test.each([
  ['okta-group:Engineers'],
  ['slack-group:@eng'],
  ['team:other/data'],
  ['codeowners:other/private/x'],
  ['team:acme/..'],
  ['codeowners:acme/app/../x'],
])('nobody looks up %s on behalf of whoever proposes it', (text) => {
  expect(found(`requesters: ['${text}']`)).toEqual([]);
});

test('a line that was made to take long takes no longer than another', () => {
  const line = `${' #'.repeat(120_000)}\u2028`;
  const from = performance.now();
  expect(withoutComment(line)).toBe(' ');
  expect(found(`x: 1\n${line}\n`)).toEqual([]);
  expect(performance.now() - from).toBeLessThan(5000);
});
