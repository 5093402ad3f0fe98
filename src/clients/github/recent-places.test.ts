import { expect, test } from 'vitest';
import { createVirtualClock } from '../../../test/virtual-clock.ts';
import type { GitHubApp, InstalledRepository } from './github-app.ts';
import { withRecentPlaces } from './recent-places.ts';

function counting(): { readonly github: GitHubApp; asked: number; fails: boolean } {
  const no = (): never => {
    throw new Error('Not asked here.');
  };
  const state = {
    asked: 0,
    fails: false,
    github: {
      app: no,
      forRepository: no,
      forOrganization: no,
      async forRepositoryId(): Promise<InstalledRepository> {
        state.asked += 1;
        if (state.fails) throw new Error('GitHub does not answer.');
        return {
          installation: { id: 1, at: no },
          owner: 'acme',
          name: `access-${state.asked}`,
          private: true,
          defaultBranch: 'main',
        };
      },
    },
  };
  return state;
}

test('a place that was found a moment ago is not looked up again', async () => {
  const clock = createVirtualClock();
  const state = counting();
  const places = withRecentPlaces(state.github, clock);
  await Promise.all([places.forRepositoryId(1), places.forRepositoryId(1)]);
  expect(state.asked).toBe(1);
  await clock.advance(21_000);
  expect((await places.forRepositoryId(1)).name).toBe('access-2');
});

test('a rename that we hear of is followed at once', async () => {
  const state = counting();
  const places = withRecentPlaces(state.github, createVirtualClock());
  await places.forRepositoryId(1);
  places.forget(1);
  expect((await places.forRepositoryId(1)).name).toBe('access-2');
});

test('a failure is not remembered', async () => {
  const state = counting();
  const places = withRecentPlaces(state.github, createVirtualClock());
  state.fails = true;
  await expect(places.forRepositoryId(1)).rejects.toThrow('GitHub does not answer.');
  state.fails = false;
  expect((await places.forRepositoryId(1)).name).toBe('access-2');
});
