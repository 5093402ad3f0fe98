// Puts the mail half together, where mail is set up: the way out, the surface, and the links by which guests decide.
import { createMailClient } from '../clients/mail/mail-client.ts';
import type { Directory } from '../engine/ports/directory.ts';
import type { Flows } from '../engine/ports/flows.ts';
import type { Reception } from '../engine/ports/reception.ts';
import { createLinkSigner } from '../surfaces/email/decision-link.ts';
import { createLinkDeciding, type LinkDeciding } from '../surfaces/email/deciding.ts';
import { createEmailSurface, type EmailSurface } from '../surfaces/email/surface.ts';
import type { Surroundings } from './compose.ts';
import type { GitHubPages } from './github-pages.ts';
import type { Settings } from './settings.ts';

export interface MailHalf {
  readonly surface: EmailSurface;
  /** Absent where guests are sent no links. */
  readonly deciding?: LinkDeciding;
}

export interface MailSurroundings {
  readonly directory: Directory;
  readonly flows: Flows;
  readonly pages: GitHubPages;
  readonly reception: () => Reception;
}

/** Undefined where mail is not set up. */
export function openMail(
  { mail }: Settings,
  { clock }: Pick<Surroundings, 'clock'>,
  { directory, flows, pages, reception }: MailSurroundings,
): MailHalf | undefined {
  if (mail === undefined) return undefined;
  const { links, ...server } = mail;
  const signer = links && createLinkSigner(links.key);
  const surface = createEmailSurface({
    mail: createMailClient(server),
    domain: server.from.address.slice(server.from.address.indexOf('@') + 1),
    ...(links && signer && { links: { url: links.url, signer } }),
    reception,
    issueUrl: pages.issueUrl,
    clock,
  });
  if (signer === undefined) return { surface };
  return { surface, deciding: createLinkDeciding({ signer, reception, directory, flows, clock }) };
}
