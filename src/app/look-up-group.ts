// Whether a group that a proposed flow names is there, and whether whoever proposes it belongs to it.
import type { LookedUpGroup } from '../desk/change/named-groups.ts';
import type { Desks } from '../desk/desks.ts';
import { whyNoIntegration } from '../desk/group-grammar.ts';
import { isUnknown } from '../domain/facts.ts';
import type { Account, DeskId, Group, PersonId } from '../domain/names.ts';
import type { Directory } from '../engine/ports/directory.ts';

export interface LookUpParts {
  readonly desks: Pick<Desks, 'desk'>;
  readonly directory: Directory;
}

export function createLookUpGroup({
  desks,
  directory,
}: LookUpParts): (desk: DeskId, account: Account, group: Group) => Promise<LookedUpGroup> {
  /** To see whether a group is there, anybody will do. */
  async function anybody(desk: DeskId): Promise<PersonId | undefined> {
    const { people } = await desks.desk(desk);
    return [...(people?.persons.values() ?? [])].find(({ github, role }) => github && role === 'member')?.id;
  }

  /** Whether its integration is declared by the files that are in force. */
  async function isInReach(desk: DeskId, group: Group): Promise<boolean> {
    const { settings } = await desks.desk(desk);
    return settings === undefined || whyNoIntegration(group, settings.integrations) === undefined;
  }

  return async (desk, account, group) => {
    const author = await directory.person(desk, account);
    const person = author ?? (await anybody(desk));
    // What a proposal declares itself is not in force yet, and nobody looks anything up by it.
    if (person === undefined || !(await isInReach(desk, group))) return {};
    const answer = await directory.belongs(desk, person, group);
    if (isUnknown(answer)) return { problem: answer.unknown };
    return author === null ? {} : { belongs: answer };
  };
}
