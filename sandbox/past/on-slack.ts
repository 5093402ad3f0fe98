// What people of the past do on Slack: they fill in the form that the app opens, by its labels, and press what a card offers.
import type { LedgerRequest } from '../ledger-index.ts';
import type { Sandbox } from '../server.ts';
import { slackUserOf } from '../control/persons.ts';
import { asJson, asList, asText, type Json } from '../slack/json.ts';
import type { MessageRow, ViewRow } from '../slack/rows.ts';
import type { Slack } from '../slack/slack.ts';
import type { Life } from './asks.ts';

export interface ActsOnSlack {
  /** The number of its issue; undefined where it is not asked there. */
  ask(life: Life): Promise<number | undefined>;
  /** Gives what must be seen before time goes on; undefined where there is no card to press. */
  approve(login: string, issue: number): Promise<(() => boolean) | undefined>;
}

type Settle = (isDone: () => boolean) => Promise<void>;

/** How a form is called, and what its one question is called here that GitHub's form calls otherwise. */
const flow = 'production-access';
const calledOtherwise: Readonly<Record<string, string>> = { 'For how long?': 'Duration' };

export function actsOnSlack(sandbox: Sandbox, settle: Settle): ActsOnSlack {
  const { slack, ledger } = sandbox;

  async function ask(slack: Slack, user: string, answers: Life['answers']): Promise<number | undefined> {
    const [channel] = slack.seenBy(user).channels.filter(({ isMember }) => isMember);
    const [command] = slack.state.apps.all().flatMap(({ commands }) => commands);
    const opened = await slack.command(user, [channel?.id ?? '', `${command} ${flow}`]);
    if (!opened.ok) return undefined;
    const form = (): ViewRow | undefined =>
      slack.modals(user).find(({ content }) => content['submit'] != null);
    await settle(() => form() !== undefined);
    const view = form();
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

  return {
    async ask({ onSlack, who, form, answers }) {
      const user = slackUserOf(sandbox, who);
      if (!onSlack || !slack || !user || form !== `${flow}.yml`) return undefined;
      return ask(slack, user.id, answers);
    },
    async approve(login, issue) {
      const user = slackUserOf(sandbox, login);
      const request = ledger.byIssue(issue);
      if (!slack || !user || !request) return undefined;
      const card = cardOf(slack, user.id, request.id);
      if (!card) return undefined;
      const at = { channel: card.channel, ts: card.ts };
      const pressed = await slack.press(user.id, { at, action: 'approve' });
      if (!pressed.ok) return undefined;
      const before = request.entries.length;
      return () => (ledger.byIssue(issue)?.entries.length ?? 0) > before;
    },
  };
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

/** The card of a request, where that person sees one with a button. */
function cardOf(slack: Slack, user: string, request: string): MessageRow | undefined {
  const mine = new Set(slack.seenBy(user).channels.map(({ id }) => id));
  return slack.state.messages
    .all()
    .find(
      (message) =>
        mine.has(message.channel) &&
        asJson(message.metadata?.['event_payload'])['request'] === request &&
        message.blocks.some((block) =>
          asList(block['elements']).some((element) => element['action_id'] === 'approve'),
        ),
    );
}
