// `google-group:data@acme.com`: a user of Google Workspace who is a member, directly or by a group within it.
import {
  googleAccount,
  googleGroupId,
  googleUser,
  isActiveUser,
  isGoogleMember,
} from '../clients/google/google-directory.ts';
import { googleIntegration, type GoogleIntegration } from '../clients/google/google-integration.ts';
import { googleRest } from '../clients/google/google-rest.ts';
import { integrationReader } from '../clients/integration-reader.ts';
import type { GroupKind } from './group-kind.ts';
import { integrationOf } from './integration.ts';

const readIntegration = integrationReader<GoogleIntegration>(googleIntegration);

export const googleGroupKind: GroupKind = {
  kind: 'google-group',
  async belongs({ id, files, person, using }) {
    const place = integrationOf('google', id, files);
    if ('unknown' in place) return place;
    const google = googleRest(readIntegration(place.settings), using, 'read');
    const found = await googleAccount(google, person, place.name, using);
    if ('account' in found) {
      const [user, isMember] = await Promise.all([
        googleUser(google, found.account),
        isGoogleMember(google, place.id, found.account),
      ]);
      // Whoever is suspended or archived decides nothing meanwhile.
      if (isMember === true) return user?.id === found.account && isActiveUser(user);
      if (isMember === false) return false;
    }
    // Google gives one answer to “nobody of that id” and “no such group”.
    if ((await googleGroupId(google, place.id)) !== undefined) return false;
    return { unknown: `Google has no group ${place.id}, or none that the integration may see.` };
  },
};
