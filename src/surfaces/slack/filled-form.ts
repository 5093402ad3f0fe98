// A form as somebody filled it in on Slack: people in it are still those whom Slack knows, until the desk says who they are.
import type { RawForm } from '../../domain/commands.ts';
import type { Flow } from '../../domain/flow.ts';
import type { PersonId } from '../../domain/names.ts';
import type { FormProblem } from '../../domain/refusals.ts';

/** People as Slack knows them; whom the desk knows them as is found elsewhere. */
export interface SlackUsers {
  readonly slackUsers: readonly string[];
}
export type Answer = string | boolean | readonly string[] | SlackUsers;

/** A form as it was filled in. */
export interface FilledForm {
  readonly target?: string;
  readonly duration?: string;
  readonly fields: { readonly [name: string]: Answer };
}

/** Everybody named in it, once. */
export function slackUsersIn({ fields }: FilledForm): readonly string[] {
  const named = Object.values(fields).flatMap((answer) =>
    typeof answer === 'object' && 'slackUsers' in answer ? answer.slackUsers : [],
  );
  return [...new Set(named)];
}

/** The form as every surface hands it over. Who is no person of the desk is a problem, said in Slack's words. */
export function withPeople(
  flow: Flow,
  { fields, ...chosen }: FilledForm,
  people: ReadonlyMap<string, PersonId>,
): { readonly form: RawForm; readonly problems: readonly FormProblem[] } {
  const problems: FormProblem[] = [];
  const known = Object.entries(fields).map(([name, answer]): readonly [string, unknown] => {
    if (typeof answer !== 'object' || !('slackUsers' in answer)) return [name, answer];
    const found = answer.slackUsers.flatMap((user) => people.get(user) ?? []);
    if (found.length < answer.slackUsers.length)
      problems.push({
        at: name,
        code: 'wrong-type',
        sentence:
          'Not everybody chosen here is known to this desk: an account has to be linked to a person first.',
      });
    const isList = flow.fields.find((field) => field.name === name)?.type === 'person-list';
    return [name, isList ? found : found[0]];
  });
  return { form: { ...chosen, fields: Object.fromEntries(known) }, problems };
}
