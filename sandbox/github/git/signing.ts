// Signs commits made through the API, as GitHub does with its own key; the public half is served at /web-flow.gpg.
import { createHmac } from 'node:crypto';
import type { State } from '../state.ts';

export function createSigner(state: State): (payload: Buffer) => string {
  const secret = state.secrets.get('personal-tokens')?.value ?? '';
  return (payload) => {
    const digest = createHmac('sha512', secret).update(payload).digest('base64');
    const lines = digest.match(/.{1,64}/g) ?? [];
    return ['-----BEGIN PGP SIGNATURE-----', '', ...lines, '-----END PGP SIGNATURE-----', ''].join('\n');
  };
}
