// Sees each answer of a desk's code that no request keeps: one that is none is a problem of the desk at once.
import { isUnknown, type Unknown } from '../domain/facts.ts';
import { isOfPrompt, type AnswerName, type HookOfPrompt } from '../domain/hooks.ts';
import type { ErrorChannel } from './error-channel.ts';
import type { CodeQuestion, DeskCode } from './ports/desk-code.ts';

/** Of hooks, only those of the form: that others fail is an entry of their request. A refusal is none, and nobody else would hear of it. */
export function watchCode(errors: Pick<ErrorChannel, 'raise' | 'clear'>, code: DeskCode): DeskCode {
  async function seen<T>(
    { desk, flow }: CodeQuestion,
    name: AnswerName | HookOfPrompt,
    answer: Promise<T | Unknown>,
  ): Promise<T | Unknown> {
    const came = await answer;
    const key = `code ${flow.name} ${name}`;
    if (isUnknown(came)) {
      const what = `${flow.name}: its code came to no answer for ${name}: ${came.unknown}`;
      errors.raise(desk, { key, kind: 'code-failed', what, times: 'again', flow: flow.name });
    } else errors.clear(desk, key);
    return came;
  }

  return {
    hook(question) {
      const { hook } = question;
      const answer = code.hook(question);
      return isOfPrompt(hook) ? seen(question, hook, answer) : answer;
    },
    approval: (question) => seen(question, 'approval', code.approval(question)),
    available: (question) => seen(question, 'available', code.available(question)),
    identity: (question) => seen(question, 'identity', code.identity(question)),
  };
}
