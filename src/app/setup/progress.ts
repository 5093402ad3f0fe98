// How far setup has come, told by what is set already: so it can be stopped anywhere and taken up again.
import type { Environment } from '../settings.ts';

export type Progress =
  /** The main app is still to be made. */
  | { readonly step: 'app' }
  /** Some of it is set and some is not: a person has to say which it is to be. */
  | { readonly step: 'half'; readonly missing: readonly string[]; readonly present: readonly string[] }
  /** It is to be installed, and its desk chosen. */
  | { readonly step: 'desk' }
  /** The second app may be made. */
  | { readonly step: 'grants' }
  /** Slack may be set up as well. */
  | { readonly step: 'slack' }
  | { readonly step: 'done' };

/** What somebody said that they do not need, since setup began. */
export interface Declined {
  readonly isGrantsDeclined: boolean;
  readonly isSlackDeclined: boolean;
}

export function progressOf(
  environment: Environment,
  { isGrantsDeclined, isSlackDeclined }: Declined,
): Progress {
  const main = halfOf(environment, ['APP_ID', 'PRIVATE_KEY|PRIVATE_KEY_PATH', 'WEBHOOK_SECRET']);
  if (main.present.length === 0) return { step: 'app' };
  if (main.missing.length > 0) return { step: 'half', ...main };
  if (!isSet(environment, 'COUNTERSIGN_DESKS')) return { step: 'desk' };
  const grants = halfOf(environment, [
    'COUNTERSIGN_GRANTS_APP_ID',
    'COUNTERSIGN_GRANTS_PRIVATE_KEY|COUNTERSIGN_GRANTS_PRIVATE_KEY_PATH',
  ]);
  if (grants.present.length > 0 && grants.missing.length > 0) return { step: 'half', ...grants };
  if (grants.present.length === 0 && !isGrantsDeclined) return { step: 'grants' };
  const slack = halfOf(environment, ['SLACK_BOT_TOKEN', 'SLACK_SIGNING_SECRET|SLACK_APP_TOKEN']);
  if (slack.present.length > 0 && slack.missing.length > 0) return { step: 'half', ...slack };
  return slack.present.length === 0 && !isSlackDeclined ? { step: 'slack' } : { step: 'done' };
}

function halfOf(
  environment: Environment,
  names: readonly string[],
): { readonly present: readonly string[]; readonly missing: readonly string[] } {
  const isThere = (either: string): boolean => either.split('|').some((name) => isSet(environment, name));
  return {
    present: names.filter(isThere).map((either) => either.replace('|', ' or ')),
    missing: names.filter((each) => !isThere(each)).map((either) => either.replace('|', ' or ')),
  };
}

function isSet(environment: Environment, name: string): boolean {
  return (environment[name] ?? '').trim() !== '';
}
