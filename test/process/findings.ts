// Looks at what a day left behind: everything said, once; every request at its end; nothing standing; nothing that GitHub would not take.
import type { Holdings } from '../../sandbox/views.ts';
import type { Sandbox } from '../../sandbox/server.ts';
import { isSpeaker } from '../../src/domain/evolve.ts';
import { isOver, type Request } from '../../src/domain/request.ts';
import { statusTitle } from '../../src/domain/words.ts';
import { createGitHubContract } from '../contracts/github/github-contract.ts';
import { printProblem, type Problem } from '../contracts/github/problem.ts';
import { answerTo, ourComments, ourIssues, type Stage } from './stage.ts';

/** Sentences; empty where nothing was lost, doubled or left standing. */
export function findings(stage: Stage, before: Holdings): readonly string[] {
  return [
    ...stillOpen(stage),
    ...leftStanding(stage, before),
    ...lostOrDoubledWords(stage),
    ...wrongMessages(stage),
  ];
}

/** Each request exists once, on a thread of its own, and came to the end that it should. */
function stillOpen({ ledger, wanted }: Stage): readonly string[] {
  const requests = ledger.requests();
  const threads = requests.map(({ thread }) => thread?.issue);
  return [
    ...wanted.flatMap(({ ref, what, end }) => {
      const found = requests.filter(({ requester }) => requester.via.ref === ref);
      const [request] = found;
      if (request === undefined || found.length > 1) return [`${what}: ${found.length} requests, not one`];
      const { status } = request.phase;
      return [
        ...(status === end ? [] : [`${what}: it is ${status}, not ${end}`]),
        ...(request.notices.length === 0
          ? []
          : [`${what}: nobody was told ${request.notices.map(({ notice }) => notice).join(' ')}`]),
      ];
    }),
    ...(requests.length === wanted.length
      ? []
      : [`${requests.length} requests in the ledger, ${wanted.length} were asked for`]),
    ...repeated(threads.map(String)).map((issue) => `#${issue} is the thread of several requests`),
  ];
}

function leftStanding({ sandbox }: Stage, before: Holdings): readonly string[] {
  const now = sandbox.holdings();
  return JSON.stringify(now) === JSON.stringify(before)
    ? []
    : [`left standing: ${JSON.stringify(now)} where there was ${JSON.stringify(before)}`];
}

/** What people said is recorded once or answered once, and nothing is recorded that nobody said. */
function lostOrDoubledWords({ ledger, said, sandbox }: Stage): readonly string[] {
  const entries = ledger.entries();
  const counted = entries.flatMap(({ type, by }) =>
    isSpeaker(by) && type !== 'refused' ? [by.via.ref] : [],
  );
  const answers = ourComments(sandbox).map(({ marker }) => marker);
  const known = new Set(said.map(({ ref }) => ref));
  const ids = entries.map(({ id }) => id);
  return [
    ...said.flatMap(({ ref, what, fate }) => {
      const recorded = counted.filter((each) => each === ref).length;
      const answered = answers.filter((each) => each === answerTo(ref)).length;
      const isRight =
        fate === 'recorded' ? recorded === 1 && answered === 0 : recorded === 0 && answered === 1;
      return isRight ? [] : [`${what}: recorded ${recorded} times, answered ${answered} times`];
    }),
    ...counted.filter((ref) => !known.has(ref)).map((ref) => `${ref} is recorded and nobody said it`),
    ...repeated(ids).map((id) => `entry ${id} is there twice`),
  ];
}

/** One card a request, showing its state; each notice once; each issue of ours once; and nothing else from us. */
function wrongMessages({ ledger, sandbox }: Stage): readonly string[] {
  const comments = ourComments(sandbox);
  // Of what could not be told where no Slack is set up, one issue of the desk says so.
  const issues = ourIssues(sandbox).filter(({ marker }) => marker?.startsWith('thread:'));
  const markers = [...comments, ...issues].map(({ marker }) => marker ?? 'none');
  const asked = ledger
    .requests()
    .filter(({ messages }) => messages.some(({ notice }) => notice === 'thread'));
  return [
    ...ledger.requests().flatMap((request) => wrongMessagesOf(request, comments)),
    ...repeated(markers).map((marker) => `we said twice what carries ${marker}`),
    ...(issues.length === asked.length
      ? []
      : [`we opened ${issues.length} issues for ${asked.length} requests`]),
  ];
}

function wrongMessagesOf(request: Request, comments: ReturnType<typeof ourComments>): readonly string[] {
  const { id, thread, messages, granted, phase } = request;
  const mine = comments.filter(({ marker }) => marker?.split(':')[1] === id);
  const card = mine.find(({ marker }) => marker?.startsWith('card:'));
  const told = new Set(messages.map(({ notice }) => notice));
  const name = `#${thread?.issue}`;
  return [
    ...(card?.body.includes(statusTitle(request)) === true
      ? []
      : [`${name}: no card says ${statusTitle(request)}`]),
    ...(mine.length === [...told].filter((notice) => notice !== 'thread').length
      ? []
      : [`${name}: ${mine.length} comments for ${[...told].join(' ')}`]),
    ...mine
      .filter(({ issue }) => issue !== thread?.issue)
      .map(({ issue }) => `${name} is talked about on #${issue}`),
    ...(granted && !told.has('active') ? [`${name}: nobody was told of the access`] : []),
    ...(isOver(request) && phase.status !== 'cancelled' && !told.has('over')
      ? [`${name}: nobody was told of the end`]
      : []),
  ];
}

/** Everything that the app ever asked of GitHub, against GitHub's own description; and what the sandbox did not know. */
export function problemsOfRequests({ requests, unknownRequests }: Sandbox): readonly string[] {
  const contract = createGitHubContract();
  const problems = requests
    .filter(({ path, by }) => by !== null && !path.startsWith('/service/'))
    .flatMap(({ method, path, body }): readonly Problem[] => {
      const parsed: unknown = body === '' ? undefined : JSON.parse(body);
      if (!path.startsWith('/api/graphql')) return contract.checkRequest({ method, url: path, body: parsed });
      return contract.checkGraphQL(graphqlCall(parsed));
    });
  return [
    ...new Set(problems.map(printProblem)),
    ...unknownRequests.map(({ method, path }) => `the sandbox does not know ${method} ${path}`),
  ];
}

function graphqlCall(body: unknown): {
  readonly query: string;
  readonly variables?: { [name: string]: unknown };
} {
  if (typeof body !== 'object' || body === null || !('query' in body)) return { query: '' };
  const variables = 'variables' in body ? Object(body.variables) : {};
  return { query: String(body.query), variables };
}

/** Nothing that is secret was printed in any life. */
export function secretsIn(log: string, { environment }: Sandbox): readonly string[] {
  const { WEBHOOK_SECRET, COUNTERSIGN_SECRET_VAULT_TOKEN, PRIVATE_KEY } = environment();
  const secrets = [WEBHOOK_SECRET, COUNTERSIGN_SECRET_VAULT_TOKEN, PRIVATE_KEY?.split('\n')[1], 'ghs_'];
  return secrets
    .filter((secret) => secret !== undefined && secret !== '' && log.includes(secret))
    .map(() => 'a secret was printed');
}

function repeated(all: readonly string[]): readonly string[] {
  return [...new Set(all.filter((each, index) => all.indexOf(each) !== index))];
}
