// Forges a line of the ledger, as somebody with push access could, and puts the branch back.
import { announcePush } from './github/actions/branches.ts';
import { unprocessable } from './github/problem.ts';
import type { ForgeryRow } from './github/state.ts';
import type { LedgerRequest } from './ledger-index.ts';
import type { Sandbox } from './server.ts';
import { ledgerBranch } from './verifier.ts';

export type Forgery = Omit<ForgeryRow, 'name'>;

/** Whoever could: an owner of the organisation. */
const forger = 'max-p';
const ref = `refs/heads/${ledgerBranch}`;

/** The forgery that the branch holds now. */
export function forgeryOf({ github, desk }: Sandbox): Forgery | undefined {
  const row = github.state.forgeries.get('forgery');
  return row && github.git(desk).readRef(ref) === row.sha ? row : undefined;
}

export async function forgeLedger(sandbox: Sandbox): Promise<Forgery> {
  const { github, desk } = sandbox;
  if (forgeryOf(sandbox)) throw unprocessable('One line is forged already. Put it back first.');
  const git = github.git(desk);
  const before = git.readRef(ref);
  const tree = before === undefined ? undefined : git.commit(before)?.tree;
  const victim = sandbox.ledger.requests().findLast(isVictim);
  const entry = tree !== undefined && victim ? git.entryAt(tree, victim.path) : undefined;
  const text = entry && git.object(entry.sha)?.content.toString();
  if (!victim || before === undefined || text === undefined) {
    throw unprocessable('No request has been approved and has ended yet: there is no line worth forging.');
  }
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.includes('"type":"approval-given"'));
  const was = /"person":"[^"]*"/.exec(lines[at] ?? '')?.[0] ?? '';
  const is = '"person":"mallory"';
  lines[at] = (lines[at] ?? '').replace(was, is);
  const sha = await sandbox.as(forger).pushFiles({
    branch: ledgerBranch,
    message: 'Tidy up the ledger',
    files: { [victim.path]: lines.join('\n') },
  });
  const forgery = {
    name: 'forgery',
    issue: victim.issue,
    path: victim.path,
    line: at + 1,
    was,
    is,
    sha,
    before,
  } as const;
  github.state.forgeries.put(forgery);
  return forgery;
}

function isVictim({ status, entries }: LedgerRequest): boolean {
  return status === 'ended' && entries.some(({ type }) => type === 'approval-given');
}

/** A force-push to the commit before, as docs/ledger.md says. */
export function restoreLedger(sandbox: Sandbox): void {
  const { github, desk } = sandbox;
  const forgery = forgeryOf(sandbox);
  if (!forgery) throw unprocessable('The ledger holds no forged line of ours.');
  const account = github.account(forger);
  if (!account || !github.git(desk).updateRef(ref, forgery.before, forgery.sha)) {
    throw unprocessable('The branch has moved meanwhile.');
  }
  github.state.forgeries.delete('forgery');
  announcePush(github, { account, app: null }, desk, {
    ref,
    before: forgery.sha,
    after: forgery.before,
    forced: true,
  });
}
