// Whom a word after a command means among the people of a desk.
import type { People } from '../../../desk/desk.ts';
import { nearest } from '../../../desk/nearest.ts';
import { WrongCall } from '../ending.ts';

export function noSuchPerson(name: string, { persons }: People): WrongCall {
  const close = nearest(name, persons.keys());
  const instead =
    close === undefined ? 'countersign people list says who there is.' : `Did you mean “${close}”?`;
  return new WrongCall(`There is no “${name}” in flows/people.yml. ${instead}`);
}
