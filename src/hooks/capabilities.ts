// What a desk's code may do to the world: the functions that whoever embeds the rooms offers, and what one call was granted of them.
import type { DeskId, Instant } from '../domain/names.ts';
import type { Json } from '../sdk/json.ts';
import type { SecretMarks } from './secret-marks.ts';

/** By the name that the SDK calls: `http`, `slack.send`. Each is performed on this side of the boundary. */
export type Capabilities = { readonly [name: string]: Capability };

/**
 * Does what is asked, or throws: `OutsideRefusal` where it may not or cannot be, `Failure` where the other side failed. Both
 * are told to the code and must hold no secret; whatever else is thrown is a bug, and is not told.
 */
export type Capability = (call: OutsideCall) => Promise<Json | undefined>;

export interface OutsideCall {
  readonly desk: DeskId;
  /** As the code gave it: nothing of it is known but that it is JSON of bounded size. */
  readonly args: Json;
  readonly grants: Grants;
  /** For capabilities that may send secrets: puts texts in for marks. */
  readonly secrets: SecretMarks;
  /** Aborted when the call that asked is over. */
  readonly signal: AbortSignal;
}

/** What one call may use, as flow, environment and operator allow. What is not here is not there. */
export interface Grants {
  /** Names of capabilities. */
  readonly calls: readonly string[];
  /** For `http`: `api.example.com` or `127.0.0.1:4000`, in lower case. */
  readonly hosts: readonly string[];
  /** For `http` by `integration` and `path`: where its base is. Its host has to be listed too. */
  readonly integrations?: { readonly [name: string]: { readonly url: string } };
  /** No call leaves after this. */
  readonly notAfter?: Instant;
  /** A secret for a host; undefined where it is not granted to both. */
  secret?(name: string, host: string): Promise<string | undefined>;
}

export const noGrants: Grants = { calls: [], hosts: [] };

/** Why something was not done, for the code to know. */
export class OutsideRefusal extends Error {
  override readonly name = 'OutsideRefusal';
  readonly code: 'not-granted' | 'refused';
  constructor(code: 'not-granted' | 'refused', message: string) {
    super(message);
    this.code = code;
  }
}
