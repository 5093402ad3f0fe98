// A guest who holds a link: how they speak, and what an approval of theirs would meet now.
import type { Voice } from '../../domain/commands.ts';
import type { Why } from '../../domain/explain.ts';
import { account, type Instant } from '../../domain/names.ts';

/** The link proves that somebody reads the mail of this address, and no more. */
export function guestVoice(address: string, ref: string, at: Instant): Voice {
  return {
    surface: 'web',
    account: account('email', address),
    name: address,
    ref,
    at,
    proof: 'email-link',
  };
}

/**
 * `yes`: of these steps. `later`: something else is in the way that may pass. `unknown`: nobody can tell now, and why.
 * `no`: they do not count, or nothing is to be decided.
 */
export type GuestMay =
  | { readonly may: 'yes'; readonly steps: readonly string[] }
  | { readonly may: 'later' }
  | { readonly may: 'no' }
  | { readonly may: 'unknown'; readonly why: string };

export function guestMay({ you }: Pick<Why, 'you'>): GuestMay {
  if (!('refusal' in you)) return { may: 'yes', steps: you.may };
  const { refusal } = you;
  if (refusal.code === 'held-by-rule') return { may: 'later' };
  if (refusal.code === 'lookup-failed' || refusal.code === 'flow-unavailable')
    return { may: 'unknown', why: refusal.why };
  return { may: 'no' };
}
