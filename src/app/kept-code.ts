// The code that grants were made by: read from GitHub, and kept so that an outage there holds up no end of access.
import type { Desks } from '../desk/desks.ts';
import type { DeskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Store } from '../engine/ports/store.ts';
import { withinTime } from '../engine/time-limit.ts';
import { createTurnstile } from '../engine/turnstile.ts';
import type { CodeFiles } from '../hooks/compile-messages.ts';

export interface KeptCode {
  /** Of a commit of the default branch. Throws `Failure`. */
  at(desk: DeskId, commit: string): Promise<CodeFiles>;
  /** Before access is given by it. */
  keep(desk: DeskId, commit: string, files: CodeFiles): Promise<void>;
}

export interface KeptCodeParts {
  readonly desks: Pick<Desks, 'at'>;
  readonly store: Pick<Store, 'bookmark' | 'setBookmark'>;
  readonly clock: Clock;
}

/** Of a desk: how many texts of its code are kept, and by how many commits each is known. Older ones are read again. */
const mostVersions = 5;
const mostCommits = 100;
const patienceMs = 10_000;

interface Version {
  readonly commits: readonly string[];
  readonly files: CodeFiles;
}

export function createKeptCode({ desks, store, clock }: KeptCodeParts): KeptCode {
  const nameOf = (desk: DeskId): string => `strategy code ${desk}`;
  const versionsOf = async (desk: DeskId): Promise<readonly Version[]> =>
    readVersions((await store.bookmark(nameOf(desk))) ?? '[]');

  // What one reads and adds to must not be written over by another meanwhile.
  const turnstile = createTurnstile();

  async function add(desk: DeskId, commit: string, files: CodeFiles): Promise<void> {
    const versions = await versionsOf(desk);
    if (versions.some(({ commits }) => commits.includes(commit))) return;
    const text = JSON.stringify(files);
    const same = versions.find((version) => JSON.stringify(version.files) === text);
    const newest = { commits: [commit, ...(same?.commits ?? [])].slice(0, mostCommits), files };
    const all = [newest, ...versions.filter((version) => version !== same)].slice(0, mostVersions);
    await store.setBookmark(nameOf(desk), JSON.stringify(all));
  }

  return {
    async at(desk, commit) {
      const read = async (): Promise<CodeFiles> => (await desks.at(desk, commit)).code ?? {};
      try {
        return await withinTime({ clock, ms: patienceMs, who: 'GitHub' }, read);
      } catch (error) {
        const kept = (await versionsOf(desk)).find(({ commits }) => commits.includes(commit));
        if (kept === undefined || !(error instanceof Failure)) throw error;
        return kept.files;
      }
    },
    keep: (desk, commit, files) => turnstile.pass(desk, () => add(desk, commit, files)),
  };
}

/** Ours, as it was written. */
function readVersions(text: string): readonly Version[] {
  const read: unknown = JSON.parse(text);
  return Array.isArray(read) ? read.filter(isVersion) : [];
}

function isVersion(value: unknown): value is Version {
  return (
    typeof value === 'object' &&
    value !== null &&
    'commits' in value &&
    Array.isArray(value.commits) &&
    'files' in value &&
    typeof value.files === 'object'
  );
}
