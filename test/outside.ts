// The ways out in tests: a fetch, the secrets and the trusted domains that a test gives, and an AWS where it names one.
import {
  createAwsConnections,
  type AwsConnections,
  type AwsCredentials,
} from '../src/clients/aws/aws-connections.ts';
import type { Fetch } from '../src/clients/http/fetch.ts';
import { createOutside, type Outside, type SecretWish } from '../src/clients/outside.ts';
import type { AccountSources } from '../src/clients/find-account.ts';
import type { Clock } from '../src/engine/ports/clock.ts';
import { straight, type Passage } from './contracts/strategies/passage.ts';

export interface TestOutside {
  readonly clock: Clock;
  readonly fetch?: Fetch;
  readonly secret?: (wish: SecretWish) => string | undefined;
  /** The address of an AWS, and the keys of the app itself there; every role is granted. */
  readonly aws?: AwsPlace;
  readonly accounts?: AccountSources;
}

export interface AwsPlace {
  readonly url: string;
  readonly keys: AwsCredentials;
  /** What each call passes on its way; by default, nothing. */
  readonly passage?: Passage;
}

export function testOutside({ clock, fetch, secret, aws, accounts }: TestOutside): Outside {
  return createOutside({
    clock,
    fetch:
      fetch ??
      (async (url) => {
        throw new Error(`Nothing is reached in this test: ${url}`);
      }),
    secret: async (wish) => secret?.(wish),
    aws: awsThrough(
      aws?.passage ?? straight,
      createAwsConnections({
        ...(aws !== undefined && { endpoint: aws.url, credentials: async () => aws.keys }),
        isGranted: () => aws !== undefined,
      }),
    ),
    accountSources: async () => accounts ?? { trustedDomains: [] },
  });
}

function awsThrough(passage: Passage, connections: AwsConnections): AwsConnections {
  return {
    of(...asked) {
      const connection = connections.of(...asked);
      return {
        ...connection,
        call: (what, send) =>
          connection.call(what, (options) => passage(() => send(options), options.abortSignal)),
      };
    },
  };
}
