// Options that are read live, through the real process: found on Slack as somebody types, and judged again by either door.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { people } from '../../sandbox/slack/sample-company.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Request } from '../../src/domain/request.ts';
import { allowTime, openCompany, opensForm } from './company.ts';
import type { Stage } from './stage.ts';
import { until } from './until.ts';

allowTime();

const flow = `label: A team
strategy: { type: github-team }
targets:
  team:
    label: the team \${{ fields.team }}
    settings: { organization: acme, team_slug: '\${{ fields.team }}' }
duration: { options: [30m] }
requesters: [team:acme/engineering]
fields:
  team: { type: string, options_from: { run: github, with: { list: teams, organization: acme } } }
  repository: { type: string, options: [access, app] }
  branch:
    type: string
    options_from:
      run: github
      with: { list: branches, organization: acme, repository: '\${{ fields.repository }}' }
approval: { steps: [{ name: data, approvers: [team:acme/data], notify: [slack-channel:data-access] }] }
`;

let running: RunningSandbox;
let stage: Stage;
let slack: Slack;

beforeAll(async () => {
  ({ running, slack, stage } = await openCompany());
  running.sandbox
    .as('max-p')
    .pushFiles({ message: 'Add a flow', files: { 'flows/a-team.yml': flow }, reviewed: true });
});
afterAll(() => running.stop());

function ofFlow(): readonly Request[] {
  return stage.ledger.requests().filter((request) => request.flow.name === 'a-team');
}

/** What the menu of a field offers; its labels. */
async function offered(view: string, field: string, typed: string): Promise<readonly string[]> {
  const found = await slack.suggest(people.ann, {
    at: { view },
    block: `field:${field}`,
    action: 'answer',
    typed,
  });
  if (!found.ok) throw new Error(found.shown);
  return found.options.map(({ text }) => String(Object(text)['text']));
}

/** The form, once the answer that others depend on stands in it. */
async function answeringApp(): Promise<string> {
  const view = await opensForm(slack, 'ann', 'a-team');
  expect(await offered(view, 'branch', '')).toEqual(['Answer first: Repository']);
  const pressed = { at: { view }, block: 'field:repository', action: 'answer', choose: 'app' };
  expect(await slack.press(people.ann, pressed)).toMatchObject({ ok: true });
  const isThere = ({ content }: { readonly content: object }): boolean =>
    /"initial_option":\{[^}]*\}?[^}]*"value":"app"/.test(JSON.stringify(content));
  await until('the form to be shown anew', () => slack.modals(people.ann).some(isThere));
  return slack.modals(people.ann).find(isThere)?.id ?? '';
}

test('on Slack what is offered is found as somebody types, and what was chosen is asked for', async () => {
  const form = await answeringApp();
  expect(await offered(form, 'branch', 'nothing like it')).toEqual([]);
  expect(await offered(form, 'branch', 'MA')).toEqual(['main']);
  expect(await offered(form, 'team', 'access')).toEqual(['production-access', 'staging-access']);
  const sent = await slack.submitView(people.ann, {
    view: form,
    state: { 'field:team': 'production-access', 'field:branch': 'main' },
  });
  expect(sent, JSON.stringify(sent)).toMatchObject({ ok: true });
  await until('the request', () => ofFlow().length === 1);
  expect(ofFlow()[0]?.form).toMatchObject({
    fields: { team: 'production-access', repository: 'app', branch: 'main' },
    offered: { team: [{ value: 'production-access' }], branch: [{ value: 'main', label: 'main' }] },
    target: { settings: { organization: 'acme', team_slug: 'production-access' } },
  });
});

test('what is offered no more is refused in its field, before anybody is asked', async () => {
  const form = await answeringApp();
  await offered(form, 'branch', '');
  await offered(form, 'team', '');
  const state = { 'field:team': 'staging-access', 'field:branch': 'main' };
  const { github } = running.sandbox;
  const team = github.state.teams.all().find(({ slug }) => slug === 'staging-access');
  if (team === undefined) throw new Error('There is no such team.');
  github.state.teams.put({ ...team, slug: 'renamed' });
  const sent = await slack.submitView(people.ann, { view: form, state });
  expect(sent, JSON.stringify(sent)).toMatchObject({
    ok: false,
    errors: { 'field:team': expect.stringContaining('offered now') },
  });
  github.state.teams.put(team);
  expect(ofFlow()).toHaveLength(1);
});

test('what was typed on GitHub is held against the same list', async () => {
  const body = '/request a-team team=prodution-access repository=app branch=main';
  const { number } = running.sandbox.as('ann-o').openIssue({ title: 'I need something', body });
  const answers = (): string =>
    running.sandbox.github.state.comments
      .all()
      .filter((comment) => JSON.stringify(comment).includes('Did you mean production-access'))
      .map((comment) => JSON.stringify(comment))
      .join();
  await until(`an answer on #${number}`, () => answers() !== '');
  expect(ofFlow()).toHaveLength(1);
});
