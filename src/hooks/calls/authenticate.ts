// What proves to the service behind an integration who calls: filled in on our side, and known again where it is echoed.
import { authentication } from '../../clients/http/send.ts';
import { httpIntegration, type HttpIntegration } from '../../clients/http/http-integration.ts';
import { integrationReader } from '../../clients/integration-reader.ts';
import type { WaysOut } from '../../clients/ways-out.ts';
import type { GrantedIntegration, OutsideCall } from '../capabilities.ts';

/** The headers for one request, by names in small letters. Throws `Failure`. */
export type Authenticate = (
  call: OutsideCall,
  integration: GrantedIntegration,
  request: { readonly method: string; readonly path: string; readonly body: string },
) => Promise<Readonly<Record<string, string>>>;

/** The ways out for a call through this integration: with the secrets of its environment. */
export type WaysFor = (call: OutsideCall, integration?: { readonly environment?: string }) => WaysOut;

const readIntegration = integrationReader<HttpIntegration>(httpIntegration);

export function createAuthenticate(ways: WaysFor): Authenticate {
  return async (call, granted, request) => {
    const using = ways(call, granted);
    const integration = readIntegration(granted.settings);
    return authentication(
      {
        integration,
        using: {
          ...using,
          async secret(name, host) {
            const text = await using.secret(name, host);
            if (text !== undefined) call.secrets.keep(name, text);
            return text;
          },
        },
      },
      new URL(integration.base_url).host,
      request,
    );
  };
}
