// What may be asked for now, and what may be answered in a form.
import type { Answers, OptionsQuestion, Unknown } from '../../domain/facts.ts';
import type { Flow, LiveOption } from '../../domain/flow.ts';
import type { DeskId } from '../../domain/names.ts';

/** The flows of a desk at the head of its default branch, and at the commit that a request is pinned to. */
export interface Flows {
  current(desk: DeskId, name: string): Promise<Answers['flow']>;
  /** Every flow that can be asked for now, for `/help`. */
  list(desk: DeskId): Promise<readonly Flow[]>;
  /** Why the operator's conditions for this desk are not met; empty where it may take requests. */
  risks(desk: DeskId): Promise<readonly string[]>;
}

/** Reads what may be answered to a field. Never throws for an outage: it says what it does not know. */
export interface OptionLists {
  now(question: OptionsQuestion): Promise<readonly LiveOption[] | Unknown>;
  /** While somebody types: what was read in the last moments will do. */
  lately(question: OptionsQuestion): Promise<readonly LiveOption[] | Unknown>;
}
