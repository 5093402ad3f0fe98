// Who asks on Slack in the past fills in the form that the app opens, by its labels, as a person does.
import { slackUserOf } from '../control/persons.ts';
import type { LedgerRequest } from '../ledger-index.ts';
import type { Sandbox } from '../server.ts';
import { asJson, asList, asText, type Json } from '../slack/json.ts';
import type { ViewRow } from '../slack/rows.ts';
import type { Life } from './asks.ts';

const longestWaitMs = 10_000;
/** What the one question is called here that GitHub's form calls otherwise. */
const calledOtherwise: Readonly<Record<string, string>> = { 'For how long?': 'Duration' };

/** The number of its issue; undefined where it is not asked there, or could not be. */
export async function askOnSlack(
  sandbox: Sandbox,
  { onSlack, who, form, answers }: Life,
  settle: (isDone: () => boolean) => Promise<void>,
): Promise<number | undefined> {
  const { slack, ledger } = sandbox;
  const user = slackUserOf(sandbox, who)?.id;
  if (!onSlack || !slack || user === undefined) return undefined;
  const [channel] = slack.seenBy(user).channels.filter(({ isMember }) => isMember);
  const [command] = slack.state.apps.all().flatMap(({ commands }) => commands);
  const flow = form.replace(/\.yml$/, '');
  const opened = await slack.command(user, [channel?.id ?? '', `${command} ${flow}`]);
  if (!opened.ok) return undefined;
  const shown = (): ViewRow | undefined =>
    slack.modals(user).find(({ content }) => content['submit'] != null);
  await unpushed(() => shown() !== undefined);
  const view = shown();
  if (!view) return undefined;
  const sent = await slack.submitView(user, { view: view.id, state: filledIn(view.content, answers) });
  if (!sent.ok) {
    await slack.closeView(user, { view: view.id });
    return undefined;
  }
  const asked = (): LedgerRequest | undefined =>
    ledger.requests().findLast(({ entries }) => entries[0]?.by.via?.ref.endsWith(`/${view.id}`));
  await settle(() => asked()?.issue != null);
  return asked()?.issue ?? undefined;
}

/** What a form is opened with is good for three seconds, so that nobody pushes the clock meanwhile. */
async function unpushed(isDone: () => boolean): Promise<void> {
  const end = Date.now() + longestWaitMs;
  while (!isDone() && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** What a person knows to answer to each question, and nothing to those that are answered already. */
function filledIn(content: Json, answers: Life['answers']): Record<string, string> {
  const filled: Record<string, string> = {};
  for (const block of asList(content['blocks'])) {
    const label = asText(asJson(block['label'])['text']) ?? '';
    const answer = answers[calledOtherwise[label] ?? label];
    if (block['type'] === 'input' && typeof answer === 'string') filled[String(block['block_id'])] = answer;
  }
  return filled;
}
