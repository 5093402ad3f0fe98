// What a client of somebody's service may use of ours: time, ways out that end, secrets that were granted, and whose account is whose.
import type { Settings } from '../domain/flow.ts';
import type { PersonId } from '../domain/names.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { AwsConnection } from './aws/aws-connections.ts';
import type { Fetch } from './http/fetch.ts';
import type { KeptTokens } from './http/kept-tokens.ts';

export interface WaysOut {
  readonly clock: Clock;
  /** Aborted when the time is up. */
  readonly signal: AbortSignal;
  /** To addresses that a desk names: never to this machine or its network, and never too late. */
  readonly fetch: Fetch;
  /** A secret that the operator granted to this desk for this host; undefined where there is no such grant. */
  secret(name: string, host: string): Promise<string | undefined>;
  /** What services gave for credentials, so that not each call asks for it anew. */
  readonly tokens: KeptTokens;
  /** Throws `Failure` where the operator lets this desk act in AWS by no such role. */
  aws(integration: Settings): AwsConnection;
  /** Whose account in a service a person's is. */
  account(person: KnownPerson, service: Service): Promise<FoundAccount>;
}

/** Whom it is about, as `people.yml` says it. */
export interface KnownPerson {
  readonly id: PersonId;
  readonly email?: string;
  /** Ids by service: `okta`, or `okta@NAME` where a desk has several integrations of the kind. */
  readonly accounts?: { readonly [service: string]: string };
}

export interface Service {
  /** Below `accounts` of people.yml: `okta`. */
  readonly key: string;
  /** For sentences: “Okta”. */
  readonly name: string;
  /** What the id looks like, for sentences: “the id of the user, 00u…”. */
  readonly wants: string;
  /** The name of the integration by which it is reached, where there is one. */
  readonly integration?: string;
  /** The one active account with this address; undefined where there is none, or more than one. */
  match?(email: string): Promise<string | undefined>;
}

export type FoundAccount =
  | { readonly account: string }
  /** The sentence says what to do. */
  | { readonly missing: 'no-identity'; readonly why: string };
