// `okta.groups-of` for a desk's code: the names of the groups of one active user, found by their address.
import { integrationReader } from '../../clients/integration-reader.ts';
import { oktaIntegration, type OktaIntegration } from '../../clients/okta/okta-integration.ts';
import { oktaRest } from '../../clients/okta/okta-rest.ts';
import { oktaGroupNames, oktaUserByEmail } from '../../clients/okta/okta-users.ts';
import { OutsideRefusal, type Capability } from '../capabilities.ts';
import type { WaysFor } from './authenticate.ts';
import { objectArg, optionalText, textArg } from './call-args.ts';
import { grantedIntegration } from './granted-integration.ts';

const name = 'okta.groupsOf';
const readIntegration = integrationReader<OktaIntegration>(oktaIntegration);
const emailForm = /^[^@\s,<>]{1,64}@[^@\s,<>]{1,189}$/;

export function createOktaGroupsOf(ways: WaysFor): Capability {
  return async (call) => {
    const args = objectArg(name, call.args);
    const email = textArg(name, args, 'email');
    if (!emailForm.test(email)) throw new OutsideRefusal('refused', `${name}: That is no e-mail address.`);
    const integration = grantedIntegration(call.grants, 'okta', optionalText(name, args, 'integration'));
    const okta = oktaRest(readIntegration(integration.settings), ways(call, integration), 'read');
    const user = await oktaUserByEmail(okta, email);
    // No groups would be an answer; that nobody knows is none.
    if (user === undefined)
      throw new OutsideRefusal('refused', `${name}: Okta has no one active user with this address.`);
    return oktaGroupNames(okta, user);
  };
}
