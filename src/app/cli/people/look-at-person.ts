// Whether somebody of people.yml is found wherever they have to be: on GitHub, on Slack, and in the services that they may ask access of.
import { findAccount } from '../../../clients/github/account.ts';
import type { Octokit } from '@octokit/rest';
import type { SlackUser } from '../../../clients/slack/answers.ts';
import type { Person } from '../../../desk/desk.ts';
import type { Milliseconds } from '../../../domain/names.ts';
import { Failure } from '../../../engine/ports/failure.ts';
import { withinTime } from '../../../engine/time-limit.ts';
import { linkedAccount } from '../../../people/link.ts';
import type { SlackWorkspace } from '../../../people/slack-lookups.ts';
import { isColleague, slackUserOf } from '../../../people/slack-person.ts';
import type { OperatorDesk } from '../../operator-desk.ts';
import { servicesFor, type ServiceInUse } from './services-in-use.ts';

export interface Finding {
  /** `GitHub`, `Slack`, or the label of a service. */
  readonly place: string;
  /** `none`: nothing is there, and nothing need be. `unknown`: it could not be found out. */
  readonly state: 'well' | 'wrong' | 'none' | 'unknown';
  readonly says: string;
}

export interface Places {
  readonly desk: OperatorDesk;
  readonly octokit: Octokit;
  readonly services: readonly ServiceInUse[];
}

const lookMs: Milliseconds = 10_000;

/** Changes nothing, and keeps nothing. Does not throw `Failure`. */
export async function lookAtPerson(person: Person, places: Places): Promise<readonly Finding[]> {
  const [github, slack, services] = await Promise.all([
    orUnknown('GitHub', () => lookOnGitHub(person, places)),
    orUnknown('Slack', () => lookOnSlack(person, places)),
    // Guests are granted nothing.
    person.role === 'guest' ? [] : lookInServices(person, places),
  ]);
  const isNobody = person.role === 'member' && github.state === 'none' && slack.state === 'none';
  return [isNobody ? { ...github, state: 'wrong' } : github, slack, ...services];
}

async function lookOnGitHub({ id, role, github }: Person, { octokit }: Places): Promise<Finding> {
  const place = 'GitHub';
  if (github === undefined && role === 'guest') return { place, state: 'none', says: 'no account' };
  if (github === undefined)
    return { place, state: 'none', says: `no account. countersign people link ${id} github LOGIN` };
  const found = await findAccount(octokit, github.id);
  if (found === undefined)
    return wrong(
      place,
      `GitHub shows no account with the id ${github.id}: was it deleted? Write the new one, or take ${id} out.`,
    );
  if (found.type !== 'User')
    return wrong(place, `${found.login} (${found.id}) is no person there: GitHub says ${found.type}.`);
  if (found.login.toLowerCase() !== github.login.toLowerCase())
    return wrong(
      place,
      `${github.id} is called ${found.login} there by now, and not ${github.login}. The id decides; write \`login: ${found.login}\`.`,
    );
  return { place, state: 'well', says: `${found.login} (${found.id})` };
}

async function lookOnSlack(person: Person, { desk }: Places): Promise<Finding> {
  const place = 'Slack';
  const { id } = person;
  const slack = await desk.slack?.of(desk.id);
  if (slack === undefined) return { place, state: 'none', says: 'no workspace is connected for this desk' };
  const written = person.slack;
  if (written && (written.workspace ?? slack.workspace) !== slack.workspace)
    return {
      place,
      state: 'none',
      says: `${written.workspace}/${written.user}, of another workspace: not looked at`,
    };
  const linked = written
    ? undefined
    : linkedAccount((await desk.ledger()).links, id, desk.files.people, slack.workspace);
  const account = written ?? linked;
  return withinTime({ clock: desk.clock, ms: lookMs, who: 'Slack' }, async (signal) => {
    if (account) {
      const how = linked ? ', as they proved' : '';
      const user = await slack.lookUps.user(account.user, signal);
      return slackFinding({ person, user, slack, how, account: account.user });
    }
    const found = await slackUserOf({ person, files: desk.files, signal }, slack);
    if (found) return { place, state: 'well', says: `${found.id} (${found.handle}), by the e-mail address` };
    const says = `no account. /access link on Slack, or countersign people link ${id} slack U…`;
    return { place, state: 'none', says };
  });
}

function slackFinding({
  person,
  user,
  slack,
  how,
  account,
}: {
  readonly person: Person;
  readonly user: SlackUser | undefined;
  readonly slack: SlackWorkspace;
  readonly how: string;
  readonly account: string;
}): Finding {
  const place = 'Slack';
  const problem = slackProblem(user, { isGuest: person.role === 'guest', slack });
  if (user && problem === undefined)
    return { place, state: 'well', says: `${user.id} (${user.handle})${how}` };
  return wrong(place, `${account} ${problem}. countersign people link ${person.id} slack U… --replace`);
}

/** Undefined where the account counts as the person’s. */
export function slackProblem(
  user: SlackUser | undefined,
  { isGuest, slack }: { readonly isGuest: boolean; readonly slack: SlackWorkspace },
): string | undefined {
  if (user === undefined) return `is nobody in the workspace ${slack.workspace}`;
  if (user.isDeactivated) return 'is deactivated there';
  if (user.isBot) return 'is a bot there';
  if (isGuest || isColleague(user, slack)) return undefined;
  return 'is a guest there, or of another workspace, and counts as none of your own people';
}

async function lookInServices(person: Person, { desk, services }: Places): Promise<readonly Finding[]> {
  const needed = await servicesFor(services, (group) => desk.directory.belongs(desk.id, person.id, group));
  const findings: Finding[] = [];
  for (const { label: place, by } of needed) {
    const seen = await desk.access.look(desk.id, by.strategy, by.settings, person.id);
    if (!('missing' in seen)) findings.push({ place, state: 'well', says: seen.account });
    else
      findings.push({ place, state: seen.missing === 'unavailable' ? 'unknown' : 'wrong', says: seen.why });
  }
  return findings;
}

function wrong(place: string, says: string): Finding {
  return { place, state: 'wrong', says };
}

async function orUnknown(place: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof Failure) return { place, state: 'unknown', says: error.message };
    throw error;
  }
}
