// What the author of a source of options writes: how the possible answers of a field are read, live.
import type { Octokit } from '@octokit/rest';
import type { WaysOut } from '../clients/ways-out.ts';
import type { FieldValues, LiveOption, Settings } from '../domain/flow.ts';
import type { DeskId, PersonId } from '../domain/names.ts';

/** Validation, documentation and editor help follow from it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** `W` is what it is asked with, `I` the settings of its integration. Both were validated by the schemas before. */
export interface OptionSource<W = Settings, I = Settings> {
  /** As written in a flow: `http`. */
  readonly run: string;
  /** What people call the service, for sentences: “GitHub”. */
  readonly service: string;
  /** What `with` holds. */
  readonly with: JsonSchema;
  /** What its integration in `countersign.yml` holds; absent where it needs none. */
  readonly integration?: JsonSchema;
  /** All of them, in the order in which they are shown. Throws `Failure`; no message of it holds a setting's value. */
  read(call: ReadCall<W, I>): Promise<readonly LiveOption[]>;
}

export interface ReadCall<W = Settings, I = Settings> {
  readonly desk: DeskId;
  readonly with: W;
  readonly integration: I;
  /** What its texts may be filled in with. */
  readonly answers: Answers;
  readonly using: WaysOut & {
    /** GitHub as the app that serves the desk. */
    github(organization: string): Promise<Octokit>;
  };
}

export interface Answers {
  readonly fields: FieldValues;
  readonly requester: PersonId;
}
