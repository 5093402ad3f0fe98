import { expect, test } from 'vitest';
import { readSample } from '../desk/sample-desk.ts';
import { account, deskId, group, personId } from '../domain/names.ts';
import { createLookUpGroup } from './look-up-group.ts';

const desk = deskId('github', 1);
const unknown = 'PagerDuty has no schedule PDATA, or none that the API key of the integration may see.';

function lookUp(
  where: string,
  { integrations = '', author = 'ann' }: { integrations?: string; author?: string | null } = {},
) {
  const asked: string[] = [];
  const files = readSample({
    'flows/countersign.yml': `version: 1\nadmins: [person:ann]\n${integrations}`,
  });
  const look = createLookUpGroup({
    desks: { desk: async () => files },
    directory: {
      person: async () => (author === null ? null : personId(author)),
      belongs: async (_, person, each) => {
        asked.push(`${person} in ${each}`);
        return each.endsWith('PDATA') ? { unknown } : true;
      },
    },
  });
  return look(desk, account('github', 1), group(where)).then((found) => ({ found, asked }));
}

const pagerDuty = { integrations: 'integrations: { pd: { type: pagerduty } }\n' };

test('tells a schedule that is not there', async () => {
  const { found } = await lookUp('pagerduty-schedule:PDATA', pagerDuty);
  expect(found).toEqual({ problem: unknown });
});

test('tells whether the author belongs, and of a stranger nothing', async () => {
  expect((await lookUp('pagerduty-schedule:PI7DH85', pagerDuty)).found).toEqual({ belongs: true });
  const stranger = await lookUp('pagerduty-schedule:PI7DH85', { ...pagerDuty, author: null });
  expect(stranger).toEqual({ found: {}, asked: ['ann in pagerduty-schedule:PI7DH85'] });
});

test('asks nobody by an integration that the proposal itself declares', async () => {
  expect(await lookUp('pagerduty-schedule:PDATA')).toEqual({ found: {}, asked: [] });
  expect(await lookUp('pagerduty-schedule:other/PDATA', pagerDuty)).toEqual({ found: {}, asked: [] });
});
