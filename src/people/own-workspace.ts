// The desk's own Slack workspace: the one that its files name, or else the one that is connected.
import type { Desk } from '../desk/desk.ts';
import type { DeskId } from '../domain/names.ts';
import type { SlackLookups } from './slack-lookups.ts';

export async function ownWorkspace(
  desk: DeskId,
  { settings }: Desk,
  slack: SlackLookups | undefined,
): Promise<string | undefined> {
  return settings?.slack?.workspace ?? (await slack?.of(desk))?.workspace;
}
