// For tests of what a change does: a desk with something of everything, of which places can be edited.
import { readSample } from '../../src/desk/sample-desk.ts';
import type { Desk } from '../../src/desk/desk.ts';
import type { Change } from '../../src/desk/change/change.ts';

export const files = {
  'flows/countersign.yml': `version: 1
admins: [team:acme/platform]
domains: { members: [acme.com], link_by_email: [acme.com] }
integrations:
  main: { type: aws, region: eu-north-1, token: "\${{ secrets.AWS_TOKEN }}" }
  tool: { type: http, base_url: "https://tool.acme.com/api", token: "\${{ secrets.TOOL_TOKEN }}" }
  vault: { type: http, base_url: "\${{ vars.vault_url }}", headers: { x-key: "\${{ secrets.VAULT_KEY }}" } }
environments:
  prod: { label: Production, danger: Careful., vars: { account: "111111111111" }, integrations: { main: { type: aws, region: eu-north-1 } } }
  test: { label: Test, vars: { account: "222222222222" }, errors: slack-channel:test-errors }
defaults: { lapse_after: 24h, allow_revoke: [requester, approvers], valid_for: 1h, decision_message: optional, warn_before_expiry: 10m }
guests:
  customer: { label: Customer Inc., slack_workspaces: [T9CUST000], slack_users: [U07GUEST0, T8OTHER00/U08X00000], people: [gus], email_domains: [customer.com] }
errors: slack-channel:oops
slack: { workspace: T07ACME00 }
targets:
  shared: { settings: { organization: acme, team_slug: deployers } }
vars: { vault_url: "https://vault.acme.com" }
`,
  'flows/people.yml': `people:
  ann: { name: Ann, email: ann@acme.com, github: { login: ann-o, id: 1 } }
  bob: { name: Bob, email: bob@acme.com, github: { login: bob-l, id: 2 }, slack: U07BOB000, manager: ann }
  gus: { name: Gus, role: guest, github: { login: gus-g, id: 3 } }
`,
  'flows/prod.yml': `label: Production
description: For emergencies.
header: Read this first.
danger: Mind the gap.
message: For you.
confirm: typed
environment: prod
strategy: { type: aws, integration: main }
targets:
  main:
    label: Main account
    settings: { account_id: "\${{ vars.account }}", level: 1 }
  other:
    requesters: [team:acme/other]
    settings: { account_id: "\${{ fields.account }}" }
duration: { options: [30m, 1h], default: 30m }
extend: { max_total: 4h, times: 2 }
break_glass: { who: [team:acme/on-call], targets: [other], max: 1h, reviewers: [team:acme/security], review_within: 24h }
requesters: [team:acme/engineering]
sources: [github, slack]
fields:
  account: { type: string, options: ["333333333333", "444444444444"] }
  reason: { type: string, label: Why?, description: In short. }
  incident: { type: string, required: false, pattern: "INC-[0-9]+", if: fields.reason == 'incident' }
approval:
  allow_self_approval: false
  decision_message: optional
  lapse_after: 12h
  steps:
    - { name: data, approvers: [team:acme/data], count: 2 }
    - { name: security, approvers: [team:acme/security], needs: [data], people_only: true }
    - { name: late, approvers: [person:bob], if: request.duration > duration('30m'), notify: [slack-channel:data, { to: [person:bob, email:a@acme.com], after: 15m }] }
rules:
  - { name: fast, if: fields.reason == 'drill', approve: [data], reason: A drill. }
  - { name: never, if: fields.reason == 'fun', deny: true }
allow_revoke: [requester, approvers]
allow_guests: true
`,
  'flows/team.yml': `strategy: { type: github-team }
shared_targets: [shared]
duration: { options: [1h] }
requesters: [team:acme/engineering]
approval: { steps: [{ name: lead, approvers: [team:acme/leads] }] }
`,
  'flows/migrate.yml': `label: Migration
requesters: [team:acme/engineering]
approval: { steps: [{ name: lead, approvers: [team:acme/leads] }] }
`,
} as const;

export type File = keyof typeof files;
export type Edit = readonly [file: File, from: string, to: string];

/** Throws where a place is not there, or what comes of it is wrong. */
export function edited(...edits: readonly Edit[]): Desk {
  const all: Record<string, string> = { ...files };
  for (const [file, from, to] of edits) {
    const text = all[file] ?? '';
    if (!text.includes(from)) throw new Error(`${file} does not hold ${from}`);
    all[file] = text.replace(from, () => to);
  }
  const desk = readSample(all);
  const [wrong] = desk.diagnostics;
  if (wrong) throw new Error(`${wrong.file} ${wrong.line}: ${wrong.sentence}`);
  return desk;
}

/** `!` is loud. */
export const line = ({ kind, effect, loud, sentence }: Change): string =>
  `${loud ? '!' : ''}${effect} ${kind}: ${sentence}`;

export const paths = {
  prod: 'flows/prod.yml',
  settings: 'flows/countersign.yml',
  people: 'flows/people.yml',
  team: 'flows/team.yml',
  migrate: 'flows/migrate.yml',
} as const;
