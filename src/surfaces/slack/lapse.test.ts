// No request lapses that waits for people on Slack who could not be heard.
import { beforeEach, expect, it } from 'vitest';
import { aRequest } from '../../../test/builders/request.ts';
import { createVirtualClock, type VirtualClock } from '../../../test/virtual-clock.ts';
import { createSlackApp } from '../../clients/slack/slack-app.ts';
import { minutes } from '../../domain/duration.ts';
import { destination, group, type Destination, type Instant } from '../../domain/names.ts';
import type { Request } from '../../domain/request.ts';
import type { DoorSurface } from '../../engine/doors.ts';
import { createSlackSurface } from './surface.ts';
import { createToldInForms } from './told-in-forms.ts';

let clock: VirtualClock;
let surface: DoorSurface;
let since: Instant | undefined;
let ended: Instant | undefined;

beforeEach(() => {
  clock = createVirtualClock();
  [since, ended] = [undefined, undefined];
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  surface = createSlackSurface({
    slack: createSlackApp({ connections: [], fetch: globalThis.fetch, clock, log }),
    people: {
      slackOf: async () => undefined,
      managerOf: async () => undefined,
      workspaceOf: async () => undefined,
      admins: async () => [],
    },
    issueUrl: async () => undefined,
    told: createToldInForms(clock),
    deafness: { since: () => since, endedAt: () => ended },
    clock,
  });
});

function toldAt(to: Destination): Request {
  const step = { name: 'x', approvers: [group('person:bob')], count: 1, needs: [], peopleOnly: false };
  return aRequest({ policy: { steps: [{ ...step, routes: [{ to: [to] }] }] } }).request;
}

const onSlack = toldAt(destination('slack-channel:access'));

it('while we are not connected, and until ten minutes after', async () => {
  await clock.advance(minutes(11));
  await surface.reread(onSlack);
  since = clock.now();
  await expect(surface.reread(onSlack)).rejects.toMatchObject({ transient: true });
  [since, ended] = [undefined, clock.now()];
  await clock.advance(minutes(9));
  await expect(surface.reread(onSlack)).rejects.toMatchObject({ transient: true });
  await clock.advance(minutes(1));
  await surface.reread(onSlack);
});

it('in the ten minutes after a start, before which nobody heard them', async () => {
  await expect(surface.reread(onSlack)).rejects.toMatchObject({ transient: true });
  await clock.advance(minutes(10));
  await surface.reread(onSlack);
});

it('and what waits for nobody there lapses in its time', async () => {
  since = clock.now();
  await surface.reread(toldAt(destination('github')));
});
