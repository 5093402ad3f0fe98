// `okta-group:00g1emaKYZTWRYYRRTSK`: an active user of Okta who is a member of the group, whatever put them there.
import { integrationReader } from '../clients/integration-reader.ts';
import { oktaIntegration, type OktaIntegration } from '../clients/okta/okta-integration.ts';
import { oktaRest } from '../clients/okta/okta-rest.ts';
import { isOktaMember, oktaAccount, oktaGroup, oktaUser } from '../clients/okta/okta-users.ts';
import type { GroupKind } from './group-kind.ts';
import { integrationOf } from './integration.ts';

const readIntegration = integrationReader<OktaIntegration>(oktaIntegration);

export const oktaGroupKind: GroupKind = {
  kind: 'okta-group',
  async belongs({ id, files, person, using }) {
    const place = integrationOf('okta', id, files);
    if ('unknown' in place) return place;
    const okta = oktaRest(readIntegration(place.settings), using, 'read');
    const found = await oktaAccount(okta, { person, integrationName: place.name, using });
    if ('account' in found) {
      const [user, isMember] = await Promise.all([
        oktaUser(okta, found.account),
        isOktaMember(okta, found.account, place.id),
      ]);
      // Whoever was suspended, deactivated or locked out decides nothing meanwhile.
      if (isMember) return user?.status === 'ACTIVE';
    }
    // The groups of a user tell nothing of a group that is not there.
    if ((await oktaGroup(okta, place.id)) !== undefined) return false;
    return { unknown: `Okta has no group ${place.id}, or none that the integration may see.` };
  },
};
