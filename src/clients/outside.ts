// The ways to services that a desk names, bounded in time: whoever asks a group or grants access goes out through here.
import type { Settings } from '../domain/flow.ts';
import type { DeskId, Instant, PersonId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { AskIdentity } from '../engine/ports/desk-code.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { AwsConnections } from './aws/aws-connections.ts';
import type { Fetch } from './http/fetch.ts';
import { createKeptTokens } from './http/kept-tokens.ts';
import type { WaysOut } from './ways-out.ts';
import { findAccountIn, type AccountSources } from './find-account.ts';

export interface Outside {
  of(desk: DeskId, bounds: Bounds): WaysOut;
}

export interface Bounds {
  readonly signal: AbortSignal;
  /** No call leaves after this. */
  readonly notAfter?: Instant;
  /** The environment whose own integration this is for: a secret may be granted to that alone. */
  readonly environment?: string;
  /** What access is looked at, given or taken back for; absent: something else. */
  readonly purpose?: Purpose;
  /** The flow's code, where it says whose account it is. */
  readonly identity?: AskIdentity;
}

/** To take access back goes before all else: an outage may not delay it that can be helped. */
export type Purpose = 'look' | 'escalate' | 'deescalate';

export interface OutsideParts {
  readonly clock: Clock;
  /** Never to this machine or its network, but for what the operator lists. */
  readonly fetch: Fetch;
  /** Undefined where the operator granted no such secret to this desk, in this environment, for this host. */
  secret(wish: SecretWish): Promise<string | undefined>;
  readonly aws: AwsConnections;
  /** What the desk knows of its people's accounts, besides people.yml. */
  accountSources(desk: DeskId, person: PersonId): Promise<AccountSources>;
}

export interface SecretWish {
  readonly desk: DeskId;
  readonly name: string;
  readonly host: string;
  readonly environment?: string;
  readonly purpose?: Purpose;
}

export function createOutside({ clock, fetch, secret, aws, accountSources }: OutsideParts): Outside {
  const tokens = createKeptTokens();
  return {
    of(desk, { signal, notAfter, environment, purpose, identity }) {
      const demandInTime = (): void => {
        if (notAfter !== undefined && clock.now() >= notAfter)
          throw new Failure('It is too late to grant this.', { transient: false });
      };
      return {
        clock,
        signal,
        tokens,
        async fetch(url, init) {
          demandInTime();
          const signals = init.signal ? [signal, init.signal] : [signal];
          return fetch(url, { ...init, signal: AbortSignal.any(signals) });
        },
        secret: (name, host) =>
          secret({
            ...{ desk, name, host },
            ...(environment !== undefined && { environment }),
            ...(purpose && { purpose }),
          }),
        aws: (integration: Settings) => aws.of(desk, integration, { signal, demandInTime }),
        account: async (person, service) =>
          findAccountIn(person, service, {
            ...(await accountSources(desk, person.id)),
            ...(identity && { answered: identity }),
          }),
      };
    },
  };
}

/** An integration of one environment alone is called `ENVIRONMENT/NAME`. */
export function environmentOf({ integration = '' }: { readonly integration?: string }): {
  readonly environment?: string;
} {
  const slash = integration.indexOf('/');
  return slash < 0 ? {} : { environment: integration.slice(0, slash) };
}
