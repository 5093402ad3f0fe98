// Who somebody is, where they belong, and whether they are still there.
import type { IncidentQuestion, Unknown } from '../../domain/facts.ts';
import type { Incident } from '../../domain/flow.ts';
import type { Account, DeskId, Group, PersonId } from '../../domain/names.ts';

/** Who is who, and who belongs where, as it is now. */
export interface Directory {
  person(desk: DeskId, account: Account): Promise<PersonId | null>;
  belongs(desk: DeskId, person: PersonId, group: Group): Promise<boolean | Unknown>;
  /** What there is of an incident, and whether it is theirs. Absent where incidents cannot be looked up. */
  incident?(desk: DeskId, question: IncidentQuestion): Promise<Incident | Unknown>;
}

/** Who is among the people of a desk at all. */
export interface Roster {
  /**
   * Whether the file of the desk's people names them, or whoever has the account that they spoke with. Throws `Failure`
   * where that cannot be told: then nobody has left.
   */
  isHere(desk: DeskId, person: PersonId, account?: Account): Promise<boolean>;
}
