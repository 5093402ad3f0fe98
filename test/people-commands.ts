// A sandbox on which tests run the commands of countersign people, and a clone of its desk for those that change files.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleWorld } from '../sandbox/sample-world.ts';
import { startSandbox, type Sandbox } from '../sandbox/server.ts';
import type { CliCommand } from '../src/app/cli/command.ts';
import { openWith, type OpenDesk } from '../src/app/cli/operator.ts';
import type { OperatorDesk } from '../src/app/operator-desk.ts';
import { systemClock } from '../src/app/system.ts';

/** What is not as the sandbox has it. */
export type DeskChange = (desk: OperatorDesk) => Partial<OperatorDesk>;

export interface PeopleDesk {
  readonly sandbox: Sandbox;
  run(
    make: (open: OpenDesk) => CliCommand,
    args: readonly string[],
    change?: DeskChange,
  ): Promise<{ readonly code: number; readonly out: string; readonly err: string }>;
  /** A new one each time, as somebody has it on their machine. */
  clone(): string;
  stop(): Promise<void>;
}

export async function startPeopleDesk(): Promise<PeopleDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-people-'));
  const seedFolder = join(import.meta.dirname, '../flows');
  const sandbox = await startSandbox({ port: 0, folder, world: sampleWorld, seedFolder, slack: true });
  const environment = { COUNTERSIGN_DATA: join(folder, 'data'), ...sandbox.environment() };
  const openSandbox = openWith({ environment, clock: systemClock, fetch: (...asked) => fetch(...asked) });
  /** Opened once: who asks again, asks the same GitHub and Slack. */
  const opened = new Map<string | undefined, ReturnType<OpenDesk>>();
  let clones = 0;
  return {
    sandbox,
    async run(make, args, change = () => ({})) {
      const lines = { out: '', err: '' };
      const open: OpenDesk = async (named) => {
        const opening = opened.get(named) ?? openSandbox(named);
        opened.set(named, opening);
        const desk = await opening;
        return { ...desk, ...change(desk) };
      };
      const code = await make(open).run(args, {
        out: (line) => void (lines.out += `${line}\n`),
        err: (line) => void (lines.err += `${line}\n`),
      });
      return { code, ...lines };
    },
    clone() {
      const desk = sandbox.github.repository('acme', 'access');
      if (desk === undefined) throw new Error('The sandbox has no desk.');
      const place = join(folder, `clone-${(clones += 1)}`);
      const git = (...args: readonly string[]) => execFileSync('git', args, { stdio: 'pipe' });
      git('clone', '--quiet', '--branch', 'main', sandbox.github.git(desk).folder, place);
      git('-C', place, 'remote', 'set-url', 'origin', 'git@github.com:acme/access.git');
      return place;
    },
    async stop() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
