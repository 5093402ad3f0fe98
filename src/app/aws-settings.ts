// What the operator says of AWS: where it is reached, and by which roles each desk may act.
import type { DeskId } from '../domain/names.ts';
import type { DeskSetting, Environment } from './settings.ts';

export interface AwsSettings {
  /** Elsewhere than AWS, for all its services: an emulator. */
  readonly endpoint?: string;
  readonly roles: readonly AwsRole[];
}

export interface AwsRole {
  /** An ARN; `own`: as the app itself. */
  readonly role: string;
  /** Absent: every desk. */
  readonly desk?: DeskId;
}

export function readAws(
  environment: Environment,
  desks: readonly DeskSetting[],
  problems: string[],
): AwsSettings {
  const endpoint = environment['AWS_ENDPOINT_URL']?.trim();
  if (endpoint && !(/^https?:\/\//.test(endpoint) && URL.canParse(endpoint)))
    problems.push('AWS_ENDPOINT_URL is no address that begins with https:// or http://.');
  const words = (environment['COUNTERSIGN_AWS_ROLES'] ?? '').split(/[\s]+/).filter((word) => word !== '');
  return { ...(endpoint && { endpoint }), roles: words.flatMap((word) => readRole(word, desks, problems)) };
}

function readRole(word: string, desks: readonly DeskSetting[], problems: string[]): readonly AwsRole[] {
  const [, name, role] =
    /^(?:([\w.-]+\/[\w.-]+)=)?(own|arn:aws[a-z-]*:iam::[0-9]{12}:role\/[\w+=,.@/-]+)$/.exec(word) ?? [];
  if (role === undefined) {
    problems.push(
      `COUNTERSIGN_AWS_ROLES has “${word}”, which is neither the ARN of a role nor owner/name=ARN. “own” in its place is the app itself.`,
    );
    return [];
  }
  if (name === undefined) return [{ role }];
  const desk = desks.find((each) => each.name === name)?.id;
  if (desk === undefined)
    problems.push(`COUNTERSIGN_AWS_ROLES names ${name}, which is not in COUNTERSIGN_DESKS.`);
  return desk === undefined ? [] : [{ role, desk }];
}

export function isRoleGranted({ roles }: AwsSettings, desk: DeskId, role: string): boolean {
  return roles.some((each) => each.role === role && (each.desk === undefined || each.desk === desk));
}
