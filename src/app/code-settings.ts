// What the operator says of the code of desks: which repositories it may read besides its own desk's.
import type { DeskId } from '../domain/names.ts';
import type { DeskSetting, Environment } from './settings.ts';

export interface CodeRepository {
  readonly desk: DeskId;
  /** `owner/name`, in small letters. */
  readonly repository: string;
}

const variable = 'COUNTERSIGN_CODE_REPOSITORIES';

export function readCodeRepositories(
  environment: Environment,
  desks: readonly DeskSetting[],
  problems: string[],
): readonly CodeRepository[] {
  const words = (environment[variable] ?? '').split(/\s+/).filter((word) => word !== '');
  return words.flatMap((word) => {
    const [, name, repository] = /^([\w.-]+\/[\w.-]+)=([\w.-]+\/[\w.-]+)$/.exec(word) ?? [];
    if (name === undefined || repository === undefined) {
      problems.push(`${variable} has “${word}”. Write DESK=REPOSITORY, as in acme/access=acme/app.`);
      return [];
    }
    const desk = desks.find((each) => each.name === name)?.id;
    if (desk === undefined) problems.push(`${variable} names ${name}, which is not in COUNTERSIGN_DESKS.`);
    // Its ledger and its flows are nobody else's to read.
    const isDesk = desks.some((each) => each.name.toLowerCase() === repository.toLowerCase());
    if (isDesk) problems.push(`${variable} names ${repository} for ${name}, and it is a desk itself.`);
    return desk === undefined || isDesk ? [] : [{ desk, repository: repository.toLowerCase() }];
  });
}

export function isRepositoryListed(
  listed: readonly CodeRepository[],
): (desk: DeskId, repository: string) => boolean {
  return (desk, repository) =>
    listed.some((each) => each.desk === desk && each.repository === repository.toLowerCase());
}
