// The real process between the embedded GitHub and the embedded Slack, with a stage for what people do on either.
import { vi } from 'vitest';
import type { RunningSandbox } from '../../sandbox/main.ts';
import type { Slack } from '../../sandbox/slack/slack.ts';
import { channels, people } from '../../sandbox/slack/sample-company.ts';
import { runBuilt } from '../built-sandbox.ts';
import { createStage, type Stage } from './stage.ts';
import { isSoon, pause } from './until.ts';

export interface Company {
  readonly running: RunningSandbox;
  readonly stage: Stage;
  readonly slack: Slack;
}

/** Whoever opens one stops what runs in it. */
export async function openCompany(): Promise<Company> {
  const running = await runBuilt('fatal');
  const { sandbox } = running;
  if (sandbox.slack === null) throw new Error('There is no Slack in this sandbox.');
  return { running, slack: sandbox.slack, stage: createStage(sandbox) };
}

/**
 * Says it with the slash command, and resolves with the form that opens. Where the machine is too busy for Slack's three
 * seconds, Slack says so or shows nothing, and whoever wants the form says it again.
 */
export async function opensForm(slack: Slack, who: keyof typeof people, text: string): Promise<string> {
  const form = (): string | undefined =>
    slack.modals(people[who]).findLast(({ content }) => 'submit' in content)?.id;
  for (;;) {
    const { ok } = await slack.command(people[who], [channels.general, `/access ${text}`]);
    if (ok && (await isSoon(() => form() !== undefined, 10_000))) return form() ?? '';
    await pause(500);
  }
}

/** What takes seconds alone takes a minute beside the rest of the suite. */
export function allowTime(): void {
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });
}
