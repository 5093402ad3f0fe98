// The files of a desk that just begins: settings, one person, one flow with its scenarios, and what guards them.
import type { DeskFiles } from '../../../desk/desk-reader.ts';

/** What a desk cannot do without. */
export interface FirstAnswers {
  readonly organization: string;
  /** The slug of a team there: its people decide, and own the files. */
  readonly team: string;
  readonly me: {
    /** The key in `people.yml`. */
    readonly name: string;
    readonly login: string;
    readonly id: number;
  };
  /** How `npx` is told which Countersign CI runs; absent: no workflow. */
  readonly package?: string;
}

/** By path. The issue forms are made from the flows afterwards. */
export function firstDesk(answers: FirstAnswers): DeskFiles {
  const texts = {
    'flows/countersign.yml': settings(answers),
    'flows/people.yml': people(answers),
    'flows/run-migration.yml': flow(answers),
    'flows/run-migration.test.yml': scenarios(answers),
    '.github/CODEOWNERS': owners(answers),
    ...(answers.package !== undefined && { '.github/workflows/countersign.yml': workflow(answers.package) }),
  };
  return new Map(Object.entries(texts).map(([path, text]) => [path, new TextEncoder().encode(text)]));
}

/** Where `countersign schemas` writes what editors complete by. */
export const schemaFolder = 'flows/.schemas';

function schemaLine(kind: string): string {
  return `# yaml-language-server: $schema=.schemas/${kind}.schema.json\n`;
}

function settings({ me }: FirstAnswers): string {
  return `${schemaLine('settings')}# What all flows of this desk share.
version: 1

# Admins may stand in where nobody else can decide, and end access early.
admins: [person:${me.name}]

defaults:
  lapse_after: 24h
`;
}

function people({ me }: FirstAnswers): string {
  return `${schemaLine('people')}# Who is who. Only people who stand here can ask and decide. An account is pinned by its number, which is never given
# to anybody else:  gh api users/LOGIN --jq .id
people:
  ${me.name}:
    name: ${me.login}
    github: { login: ${me.login}, id: ${me.id} }
`;
}

function flow({ organization, team }: FirstAnswers): string {
  return `${schemaLine('flow')}# The name of the file is the name of the flow. Without a strategy it grants nothing: it asks, and records who agreed.
label: Run a migration
description: Somebody else looks at a migration before it runs.

requesters: [role:member]
fields:
  what:
    type: string
    label: What will it change?
  downtime:
    type: bool
    label: Will users notice?
    default: false

approval:
  steps:
    - name: review
      approvers: [team:${organization}/${team}]
  valid_for: 4h

rules:
  - name: no-downtime-on-fridays
    if: fields.downtime && request.time.getDayOfWeek('Europe/Berlin') == 5
    deny: true
    reason: Nobody wants to be woken on a weekend.
`;
}

function scenarios({ organization, team, me }: FirstAnswers): string {
  return `${schemaLine('scenarios')}# What has to stay true of flows/run-migration.yml, whoever changes it: countersign test plays it.
given:
  groups: { 'team:${organization}/${team}': [${me.name}] }
  request: { requester: ${me.name}, fields: { what: Adds a column } }

scenarios:
  - name: somebody else looks at it
    expect: { status: pending, asks: [review] }

  - name: nobody approves what they asked for
    then:
      - { approve: ${me.name}, expect: { refused: self-approval } }

  - name: users may notice on a Tuesday
    given: { request: { at: '2026-03-10T09:00:00Z', fields: { downtime: true } } }
    expect: { status: pending }

  - name: users do not notice on a Friday
    given: { request: { at: '2026-03-13T09:00:00Z', fields: { downtime: true } } }
    expect: { status: denied, denied_by: no-downtime-on-fridays }

  - name: nobody looks at it
    then:
      - { wait: 24h, expect: { status: lapsed } }
`;
}

function owners({ organization, team }: FirstAnswers): string {
  const owner = `@${organization}/${team}`;
  return `# Whoever changes who may do what needs a review of these. It holds once the branch requires reviews of code owners.
/flows/ ${owner}
/.github/CODEOWNERS ${owner}
/.github/workflows/ ${owner}
/.github/ISSUE_TEMPLATE/ ${owner}
`;
}

function workflow(wanted: string): string {
  return `# The app checks pull requests by itself. This does the same in CI, and needs neither the app nor a secret.
name: Countersign
on:
  pull_request:
    paths: ['flows/**', '.github/ISSUE_TEMPLATE/**']
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with: { node-version: 22 }
      - run: npx --yes --package=${wanted} countersign validate --format github
`;
}
