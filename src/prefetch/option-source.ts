// What the author of a source of options writes: how the possible answers of a field are read, live.
import type { Octokit } from '@octokit/rest';
import type { WaysOut } from '../clients/ways-out.ts';
import type { LiveOption, Settings } from '../domain/flow.ts';

/** Validation, documentation and editor help follow from it. */
export type JsonSchema = { readonly [keyword: string]: unknown };

/** `W` is what it is asked with, `I` the settings of its integration. Both were validated by the schemas before `read` is called. */
export interface OptionSource<W = Settings, I = Settings> {
  /** As written in a flow: `http`. */
  readonly run: string;
  /** What people call the service, for sentences: “GitHub”. */
  readonly service: string;
  /** What `with` holds. */
  readonly with: JsonSchema;
  /**
   * In which keys of `with` answers of a requester may stand. `anything`: whatever they typed, since it is data there.
   * `limited`: what leads to the list, where only answers stand that the flow limits, percent-encoded.
   */
  readonly takes: { readonly [key: string]: 'anything' | 'limited' };
  /** What its integration in `countersign.yml` holds; absent where it needs none. */
  readonly integration?: JsonSchema;
  /** All of them, in the order in which they are shown. Throws `Failure`; no message of it holds a setting's value. */
  read(call: ReadCall<W, I>): Promise<readonly LiveOption[]>;
}

export interface ReadCall<W = Settings, I = Settings> {
  /** Filled in. */
  readonly with: W;
  readonly integration: I;
  readonly using: Capabilities;
}

/** All that a source may use of the world. Every call it makes is aborted in time. */
export interface Capabilities extends WaysOut {
  /** GitHub as the app that serves desks, to read, where it is installed in this organisation. Throws `Failure`. */
  github(organization: string): Promise<Octokit>;
  /** A function of the desk's own code, and what it answered: JSON of which nothing else is known. Throws `Failure`. */
  code(run: CodeRun): Promise<unknown>;
}

export interface CodeRun {
  /** `flows/buckets.ts` */
  readonly file: string;
  /** Its name, as the file exports it. */
  readonly function: string;
  /** That it may call. */
  readonly hosts: readonly string[];
  readonly input: Settings;
}
