// What a desk's own code may be asked.
import type { Unknown } from '../../domain/facts.ts';
import type { Step } from '../../domain/flow.ts';
import type {
  AnswerQuestion,
  Availability,
  CodeIdentity,
  HookAnswer,
  HookQuestion,
} from '../../domain/hooks.ts';
import type { DeskId } from '../../domain/names.ts';

/** Runs what a desk wrote, where it can do nothing else. Never throws for what the code does: it says that it came to no answer. */
export interface DeskCode {
  hook(question: HookQuestion & { readonly desk: DeskId }): Promise<HookAnswer | Unknown>;
  /** Who is asked, validated like YAML. */
  approval(question: CodeQuestion): Promise<readonly Step[] | Unknown>;
  available(question: CodeQuestion): Promise<Availability | Unknown>;
  /** Whose account it is in a service, by its key below `accounts` of people.yml. */
  identity(question: CodeQuestion & { readonly service: string }): Promise<CodeIdentity | Unknown>;
}

export type CodeQuestion = AnswerQuestion & { readonly desk: DeskId };

/** Asked where nothing is stored, before an e-mail match. Throws `Failure` where the code comes to no answer. */
export type AskIdentity = (service: string) => Promise<CodeIdentity>;
