// The steps that a flow's code answered in the place of its YAML: the same schema, the same meaning, the same words.
import type { Flow, Step } from '../../domain/flow.ts';
import { pinStep } from '../../domain/approvals.ts';
import type { Unknown } from '../../domain/facts.ts';
import type { Desk } from '../desk.ts';
import { diagnose, isError, sentenceOf, type Diagnostic, type Report } from '../diagnostic.ts';
import { checkApprovalAnswer } from '../schema/validator.ts';
import { compileSteps } from './compile-approval.ts';

/** `flow` as the desk has it at the same commit: who is told where the code does not say so, and whether guests may decide. */
export function readAnsweredSteps(
  answer: unknown,
  flow: Pick<Flow, 'allowGuests' | 'guestLinks' | 'notify'>,
  { settings, people }: Pick<Desk, 'settings' | 'people'>,
): readonly Step[] | Unknown {
  const found: Diagnostic[] = [];
  const report = reportInto(found);
  const file = checkApprovalAnswer(answer, report);
  const steps =
    file &&
    compileSteps(file.steps, '/steps', {
      report,
      people: people && new Set(people.persons.keys()),
      integrations: settings?.integrations,
      deciding: { guests: settings && new Set(settings.guests.keys()) },
      allowGuests: flow.allowGuests === true,
      guestLinks: flow.guestLinks === true,
      notify: flow.notify,
      // The schema lets no condition through.
      compileCondition: () => undefined,
    });
  const problem = found.find(isError);
  if (steps === undefined || problem)
    return {
      unknown: `Its answer is none: ${problem ? `${problem.file}: ${sentenceOf(problem)}` : 'it is empty.'}`,
    };
  return steps.map(pinStep);
}

/** There are no lines in an answer: the pointer stands for its place. */
function reportInto(found: Diagnostic[]): Report {
  return {
    add: ({ at, suggestion }, code, ...facts) => {
      const where = { file: at === '' ? 'the answer' : at, line: 1, column: 1, suggestion };
      found.push(diagnose(where, code, ...facts));
    },
    isFull: false,
    typed: () => undefined,
    diagnostics: found,
  };
}
