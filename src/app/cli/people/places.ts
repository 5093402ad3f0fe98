// What somebody types for an account on GitHub or Slack, as people.yml pins it: looked up, so that nobody pins a stranger's or a dead one.
import { findAccountByLogin } from '../../../clients/github/account.ts';
import type { YamlValue } from '../../../desk/yaml/print-yaml.ts';
import { withinTime } from '../../../engine/time-limit.ts';
import { repositoryOf, type DeskOnGitHub } from '../../operator-desk.ts';
import { slackProblem } from './look-at-person.ts';

/** The sentence says why it is not to be written. */
export interface NotToBeWritten {
  readonly why: string;
}

/** Throws `Failure` where GitHub cannot be asked. */
export async function githubByLogin(
  login: string,
  desk: DeskOnGitHub,
): Promise<{ readonly login: string; readonly id: number; readonly fullName?: string } | NotToBeWritten> {
  const { installation } = await desk.github.forRepositoryId(repositoryOf(desk));
  const found = await findAccountByLogin(installation.at('read'), login.replace(/^@/, ''));
  if (found === undefined) return { why: `GitHub knows no account “${login}”.` };
  if (found.type !== 'User') return { why: `${found.login} is no person on GitHub: it says ${found.type}.` };
  return found;
}

/** `U…` of the desk's own workspace, or `T…/U…`. Throws `Failure` where Slack cannot be asked. */
export async function slackByText(
  text: string,
  { desk, isGuest }: { readonly desk: DeskOnGitHub; readonly isGuest: boolean },
): Promise<{ readonly value: YamlValue; readonly note?: string } | NotToBeWritten> {
  const [, workspace, user = ''] = /^(?:([TE][A-Z0-9]+)\/)?([UW][A-Z0-9]+)$/.exec(text) ?? [];
  if (user === '')
    return {
      why: `“${text}” is no member ID of Slack: U…, from a profile there, or T…/U… of another workspace.`,
    };
  const slack = await desk.slack?.of(desk.id);
  const own = desk.files.settings.slack?.workspace ?? slack?.workspace;
  const value = workspace === undefined || workspace === own ? user : { workspace, user };
  if (slack === undefined || typeof value !== 'string')
    return {
      value,
      note: `Slack was not asked about ${text}: it is of no workspace that is connected here.`,
    };
  const limit = { clock: desk.clock, ms: 10_000, who: 'Slack' };
  const found = await withinTime(limit, (signal) => slack.lookUps.user(user, signal));
  const problem = slackProblem(found, { isGuest, slack });
  return problem === undefined ? { value } : { why: `${text} ${problem}.` };
}
