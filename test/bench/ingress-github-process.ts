// A GitHub for the figures of ingress, with a Slack beside it where wanted: some open requests that two people have to
// approve. FOLDER APP-PORT REQUESTS [slack]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sampleWorld } from '../../sandbox/sample-world.ts';
import { startSandbox } from '../../sandbox/server.ts';
import { channels } from '../../sandbox/slack/sample-company.ts';
import { createStage } from '../process/stage.ts';
import { until } from '../process/until.ts';

const [folder = '', appPort = '', requests = '', beside = ''] = process.argv.slice(2);
const hasSlack = beside === 'slack';
const root = fileURLToPath(new URL('../../', import.meta.url));
const sandbox = await startSandbox({
  port: 0,
  folder,
  world: sampleWorld,
  seedFolder: join(root, 'flows'),
  issueTemplateFolder: join(root, '.github/ISSUE_TEMPLATE'),
  slack: hasSlack,
});
sandbox.setSlackUrl(`http://127.0.0.1:${appPort}/api/slack/events`);
const flow = `label: Two of them
strategy: { type: github-team }
targets:
  production:
    label: Production
    settings: { organization: acme, team_slug: production-access }
duration: { options: [30m], default: 30m }
requesters: [team:acme/engineering]
approval:
  steps:
    - { name: data-owner, approvers: [team:acme/data]${hasSlack ? ', notify: [slack-channel:access]' : ''} }
    - { name: security, approvers: [team:acme/security] }
`;
sandbox.as('max-p').pushFiles({ message: 'A flow', files: { 'flows/two.yml': flow }, reviewed: true });
const [installation] = sandbox.github.state.installations.all();
process.send?.({
  environment: sandbox.environment(),
  repository: sandbox.desk.id,
  installation: installation?.id,
});
process.once('message', () => {
  void ask();
});

/** Once the app listens: people ask, and nothing that happens here is told to the app any more. */
async function ask(): Promise<void> {
  sandbox.setWebhookUrl(`http://127.0.0.1:${appPort}/api/github/webhooks`);
  const stage = createStage(sandbox);
  const issues: number[] = [];
  for (let asked = 0; asked < Number(requests); asked += 1)
    issues.push(
      sandbox.as('ann-o').openIssue({ title: 'I need production', body: '/request two production' }).number,
    );
  for (const issue of issues) await stage.untilCard(issue);
  await until('the webhooks to be delivered', () => sandbox.deliveries().every(({ outcome }) => outcome));
  sandbox.setWebhookUrl(null);
  await until('the cards on Slack', () => !hasSlack || cards().length === issues.length);
  process.send?.({ issues, cards: cards() });
}

/** Each with the request that its buttons name. */
function cards(): readonly { readonly ts: string; readonly request: string }[] {
  const messages = sandbox.slack?.messages(channels.access) ?? [];
  return messages.flatMap(({ ts, blocks }) => {
    const request = /"countersign:([0-9A-Z]{26})"/.exec(JSON.stringify(blocks))?.[1];
    return request === undefined ? [] : [{ ts, request }];
  });
}
