// `github.request` for a desk's code: it reads, and only repositories that flow and operator name; it changes nothing in the app's name.
import { repositoryId } from '../../clients/github/desk-source.ts';
import type { GitHubApp } from '../../clients/github/github-app.ts';
import { isNotFound } from '../../clients/github/failure.ts';
import type { RepositoryReader } from '../../clients/github/repository-reader.ts';
import { Bucket } from '../../clients/token-bucket.ts';
import { minutes } from '../../domain/duration.ts';
import type { DeskId, Milliseconds } from '../../domain/names.ts';
import { Failure } from '../../engine/ports/failure.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { isJson } from '../read-json.ts';
import { OutsideRefusal, type Capability, type Grants } from '../capabilities.ts';
import { objectArg, textArg } from './call-args.ts';

export interface GitHubRequestParts {
  readonly github: Pick<GitHubApp, 'forRepository' | 'forRepositoryId'>;
  readonly reader: RepositoryReader;
  /** Whether the operator lets code of this desk read a repository that is not its own; by `owner/name`. */
  readonly mayRead: (desk: DeskId, repository: string) => boolean;
  readonly clock: Clock;
}

const name = 'github.request';
/** Of the 5,000 an hour that an installation has, the app itself keeps more than half. */
const rate = { burst: 30, refill: 30, per: minutes(1) };
const deepest = 32;

export function createGitHubRequest(parts: GitHubRequestParts): Capability {
  const buckets = new Map<DeskId, Bucket>();

  function demandRate(desk: DeskId): void {
    const now: Milliseconds = Date.parse(parts.clock.now());
    const bucket = buckets.get(desk) ?? new Bucket('requests', rate, now);
    buckets.set(desk, bucket);
    const wait = bucket.holdsAt(1, now) - now;
    if (wait > 0)
      throw new Failure('Code of this desk asks GitHub too much.', { transient: true, retryAfter: wait });
    bucket.take(1, now);
  }

  return async ({ desk, args, grants, signal }) => {
    const request = objectArg(name, args);
    // The app decides nothing by GitHub's word alone, but it is believed: code may neither write, react nor merge as it.
    if (request['method'] !== 'GET' || request['json'] !== undefined)
      throw new OutsideRefusal(
        'refused',
        `${name}: Code reads on GitHub (GET), and changes nothing there in the app’s name.`,
      );
    const place = placeIn(textArg(name, request, 'path'));
    demandGranted(place, grants);
    demandRate(desk);
    const installation = await installationFor(desk, place, parts);
    const { repository, path } = place;
    const answer = await parts.reader.read({ installation, repository, path, signal });
    if (isJson(answer, deepest)) return answer;
    throw new OutsideRefusal('refused', `${name}: GitHub’s answer is nested too deep.`);
  };
}

interface Place {
  readonly owner: string;
  readonly repository: string;
  readonly path: string;
}

const pathForm =
  /^\/repos\/([A-Za-z0-9-]{1,39})\/([A-Za-z0-9_.-]{1,100})((?:\/[A-Za-z0-9_.~!$&'()*+,;=@%-]+)*)(\?[A-Za-z0-9_.~!$&'()*+,;=:@/?%[\]-]{0,2000})?$/;

/** It is the same wherever it is read: no dots that climb, and nothing encoded that could become some on the way. */
function placeIn(written: string): Place {
  const [whole, owner, repository, inner = ''] = written.length > 4000 ? [] : (pathForm.exec(written) ?? []);
  const segments = [owner, repository, ...inner.split('/')];
  const isSound = !segments.some((each) => each === '.' || each === '..') && !/%(?:2[ef5]|5c)/i.test(inner);
  if (whole === undefined || owner === undefined || repository === undefined || !isSound)
    throw new OutsideRefusal('refused', `${name}: Its path is one below /repos/OWNER/NAME.`);
  return { owner, repository, path: whole };
}

function demandGranted({ owner, repository }: Place, { github = [] }: Grants): void {
  if (!github.some((each) => isSame(each, `${owner}/${repository}`)))
    throw new OutsideRefusal('not-granted', 'This code may not read that repository.');
}

/** Its own repository, or one that the operator lists for it, where the same installation of the app has it. */
async function installationFor(
  desk: DeskId,
  { owner, repository }: Place,
  { github, mayRead }: GitHubRequestParts,
): Promise<number> {
  const wanted = `${owner}/${repository}`;
  const own = await github.forRepositoryId(repositoryId(desk));
  if (isSame(`${own.owner}/${own.name}`, wanted)) return own.installation.id;
  if (!mayRead(desk, wanted))
    throw new OutsideRefusal(
      'not-granted',
      'The operator lets code of this desk read its own repository alone, and those in COUNTERSIGN_CODE_REPOSITORIES.',
    );
  const found = await github.forRepository(owner, repository).catch((error: unknown) => {
    if (isNotFound(error))
      throw new OutsideRefusal('refused', `${name}: The app does not see that repository.`);
    throw error;
  });
  if (found.id !== own.installation.id)
    throw new OutsideRefusal('not-granted', 'Code reads no repository of another organisation.');
  return found.id;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
