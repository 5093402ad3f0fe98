// A person as a desk's code is told of them: as people.yml has them, with their role as it is now.
import type { Person } from '../desk/desk.ts';
import type { Unknown } from '../domain/facts.ts';
import { group, type DeskId, type Group, type PersonId } from '../domain/names.ts';
import type { JsonObject } from '../sdk/json.ts';

export async function personTold(
  { belongs }: { belongs(desk: DeskId, person: PersonId, group: Group): Promise<boolean | Unknown> },
  { desk, id, known }: { readonly desk: DeskId; readonly id: PersonId; readonly known: Person | undefined },
): Promise<JsonObject> {
  const isAdmin = await belongs(desk, id, group('role:admin'));
  const { name = id, email, github, slack, accounts } = known ?? {};
  return {
    id,
    name,
    role: known?.role === 'guest' ? 'guest' : isAdmin === true ? 'admin' : 'member',
    ...(email !== undefined && { email }),
    accounts: {
      ...(github && { github: String(github.id) }),
      ...(slack && {
        slack: slack.workspace === undefined ? slack.user : `${slack.workspace}/${slack.user}`,
      }),
      ...accounts,
    },
  };
}
