// `manager:ann`: the manager of ann by `people.yml`, as it is now. `manager:requester` of a flow becomes one of these for each request.
import { personId } from '../domain/names.ts';
import type { GroupKind } from './group-kind.ts';

export const managerGroup: GroupKind = {
  kind: 'manager',
  belongs: async ({ person, id, files }) => files.people?.persons.get(personId(id))?.manager === person.id,
};
