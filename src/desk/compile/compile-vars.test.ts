import { describe, expect, test } from 'vitest';
import type { Flow } from '../../domain/flow.ts';
import { isBroken } from '../desk.ts';
import { printDiagnostic } from '../diagnostic.ts';
import { anyApproval, readSample } from '../sample-desk.ts';

const rest = `requesters: [team:acme/eng]\n${anyApproval}\n`;
const settings = `version: 1
admins: [role:member]
vars: { region: eu-north-1, account: "000000000000", level: 1, owners: [Ann, Bob] }
integrations:
  main: { type: aws, region: "\${{ vars.region }}" }
environments:
  prod:
    danger: \${{ vars.owners }} look at \${{ vars.account }}.
    vars: { account: "111111111111", level: 2 }
    integrations:
      main: { type: aws, region: "\${{ vars.region }}", token: "\${{ secrets.PROD }}" }
  test:
    integrations:
      extra: { type: aws, region: eu-north-1 }
targets:
  shared: { label: "Shared \${{ vars.level }}", settings: { account_id: "\${{ vars.account }}" } }
`;

function read(flow: string): Flow {
  const desk = readSample({ 'flows/countersign.yml': settings, 'flows/sample.yml': flow });
  const found = desk.flows.get('sample');
  if (found === undefined || isBroken(found) || desk.closed !== undefined)
    throw new Error(desk.diagnostics.map(printDiagnostic).join('\n'));
  return found;
}

const aws = (more: string): string =>
  `${more}strategy: { type: aws, integration: main }\nduration: { options: [1h] }\n${rest}`;

describe('a variable', () => {
  const target =
    'targets: { t: { settings: { account_id: "${{ vars.account }}", level: "${{ vars.level }}" } } }\n';

  test.each([
    ['of the desk', '', { account_id: '000000000000', level: 1 }],
    ['of the environment', 'environment: prod\n', { account_id: '111111111111', level: 2 }],
    ['of the flow', 'environment: prod\nvars: { level: 3 }\n', { account_id: '111111111111', level: 3 }],
  ])('%s is the innermost one, and a setting keeps its type', (_, before, expected) => {
    expect(read(aws(before + target)).access?.targets[0]?.settings).toEqual(expected);
  });

  test('stands in a target that is shared, as the flow has it', () => {
    const [target] = read(aws('vars: { level: 9 }\nshared_targets: [shared]\n')).access?.targets ?? [];
    expect(target).toMatchObject({ label: 'Shared 9', settings: { account_id: '000000000000' } });
  });

  test('stands in texts, where a list is joined', () => {
    const flow = read(
      `environment: prod\nvars: { owners: [Cleo, Dora] }\nheader: "\${{ vars.owners }}!"\ndescription: At level \${{ vars.level }}\nmessage: "\${{ requester.name }} (\${{ vars.level }})"\n${rest}rules: [{ name: r, if: "1 < 2", deny: true, reason: "\${{vars.level}}" }]\n`,
    );
    expect(flow).toMatchObject({
      header: 'Cleo, Dora!',
      description: 'At level 2',
      danger: 'Cleo, Dora look at 111111111111.',
      message: '${{ requester.name }} (2)',
      rules: [{ reason: '2' }],
    });
  });

  test('leaves the places of fields and of strategies as they are', () => {
    const flow = read(
      `${aws('fields: { f: { type: string, options: ["111111111111"] } }\nvars: { x: "1" }\ntargets: { t: { label: "${{ vars.x }}-${{ fields.f }}-{{account}}", settings: { account_id: "${{ fields.f }}" } } }\n')}`,
    );
    expect(flow.access?.targets[0]).toMatchObject({
      label: '1-${{ fields.f }}-{{account}}',
      settings: { account_id: '${{ fields.f }}' },
    });
  });
});

describe('an integration', () => {
  const target = 'targets: { t: { settings: { account_id: "111111111111" } } }\n';

  test('of an environment goes before the desk’s', () => {
    expect(read(aws(target)).access?.strategy.integration).toBe('main');
    expect(read(aws(`environment: test\n${target}`)).access?.strategy.integration).toBe('main');
    expect(read(aws(`environment: prod\n${target}`)).access?.strategy.integration).toBe('prod/main');
  });

  test('is found by its key, with the variables of its environment', () => {
    const { settings: read } = readSample({ 'flows/countersign.yml': settings });
    expect([...(read?.integrations.keys() ?? [])]).toEqual(['main', 'prod/main', 'test/extra']);
    expect(read?.integrations.get('prod/main')).toEqual({
      type: 'aws',
      settings: { type: 'aws', region: 'eu-north-1', token: '${{ secrets.PROD }}' },
    });
  });

  test.each([['prod/main'], ['extra']])('of an environment is none of other flows: %s', (name) => {
    const flow = aws(target).replace('integration: main', `integration: ${name}`);
    const { diagnostics } = readSample({ 'flows/countersign.yml': settings, 'flows/sample.yml': flow });
    expect(diagnostics.map(({ code }) => code)).toEqual(['unknown-integration']);
  });
});

test('what is unknown because the settings are broken is not told twice', () => {
  const { diagnostics } = readSample({
    'flows/countersign.yml': 'version: 2\n',
    'flows/sample.yml': `description: \${{ vars.level }}\n${rest}`,
  });
  expect(diagnostics.filter(({ file }) => file === 'flows/sample.yml')).toEqual([]);
});
