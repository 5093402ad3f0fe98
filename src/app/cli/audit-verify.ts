// countersign audit verify: says of any clone of a ledger how strongly it holds, offline, or what is wrong and since when.
import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { describe } from '../../engine/engine.ts';
import { openGitCopy } from '../../ledger/git-copy.ts';
import { readSigningKeys, type SigningKeys } from '../../ledger/signing-keys.ts';
import { verifyLedger, type Verdict } from '../../ledger/verify.ts';
import type { CliCommand, CliConsole } from './command.ts';
import { endingOf, folderOption, oneFolder, WrongCall } from './ending.ts';
import { printVerdict } from './print-verdict.ts';

export const auditVerify: CliCommand = {
  name: 'audit verify',
  summary: 'says of any clone of a ledger how strongly it holds, or what is wrong with it',
  usage: `[FOLDER] [--ref REF] [--keys FILE] [--app NAME] [--json]

FOLDER, or --folder FOLDER, is a clone of the desk's repository, bare or not; the one you are in, unless given.
Nothing is asked of any server, and nothing has to be configured.

  --ref REF    a branch or commit that holds the ledger; countersign/ledger here, or of a remote, unless given
  --keys FILE  public keys that may have signed: curl https://github.com/web-flow.gpg -o FILE, or from your own server
  --app NAME   the app that has to have made each commit: countersign, or countersign[bot]
  --json       one object for a machine

Consistent: every entry is in its place, follows from those before it, and was never changed.
Signed: besides, each commit with entries is signed with one of the keys, by the app that --app names, or else by whoever
began the ledger.

It says of what does not hold: what, in which file and line, and since which commit. docs/ledger.md says what each means.

Ends with 0 where it holds, 1 where something was found, 2 when called wrongly, 3 where the ledger could not be read.`,
  run,
};

interface Called {
  readonly folder: string;
  readonly ref: string | undefined;
  readonly keys: string | undefined;
  readonly app: string | undefined;
  readonly json: boolean;
}

function run(args: readonly string[], console: CliConsole): Promise<number> {
  return endingOf('audit verify', console, async () => {
    const called = readArgs(args);
    const keys = called.keys === undefined ? undefined : await keysIn(called.keys);
    const verdict = await verify(called, keys, console);
    const hasKeys = keys !== undefined;
    const text = called.json ? JSON.stringify(asJson(verdict), null, 2) : printVerdict(verdict, { hasKeys });
    console.out(text);
    return verdict.strength === undefined ? 1 : 0;
  });
}

async function verify(
  { folder, ref, app }: Called,
  keys: SigningKeys | undefined,
  console: CliConsole,
): Promise<Verdict> {
  const copy = await openGitCopy(folder, ref);
  try {
    return await verifyLedger(copy, {
      ...(keys && { keys }),
      ...(app !== undefined && { author: app.endsWith('[bot]') ? app : `${app}[bot]` }),
      progress: nowAndThen((done) => console.err(`Verified ${done} …`)),
    });
  } finally {
    copy.close();
  }
}

function readArgs(args: readonly string[]): Called {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: {
      ...folderOption,
      ref: { type: 'string' },
      keys: { type: 'string' },
      app: { type: 'string' },
      json: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  return {
    folder: oneFolder(positionals, values),
    ref: values.ref,
    keys: values.keys,
    app: values.app,
    json: values.json,
  };
}

async function keysIn(file: string): Promise<SigningKeys> {
  const content = await readFile(file).catch((error: unknown) => {
    throw new WrongCall(`The keys could not be read: ${describe(error)}`);
  });
  const keys = await readSigningKeys(content);
  if (keys) return keys;
  throw new WrongCall(`${file} holds no public key. curl https://github.com/web-flow.gpg gives GitHub's.`);
}

const patience = 2000;

/** What is soon done says nothing of how far it is. */
function nowAndThen(tell: (done: string) => void): (done: string) => void {
  let last = Date.now();
  return (done) => {
    if (Date.now() - last < patience) return;
    last = Date.now();
    tell(done);
  };
}

function asJson(verdict: Verdict): object {
  return { holds: verdict.strength !== undefined, ...verdict };
}
