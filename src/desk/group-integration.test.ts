import { expect, test } from 'vitest';
import { isBroken } from './desk.ts';
import { printDiagnostic } from './diagnostic.ts';
import { readSample } from './sample-desk.ts';

const group = '00g1emaKYZTWRYYRRTSK';

function read(approver: string, integrations: string, settings = ''): readonly string[] {
  const desk = readSample({
    'flows/countersign.yml': `version: 1\nadmins: [person:ann]\n${settings}integrations:\n${integrations}`,
    'flows/a.yml': `requesters: [person:ann]
approval:
  steps:
    - { name: data, approvers: ["${approver}"], if: "requester.belongs_to('${approver}')" }
`,
  });
  const flow = desk.flows.get('a');
  expect(flow && isBroken(flow)).toBe(desk.diagnostics.length > 0);
  return desk.diagnostics.map(printDiagnostic);
}

const one = '  okta: { type: okta }\n';
const two = `${one}  okta-eu: { type: okta }\n`;

test('a group is looked up by the only integration of its type, or by the one that is named', () => {
  expect(read(`okta-group:${group}`, one)).toEqual([]);
  expect(read(`okta-group:okta-eu/${group}`, two)).toEqual([]);
  expect(read('pagerduty-escalation-policy:pd/PANZZEQ/1', '  pd: { type: pagerduty }\n')).toEqual([]);
  expect(read('pagerduty-escalation-policy:PANZZEQ/1', '  pd: { type: pagerduty }\n')).toEqual([]);
});

test('a misspelt integration is told in the list and in the condition, each with what was meant', () => {
  const wrong = `okta-group:okta-ue/${group}`;
  const said = `group-integration: “${wrong}” cannot be looked up: countersign.yml declares no integration okta-ue of type okta. Did you mean \`okta-group:okta-eu/${group}\`?`;
  expect(read(wrong, two)).toEqual([`flows/a.yml:4:34 ${said}`, `flows/a.yml:4:104 ${said}`]);
});

test('one of several has to be named', () => {
  const [said] = read(`okta-group:${group}`, two);
  expect(said).toContain(`several integrations of type okta (okta, okta-eu)`);
  expect(said).toContain(`as in okta/${group}`);
});

test('one of another type, or of an environment alone, is none', () => {
  const environments = 'environments: { prod: { integrations: { okta: { type: okta } } } }\n';
  expect(read(`okta-group:${group}`, '  okta: { type: http }\n', environments)[0]).toContain(
    'countersign.yml declares no integration of type okta',
  );
});

test('whoever are admins are judged by the integrations of the same file', () => {
  const admins = (integrations: string): number =>
    readSample({
      'flows/countersign.yml': `version: 1\nadmins: ["pagerduty-schedule:PDATA"]\n${integrations}`,
    }).diagnostics.length;
  expect(admins('integrations: { pd: { type: pagerduty } }\n')).toBe(0);
  expect(admins('')).toBe(1);
});
