// The webhooks that ask for a check of flows: a pull request that changed, or somebody who wants it once more.
import { deskId, type DeskId } from '../../../domain/names.ts';
import { part } from '../read-delivery.ts';
import { checkName } from './check-runs.ts';
import { regenerateForms } from './render-check.ts';

/** Durable until it is done. */
export interface Wanted {
  readonly sha: string;
  readonly pull?: number;
  /** Asked for once more: after this run, or after this moment of GitHub's clock. */
  readonly again?: { readonly run: number } | { readonly since: string };
  /** The issue forms are to be committed to the branch of the pull request. */
  readonly forms?: true;
}

const pullActions = ['opened', 'synchronize', 'reopened'];

/** Undefined where it asks for no check of ours. */
export function readCheckDelivery(
  event: string,
  payload: unknown,
): { readonly desk: DeskId; readonly wanted: Wanted } | undefined {
  const repository = part(part(payload, 'repository'), 'id');
  // Our app's own webhook always says which installation; another webhook with the same secret does not.
  if (typeof repository !== 'number' || typeof part(part(payload, 'installation'), 'id') !== 'number')
    return undefined;
  const wanted = readWanted(event, payload);
  return wanted && { desk: deskId('github', repository), wanted };
}

function readWanted(event: string, payload: unknown): Wanted | undefined {
  const action = part(payload, 'action');
  switch (event) {
    case 'pull_request':
      return pullActions.some((each) => each === action) ? readPull(payload) : undefined;
    case 'check_run':
      return action === 'rerequested' ? readRun(part(payload, 'check_run')) : readPress(payload);
    case 'check_suite':
      return action === 'rerequested' ? readSuite(part(payload, 'check_suite')) : undefined;
    default:
      return undefined;
  }
}

function readPull(payload: unknown): Wanted | undefined {
  const [pull, sha] = [part(payload, 'number'), shaOf(part(part(payload, 'pull_request'), 'head'), 'sha')];
  return typeof pull === 'number' && sha !== undefined ? { sha, pull } : undefined;
}

/** Which pull request a run of ours is of stands in it, as we wrote it. */
function readRun(run: unknown): Wanted | undefined {
  const [id, sha] = [part(run, 'id'), shaOf(run, 'head_sha')];
  const [, pull] = /^\S+ ([1-9]\d{0,14}) [0-9a-f]+$/.exec(String(part(run, 'external_id'))) ?? [];
  if (typeof id !== 'number' || sha === undefined || part(run, 'name') !== checkName) return undefined;
  return { sha, ...(pull !== undefined && { pull: Number(pull) }), again: { run: id } };
}

/** Only those who may push to the repository see the button. */
function readPress(payload: unknown): Wanted | undefined {
  const pressed = part(part(payload, 'requested_action'), 'identifier');
  const run = readRun(part(payload, 'check_run'));
  if (part(payload, 'action') !== 'requested_action' || pressed !== regenerateForms.identifier)
    return undefined;
  if (run === undefined) return undefined;
  const { again: _, ...which } = run;
  return { ...which, forms: true };
}

function readSuite(suite: unknown): Wanted | undefined {
  const [since, sha] = [part(suite, 'updated_at'), shaOf(suite, 'head_sha')];
  return typeof since === 'string' && sha !== undefined ? { sha, again: { since } } : undefined;
}

/** It becomes part of an address. */
function shaOf(value: unknown, name: string): string | undefined {
  const sha = part(value, name);
  return typeof sha === 'string' && /^[0-9a-f]{40}([0-9a-f]{24})?$/.test(sha) ? sha : undefined;
}

/** What was kept, as far as it can be read. */
export function parseWanted(text: string | undefined): readonly Wanted[] {
  let read: unknown;
  try {
    read = JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
  if (!Array.isArray(read)) return [];
  return read.flatMap((each: unknown) => {
    const [sha, pull, again] = [shaOf(each, 'sha'), part(each, 'pull'), part(each, 'again')];
    const forms = part(each, 'forms');
    if (sha === undefined) return [];
    const [run, since] = [part(again, 'run'), part(again, 'since')];
    return [
      {
        sha,
        ...(typeof pull === 'number' && { pull }),
        ...(forms === true && { forms }),
        ...(typeof run === 'number' && { again: { run } }),
        ...(typeof since === 'string' && { again: { since } }),
      },
    ];
  });
}
