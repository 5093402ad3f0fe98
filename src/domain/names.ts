// The names that get mixed up: each id has a type of its own, and a moment in time has one form everywhere.

declare const brand: unique symbol;
type Brand<T, Name extends string> = T & { readonly [brand]: Name };

/** A ULID: the time it was asked, and the hash of what asked for it. */
export type RequestId = Brand<string, 'RequestId'>;
/** A key of `people.yml`: the human, whatever accounts they use. */
export type PersonId = Brand<string, 'PersonId'>;
/** An account on a surface or service, by its immutable id: `github:583231`. */
export type Account = Brand<string, 'Account'>;
/** A desk by its immutable repository id: `github:4711`. */
export type DeskId = Brand<string, 'DeskId'>;
/** A group of people, `kind:id`: `team:acme/data`, `person:bob`, `role:admin`. */
export type Group = Brand<string, 'Group'>;
/**
 * Where somebody is told: `slack-channel:NAME`, `person:bob`, `people:ann,bob` (one message to all of them), `origin` (the
 * channel it was asked in), `requester` (whoever asked, by themselves), `github` (the request's issue), `email:ADDRESS`.
 */
export type Destination = Brand<string, 'Destination'>;
/** `sha256:` and 64 hexadecimal digits. */
export type Hash = Brand<string, 'Hash'>;
/** ISO 8601, UTC, milliseconds, always 24 characters: `<` orders them. */
export type Instant = Brand<string, 'Instant'>;
export type Milliseconds = number;

export const requestId = (text: string): RequestId => text as RequestId;
export const personId = (text: string): PersonId => text as PersonId;
export const account = (service: string, id: string | number): Account => `${service}:${id}` as Account;
export const deskId = (service: string, id: string | number): DeskId => `${service}:${id}` as DeskId;
export const group = (text: string): Group => text as Group;
export const destination = (text: string): Destination => text as Destination;
export const hash = (hex: string): Hash => `sha256:${hex}` as Hash;

/** From milliseconds since 1970. */
export function instant(ms: Milliseconds): Instant {
  return new Date(ms).toISOString() as Instant;
}

/** From outside text, such as GitHub's `2026-11-20T09:15:02Z`; undefined where it is no moment. */
export function parseInstant(text: string): Instant | undefined {
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : instant(ms);
}

export function plus(at: Instant, ms: Milliseconds): Instant {
  return instant(Date.parse(at) + ms);
}

/** Milliseconds from one moment to another; negative where `to` is earlier. */
export function between(from: Instant, to: Instant): Milliseconds {
  return Date.parse(to) - Date.parse(from);
}

export function later(a: Instant, b: Instant): Instant {
  return a < b ? b : a;
}

export function earlier(a: Instant, b: Instant): Instant {
  return a < b ? a : b;
}
