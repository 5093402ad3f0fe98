// The real process between the embedded GitHub and the embedded Slack: who is who on both, and what people say beside a request.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MessageRow } from '../../sandbox/slack/rows.ts';
import { channels, people } from '../../sandbox/slack/sample-company.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Request } from '../../src/domain/request.ts';
import { allowTime, openCompany, opensForm } from './company.ts';
import { forms } from './day.ts';
import { ourComments, type Stage } from './stage.ts';
import { pause, until } from './until.ts';

allowTime();

let running: RunningSandbox;
let stage: Stage;
let slack: Slack;

beforeAll(async () => {
  ({ running, slack, stage } = await openCompany());
  // Eve is known on GitHub alone.
  const known = readFileSync('flows/people.yml', 'utf8');
  const eve = '  eve:\n    name: Eve Sato\n    github: { login: eve-s, id: 583235 }\n\n  # Guests:';
  running.sandbox.as('max-p').pushFiles({
    message: 'Write down Eve',
    files: { 'flows/people.yml': known.replace('  # Guests:', eve) },
    reviewed: true,
  });
});
afterAll(() => running.stop());

type Person = keyof typeof people;

/** On a busy machine the first of them may be too late for Slack, which says so. */
async function hears(who: Person, text: string): Promise<string> {
  while (!(await slack.command(people[who], [channels.general, `/access ${text}`])).ok) await pause(500);
  const answers = slack.messages(channels.general).filter(({ only_for }) => only_for === people[who]);
  return answers.at(-1)?.text ?? '';
}

function answersOn(issue: number): readonly string[] {
  return ourComments(running.sandbox)
    .filter((comment) => comment.issue === issue && comment.marker?.startsWith('answer:'))
    .map(({ body }) => body);
}

/** What we answer to a comment. */
async function says(who: string, issue: number, text: string): Promise<string> {
  const before = answersOn(issue).length;
  running.sandbox.as(who).comment(issue, text);
  await until(`an answer to “${text}”`, () => answersOn(issue).length > before);
  return answersOn(issue).at(-1) ?? '';
}

function lineIn(text: string): string {
  return /\/link \S+ \([A-Z0-9/]+\) [A-Z0-9]+/.exec(text)?.[0] ?? `no line in “${text}”`;
}

function threadOf(channel: string, request: Request): readonly MessageRow[] {
  const card = slack
    .messages(channel)
    .find(({ blocks }) => blocks.some((block) => block['block_id'] === `countersign:${request.id}`));
  return slack.messages(channel).filter(({ thread_ts }) => thread_ts !== null && thread_ts === card?.ts);
}

async function asked(): Promise<Request> {
  const issue = stage.asks('ann-o', 'production-access.yml', forms.production, 'pending');
  await stage.untilCard(issue);
  await until('its entry', () => stage.ledger.at(issue) !== undefined);
  const request = stage.ledger.at(issue);
  if (request === undefined) throw new Error('It is not there.');
  await until('the card on Slack', () => cardTs(channels.dataAccess, request) !== undefined);
  return request;
}

function cardTs(channel: string, request: Request): string | undefined {
  return slack
    .messages(channel)
    .find(({ blocks }) => blocks.some((block) => block['block_id'] === `countersign:${request.id}`))?.ts;
}

test('an account on Slack becomes a person’s by two comments on GitHub, and nobody’s again', async () => {
  const { number } = running.sandbox.as('eve-s').openIssue({ title: 'Hello', body: 'I am new here.' });
  // The app has read who she is.
  while (!(await says('eve-s', number, '/unlink')).includes('You have linked no account')) await pause(500);
  expect(await hears('eve', 'whoami')).toContain('is not linked to a person yet');
  const line = lineIn(await hears('eve', 'link'));
  expect(line).toMatch(/^\/link eve \(T07ACME00\/U07EVE000\) /);
  // Whoever else reads it there is too late.
  const question = await says('eve-s', number, line);
  expect(question).toContain('T07ACME00/U07EVE000');
  expect(question).not.toContain('@eve,');
  expect(question).toContain('somebody gave you that line');
  expect(await says('bob-l', number, line)).toContain('This line is not valid here');
  const yes = /\/link yes [A-Z0-9]+/.exec(question)?.[0] ?? '';
  expect(await says('bob-l', number, yes)).toContain('Nothing waits for this answer');
  expect(await says('eve-s', number, yes)).toContain('now counts as you');
  expect(await hears('eve', 'whoami')).toContain('by your own word, here and on GitHub');
  expect(await hears('eve', 'link')).toContain('already');

  const view = await opensForm(slack, 'eve', 'production-access');
  await slack.submitView(people.eve, { view, state: { 'field:reason': 'A look at the queue' } });
  await until('her request', () =>
    stage.ledger
      .requests()
      .some(({ requester }) => requester.person === 'eve' && requester.via.surface === 'slack'),
  );

  expect(await hears('eve', 'unlink')).toContain('no longer counts as anybody');
  expect(await hears('eve', 'whoami')).toContain('is not linked to a person yet');
});

test('what is said beside a request is read on both sides, once, and decides nothing', async () => {
  const request = await asked();
  const { dataAccess } = channels;
  const thread_ts = cardTs(dataAccess, request) ?? '';
  const issue = request.thread?.issue ?? 0;
  const carried = (): readonly string[] =>
    ourComments(running.sandbox)
      .filter((comment) => comment.issue === issue && comment.marker?.startsWith('said:'))
      .map(({ body }) => body);
  const text = '/approve\n/approve <!channel> *now* #12 @max-p';
  expect(slack.say(people.bob, { channel: dataAccess, text, thread_ts })).toMatchObject({ ok: true });
  await until('the comment', () => carried().length > 0);
  expect(carried()[0]).toMatch(/^\*\*bob\*\* on Slack: \/approve<br>\/approve /);
  expect(carried()[0]).not.toMatch(/@max-p|#12/);
  running.sandbox.as('yuki-t').comment(issue, 'Is <!channel> @here *safe* tonight?');
  await until('the reply', () =>
    threadOf(dataAccess, request).some(({ text: said }) => said.includes('yuki-t')),
  );
  // Guests are in that one, and read the card alone.
  const reply = threadOf(dataAccess, request).find(({ text: said }) => said.includes('yuki-t'));
  expect(JSON.stringify(reply)).toContain(`/issues/${issue}#issuecomment-`);
  expect(JSON.stringify(reply)).not.toMatch(/<!channel>|@here/);
  await pause(1500);
  expect(carried()).toHaveLength(1);
  expect(threadOf(dataAccess, request).filter(({ text: said }) => said.includes('yuki-t'))).toHaveLength(1);
  expect(threadOf(channels.access, request)).toEqual([]);
  expect(stage.ledger.at(issue)?.phase.status).toBe('pending');
});

test('nothing was asked of Slack that it does not know, or refuses', () => {
  expect(slack.unknownMethods).toEqual([]);
  const refused = slack.calls.filter(({ ok, error }) => !ok && error !== null);
  expect(refused.map(({ method, error }) => `${method} ${error}`)).toEqual([]);
});
