import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { channels, people, sampleCompany } from './sample-company.ts';
import { createSlack, type Slack } from './slack.ts';

let folder: string;
let slack: Slack;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'slack-'));
});

afterEach(async () => {
  await slack.close();
  rmSync(folder, { recursive: true, force: true });
});

const clock = { now: (): Date => new Date('2026-03-02T10:00:00Z') };

function open(): Slack {
  slack = createSlack({ clock, file: join(folder, 'slack.jsonl') });
  return slack;
}

test('everything is there again after a restart, with the same tokens', async () => {
  const { app } = sampleCompany(open());
  slack.say(people.ann, { channel: channels.access, text: 'before' });
  await slack.close();
  expect(sampleCompany(open()).app).toEqual(app);
  expect(slack.messages(channels.access).map(({ text }) => text)).toEqual(['before']);
});

test('no two messages have one ts, not even after a restart within the same moment', async () => {
  sampleCompany(open());
  const say = (): void => void slack.say(people.ann, { channel: channels.access, text: 'x' });
  say();
  say();
  await slack.close();
  open();
  say();
  const all = slack.messages(channels.access).map(({ ts }) => ts);
  expect(new Set(all).size).toBe(3);
  expect(all.every((ts) => /^1772445600\.00000\d$/.test(ts))).toBe(true);
});

test('a page hears of every change', () => {
  sampleCompany(open());
  let changes = 0;
  const stop = slack.onChange(() => (changes += 1));
  slack.say(people.ann, { channel: channels.access, text: 'x' });
  expect(changes).toBe(1);
  stop();
  slack.say(people.ann, { channel: channels.access, text: 'x' });
  expect(changes).toBe(1);
});

test('a page shows each person what they see', () => {
  const { app } = sampleCompany(open());
  const named = (user: string): string[] => slack.seenBy(user).channels.map(({ name }) => name);
  expect(named(people.gil)).toEqual(['access']);
  expect(named(people.cleo)).toEqual(['ext-customer']);
  expect(named(people.ann)).toEqual(['general', 'access', 'ext-customer']);
  slack.directMessage(people.ann, app.id);
  expect(named(people.ann)).toContain('countersign');
  expect(slack.seenBy(people.gil).user.kind).toBe('single-channel guest');
  expect(slack.snapshot().workspaces.map(({ id }) => id)).toEqual(['T07ACME00', 'T9CUST000']);
});
