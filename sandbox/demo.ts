// npm run demo: walks one request from asking to revoked, in the terminal, with the real app on a real Git repository.
import type { RunningSandbox } from './main.ts';
import { runThrowaway } from './throwaway.ts';

const patienceMs = 60_000;
const running = await runThrowaway('error');
try {
  await walk(running);
} catch (error) {
  console.error(`\nThe demo stopped: ${error instanceof Error ? error.message : 'unknown'}`);
  process.exitCode = 1;
} finally {
  await running.stop();
}
process.exit();

async function walk({ sandbox }: RunningSandbox): Promise<void> {
  const began = Date.now();
  const tell = (who: string, what: string): void =>
    console.log(`${seconds(began)}  ${who.padEnd(12)} ${what}`);
  console.log(
    '\nA request walks its five steps. The GitHub is embedded; the app, the Git repository and the signed webhooks are real.\n',
  );

  const issue = sandbox.as('ann-o').submitForm('production-access.yml', {
    Flow: 'production-access',
    Target: 'production',
    Duration: '30m',
    'Why do you need access?': 'Backfill of order 4711',
    Urgency: 'Normal',
  });
  tell('Ann', `asks for production access, for 30 minutes, in issue #${issue.number}`);
  await until('the card', () => comments(sandbox, issue.number).length > 0);
  tell('Countersign', 'shows one card: who asks, for what, why, and who is missing');

  sandbox.as('ann-o').comment(issue.number, '/approve');
  tell('Ann', '/approve');
  await until('the refusal', () => comments(sandbox, issue.number).length > 2);
  tell('Countersign', lastWords(sandbox, issue.number));

  sandbox.as('bob-l').comment(issue.number, '/approve looks right');
  tell('Bob', '/approve looks right');
  await until('the access', () => isMember(sandbox));
  tell('GitHub', 'ann-o is now a member of the team acme/production-access');
  await until('the notice', () => lastWords(sandbox, issue.number).includes('access'));
  tell('Countersign', lastWords(sandbox, issue.number));

  sandbox.as('ann-o').comment(issue.number, '/revoke done');
  tell('Ann', '/revoke done');
  await until('the end', () => !isMember(sandbox));
  tell('GitHub', 'ann-o is not a member of acme/production-access any more');
  const ledger = (): readonly string[] =>
    sandbox.ledgerLog().map(({ message }) => message.split('\n')[0] ?? '');
  await until('the last entry', () => ledger().some((subject) => /deescalated|took|taken/.test(subject)));
  await sandbox.settled();

  console.log('\nThe ledger (git log --oneline --reverse countersign/ledger), every decision in a commit:\n');
  for (const { sha, message } of sandbox.ledgerLog().toReversed())
    console.log(`  ${sha.slice(0, 7)} ${message.split('\n')[0]}`);
  console.log('\nTry it yourself: npm start\n');
}

type Driver = RunningSandbox['sandbox'];

function comments(sandbox: Driver, issue: number): readonly { readonly body: string }[] {
  return sandbox.github.state.comments.all().filter(({ number }) => number === issue);
}

/** The first sentence of the newest comment, without its hidden marks. */
function lastWords(sandbox: Driver, issue: number): string {
  const body = comments(sandbox, issue).at(-1)?.body ?? '';
  const [first = ''] = body
    .replaceAll(/<!--.*?-->/gs, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  return first.replaceAll(/[*`>_#]/g, '').trim();
}

function isMember(sandbox: Driver): boolean {
  return sandbox.holdings().teams['production-access']?.includes('ann-o') ?? false;
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!isSo()) {
    if (Date.now() > end) throw new Error(`waited ${patienceMs / 1000} s for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function seconds(since: number): string {
  return `${((Date.now() - since) / 1000).toFixed(1).padStart(5)} s`;
}
