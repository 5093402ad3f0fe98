// What a flow says that its code may reach: what it comes to, and what is refused on its line.
import { expect, test } from 'vitest';
import { plugIns } from '../../app/plug-ins.ts';
import { isBroken } from '../desk.ts';
import { createDeskReader } from '../desk-reader.ts';

const settings = `version: 1
admins: [person:ann]
integrations:
  lms: { type: http, base_url: "https://lms.example.com" }
  tickets: { type: http, base_url: "https://tickets.example.com" }
  aws: { type: aws, region: eu-north-1 }
  okta: { type: okta, domain: acme.okta.com, token: "\${{ secrets.OKTA }}" }
  aptible: { type: aptible, username: a@acme.com, password: "\${{ secrets.APTIBLE }}" }
environments:
  prod: { label: Production, integrations: { lms: { type: http, base_url: "https://prod.example.com" } } }
`;
const people = 'people:\n  ann: { name: Ann, github: { login: ann-o, id: 1 } }\n';
const arn = 'arn:aws:lambda:eu-north-1:333333333333:function:training:live';

function read(code: string) {
  const flow = `environment: prod
requesters: [person:ann]
approval: { steps: [{ name: lead, approvers: [role:admin] }] }
code:
  hooks: [on_request]
${code}
`;
  const files = {
    'flows/countersign.yml': settings,
    'flows/people.yml': people,
    'flows/training.yml': flow,
    'flows/training.ts': 'export const on_request = () => undefined;\n',
  };
  const bytes = Object.entries(files).map(([path, text]) => [path, new TextEncoder().encode(text)] as const);
  const desk = createDeskReader(plugIns).readDesk(new Map(bytes), 'c0ffee');
  const found = desk.flows.get('training');
  return {
    code: found && !isBroken(found) ? found.code : undefined,
    problems: desk.diagnostics.map(({ file, code: name, suggestion }) => ({ file, name, suggestion })),
  };
}

test('integrations are those of the environment first, and read unless they may write', () => {
  const { code, problems } = read(
    [
      '  integrations: [lms, { name: tickets, write: true }, aws]',
      `  lambdas: ["${arn}"]`,
      '  slack: [slack-channel:data-access, person:ann, requester]',
      '  github: [acme/app]',
    ].join('\n'),
  );
  expect(problems).toEqual([]);
  expect(code).toMatchObject({
    integrations: [
      { name: 'lms', key: 'prod/lms', write: false },
      { name: 'tickets', key: 'tickets', write: true },
      { name: 'aws', key: 'aws', write: false },
    ],
    lambdas: [arn],
    slack: ['slack-channel:data-access', 'person:ann', 'requester'],
    github: ['acme/app'],
  });
});

test('code that names nothing reaches nothing', () => {
  const { code } = read('');
  expect(code).toEqual({ file: 'flows/training.ts', hooks: ['on_request'], hosts: [], vars: {} });
});

test.each([
  ['an integration that is not there', '  integrations: [lmss]', 'unknown-integration', 'lms'],
  ['one of an environment by its whole name', '  integrations: [prod/lms]', 'unknown-integration', undefined],
  ['one of a type that code cannot use', '  integrations: [aptible]', 'code-integration', undefined],
  [
    'writing where there is only reading',
    '  integrations: [{ name: okta, write: true }]',
    'code-integration',
    undefined,
  ],
  [
    'writing that is not said as such',
    '  integrations: [{ name: lms, write: yes }]',
    'not-an-option',
    undefined,
  ],
  ['functions without an AWS', `  lambdas: ["${arn}"]`, 'code-integration', undefined],
  ['an AWS without functions', '  integrations: [aws]', 'code-integration', undefined],
  ['a function by its name alone', '  integrations: [aws]\n  lambdas: [training]', 'bad-value', undefined],
  ['a person whom nobody knows', '  slack: [person:anne]', 'unknown-person', 'person:ann'],
  [
    'a channel of another workspace',
    '  slack: [slack-channel:T9CUST000/general]',
    'destination-form',
    undefined,
  ],
  ['a place that is not on Slack', '  slack: ["email:a@b.example"]', 'destination-form', undefined],
  ['a group of people', '  slack: [team:acme/data]', 'destination-group', 'github'],
  ['a repository without its owner', '  github: [app]', 'bad-value', undefined],
  ['all repositories of an owner', '  github: ["acme/*"]', 'bad-value', undefined],
])('%s is refused', (_, code, name, suggestion) => {
  const { problems } = read(code);
  expect(problems).toMatchObject([
    { file: 'flows/training.yml', name, ...(suggestion !== undefined && { suggestion }) },
  ]);
});
