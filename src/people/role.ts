// `role:admin` and `role:member`: what somebody is in this desk.
import type { Unknown } from '../domain/facts.ts';
import type { GroupKind, GroupQuestion } from './group-kind.ts';

export const roleGroup: GroupKind = {
  kind: 'role',
  async belongs(question) {
    if (question.id === 'member') return true;
    if (question.id === 'admin') return isAdmin(question);
    return { unknown: 'The roles are admin and member.' };
  },
};

/** Listed in `countersign.yml`, there and nowhere else: to own the organisation gives nothing. */
async function isAdmin({ files, ask }: GroupQuestion): Promise<boolean | Unknown> {
  if (files.settings === undefined) return { unknown: 'The file countersign.yml is missing or broken.' };
  // A role that were made of itself would never be answered.
  const groups = files.settings.admins.filter((group) => group !== 'role:admin');
  const answers = await Promise.all(groups.map(ask));
  if (answers.includes(true)) return true;
  return answers.find((answer) => typeof answer === 'object') ?? false;
}
