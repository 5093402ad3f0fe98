// For tests: a small desk whose files can be replaced, one at a time.
import type { ActionSchemas, Desk, OptionSourceSchemas, StrategySchemas } from './desk.ts';
import { createDeskReader, type DeskReaderParts } from './desk-reader.ts';

export const sampleStrategies: StrategySchemas = {
  'github-team': {
    settings: {
      type: 'object',
      additionalProperties: false,
      required: ['organization', 'team_slug'],
      properties: {
        organization: { type: 'string' },
        team_slug: { type: 'string', pattern: '^[a-z0-9-]+$' },
        role: { enum: ['member', 'maintainer'] },
      },
    },
  },
  aws: {
    endsSessions: true,
    settings: {
      type: 'object',
      additionalProperties: false,
      required: ['account_id'],
      properties: {
        account_id: { type: 'string', pattern: '^[0-9]{12}$' },
        level: { type: 'integer' },
        path: { type: 'string' },
      },
    },
    placeholders: { path: { names: ['account'] } },
    integration: {
      type: 'object',
      additionalProperties: false,
      required: ['type', 'region'],
      properties: { type: { const: 'aws' }, region: { enum: ['eu-north-1'] }, token: { type: 'string' } },
    },
  },
};

/** A request to a service, whether it runs something or answers options. */
const sampleCall: OptionSourceSchemas[string] = {
  with: {
    type: 'object',
    additionalProperties: false,
    required: ['path'],
    properties: { path: { type: 'string', pattern: '^/' }, body: { type: 'object' } },
  },
  takes: { body: 'anything', path: 'limited' },
  integration: {
    type: 'object',
    additionalProperties: false,
    required: ['type', 'region'],
    properties: { type: { const: 'aws' }, region: { enum: ['eu-north-1'] }, token: { type: 'string' } },
  },
};

export const sampleActions: ActionSchemas = {
  workflow: {
    with: {
      type: 'object',
      additionalProperties: false,
      required: ['file'],
      properties: {
        file: { type: 'string', pattern: '^[a-z]+\\.yml$' },
        inputs: { type: 'object', additionalProperties: { type: ['string', 'integer'] } },
      },
    },
    takes: { inputs: 'anything' },
  },
  call: { ...sampleCall, leads: ['region'] },
  code: {
    with: {
      type: 'object',
      additionalProperties: false,
      required: ['file', 'function'],
      properties: { file: { type: 'string' }, function: { type: 'string' }, input: { type: 'object' } },
    },
    takes: { input: 'anything' },
  },
};

export const sampleOptionSources: OptionSourceSchemas = {
  code: {
    with: {
      type: 'object',
      required: ['file', 'function'],
      properties: { file: { type: 'string' }, function: { type: 'string' } },
    },
    takes: {},
  },
  shelf: {
    with: {
      type: 'object',
      additionalProperties: false,
      required: ['list'],
      properties: { list: { enum: ['books', 'maps'] }, row: { type: 'string', pattern: '^[a-z]+$' } },
    },
    takes: { row: 'limited' },
  },
  call: sampleCall,
};

export const sampleFiles = {
  'flows/countersign.yml': `version: 1
admins: [team:acme/platform]
integrations:
  main: { type: aws, region: eu-north-1 }
  other: { type: http }
environments:
  prod: { label: Production, danger: Careful. }
guests:
  customer: { label: Customer Inc., slack_workspaces: [T9CUST000] }
`,
  'flows/people.yml': `people:
  ann: { name: Ann, github: { login: ann-o, id: 1 } }
  bob: { name: Bob, github: { login: bob-l, id: 2 }, manager: ann }
`,
} as const;

/** The approval of a flow that is about something else. */
export const anyApproval = 'approval: { steps: [{ name: data, approvers: [team:acme/data] }] }';

export function readSample(
  files: Readonly<Record<string, string | Uint8Array>>,
  lints: Pick<DeskReaderParts, 'lints' | 'deskLints'> = {},
): Desk {
  const all = Object.entries({ ...sampleFiles, ...files }).map(
    ([path, content]) =>
      [path, typeof content === 'string' ? new TextEncoder().encode(content) : content] as const,
  );
  return createDeskReader({
    strategies: sampleStrategies,
    actions: sampleActions,
    optionSources: sampleOptionSources,
    ...lints,
  }).readDesk(new Map(all), 'c0ffee');
}
