// `person:bob`: one person of `people.yml`, by name.
import type { GroupKind } from './group-kind.ts';

export const personGroup: GroupKind = {
  kind: 'person',
  belongs: async ({ person, id }) => person.id === id,
};
