// Step 1: is this machine fit to run it? Its Node, its disk, its clock.
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Fetch } from '../../clients/http/fetch.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { holderOf } from '../../store/folder-lock.ts';
import { failure, ok, warning, type Check, type Finding } from './finding.ts';

export interface MachineParts {
  /** `v24.1.0` */
  readonly nodeVersion: string;
  readonly dataFolder: string;
  readonly baseUrl: string;
  readonly fetch: Fetch;
  readonly clock: Clock;
}

export function machineChecks(parts: MachineParts): readonly Check[] {
  return [
    { step: 1, name: 'Node', look: async () => [nodeFinding(parts.nodeVersion)] },
    { step: 1, name: 'Data folder', look: () => folderFindings(resolve(parts.dataFolder)) },
    { step: 1, name: 'Clock', look: async () => [await clockFinding(parts)] },
  ];
}

/** As `engines` of package.json. */
function nodeFinding(version: string): Finding {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const fits = (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major > 22;
  return fits
    ? ok(`${version} runs it`)
    : failure(`${version} is not supported`, 'Install Node 24, or another from 20.19 or 22.12 on.');
}

async function folderFindings(folder: string): Promise<readonly Finding[]> {
  const existing = await nearestExisting(folder);
  if (!(await isWritable(existing)))
    return [
      failure(
        `${existing} may not be written by this user`,
        'Let the user that runs Countersign write there, or set COUNTERSIGN_DATA to another folder.',
      ),
    ];
  if (existing !== folder) return [ok(`${folder} will be made`)];
  const holder = await holderOf(folder);
  return [
    ok(
      holder === undefined
        ? `${folder} is free`
        : `${folder} is held by process ${holder.pid} on ${holder.host}: the app runs`,
    ),
  ];
}

async function nearestExisting(folder: string): Promise<string> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  return isThere || folder === dirname(folder) ? folder : nearestExisting(dirname(folder));
}

function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** GitHub takes no proof of ours that seems to be made in its future, nor deadlines that are late. */
const mostSkewMs = 60_000;
const muchSkewMs = 20_000;

async function clockFinding({ baseUrl, fetch, clock }: MachineParts): Promise<Finding> {
  const asked = Date.parse(clock.now());
  const answer = await fetch(`${baseUrl}/rate_limit`, {
    headers: { 'user-agent': 'countersign' },
    redirect: 'manual',
  }).catch(() => undefined);
  const said = Date.parse(answer?.headers.get('date') ?? '');
  await answer?.body?.cancel();
  if (Number.isNaN(said))
    return failure(
      `GitHub at ${new URL(baseUrl).host} does not answer`,
      'Check the network, a proxy, and GHE_HOST.',
    );
  // GitHub says whole seconds; its answer came somewhere between asking and now.
  const now = Date.parse(clock.now());
  const skew = said < asked - 1000 ? said - asked : said > now ? said - now : 0;
  const seconds = Math.round(Math.abs(skew) / 1000);
  const how = `${seconds} s ${skew < 0 ? 'ahead of' : 'behind'} GitHub’s`;
  if (Math.abs(skew) >= mostSkewMs)
    return failure(`it is ${how}: GitHub does not let the app in`, 'Set the clock by NTP.');
  if (Math.abs(skew) >= muchSkewMs)
    return warning(`it is ${how}`, 'Set the clock by NTP: deadlines follow it.');
  return ok('it goes with GitHub’s');
}
