// Runs Git on one repository: no shell, and nothing of the user's, the system's or our own environment gets in.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { devNull } from 'node:os';
import { dirname, resolve } from 'node:path';
import { Failure } from '../engine/ports/failure.ts';

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  /** Git's own words; they may name paths, and nothing that was piped in. */
  readonly stderr: string;
}

/** Resolves whatever Git answers; throws `Failure` where it gives none. */
export type Git = (args: readonly string[], input?: string | Buffer) => Promise<GitAnswer>;

const patience = 60_000;

export function createGit(folder: string): Git {
  const started = startIn(folder);
  return (args, input = '') =>
    new Promise((answer, fail) => {
      const git = started(args, { timeout: patience });
      const stdout: Buffer[] = [];
      const stderr: Buffer[] = [];
      git.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
      git.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
      git.on('error', (cause) => {
        fail(new Failure('Git could not be started.', { transient: false, cause }));
      });
      git.on('close', (code, signal) => {
        if (code === null) fail(new Failure(`Git was ended by ${signal}.`, { transient: true }));
        else answer({ code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() });
      });
      // Git may end before it has read everything: what it says then matters, the broken pipe does not.
      git.stdin.on('error', () => undefined);
      git.stdin.end(input);
    });
}

/** A Git that is asked and answers while it runs; whoever starts it ends it. */
export type StartGit = (args: readonly string[]) => ChildProcessWithoutNullStreams;

export function createGitStarter(folder: string): StartGit {
  const started = startIn(folder);
  return (args) => started(args, {});
}

type Start = (
  args: readonly string[],
  options: { readonly timeout?: number },
) => ChildProcessWithoutNullStreams;

function startIn(folder: string): Start {
  const place = resolve(folder);
  const always = [
    '-C',
    place,
    ...settings.flatMap((setting) => ['-c', setting]),
    '-c',
    `safe.directory=${place}`,
  ];
  const env = {
    ...(process.env['PATH'] !== undefined && { PATH: process.env['PATH'] }),
    LC_ALL: 'C',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: devNull,
    GIT_TERMINAL_PROMPT: '0',
    // A folder that is no repository must not be taken for a part of the one around it.
    GIT_CEILING_DIRECTORIES: dirname(place),
    // What the repository holds, and not what somebody has put over it, and nothing that would first be fetched.
    GIT_NO_REPLACE_OBJECTS: '1',
    GIT_GRAFT_FILE: devNull,
    GIT_NO_LAZY_FETCH: '1',
    // Older Gits know no such word, and a repository may allow itself a way that the settings below forbid.
    GIT_ALLOW_PROTOCOL: '',
  };
  return (args, options) => spawn('git', [...always, ...args], { ...options, env, stdio: 'pipe' });
}

/** An entry that the ledger holds survives a loss of power; no hook of the repository runs, and nothing is fetched. */
const settings = [
  'core.fsync=committed',
  `core.hooksPath=${devNull}`,
  'core.quotePath=false',
  'i18n.logOutputEncoding=UTF-8',
  'protocol.allow=never',
  'core.fsmonitor=false',
  // Who follows whom is read from the commits, and not from what the repository remembers of it.
  'core.commitGraph=false',
];
