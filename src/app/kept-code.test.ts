import { expect, test } from 'vitest';
import { createVirtualClock } from '../../test/virtual-clock.ts';
import { deskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import { createKeptCode } from './kept-code.ts';

const desk = deskId('github', 1);

function open() {
  const bookmarks = new Map<string, string>();
  const world = { isOut: false, writes: 0 };
  const kept = createKeptCode({
    clock: createVirtualClock(),
    store: {
      bookmark: async (name) => bookmarks.get(name),
      setBookmark: async (name, value) => {
        world.writes += 1;
        bookmarks.set(name, value);
      },
    },
    desks: {
      async at(_, commit) {
        if (world.isOut) throw new Failure('GitHub: no answer', { transient: true });
        return { commit, flows: new Map(), diagnostics: [], code: filesOf(commit) };
      },
    },
  });
  return { kept, world };
}

const filesOf = (commit: string) => ({ 'flows/seats.ts': `// ${commit}` });

test('is read from GitHub, and what access was given by also without it', async () => {
  const { kept, world } = open();
  expect(await kept.at(desk, 'one')).toEqual(filesOf('one'));
  await kept.keep(desk, 'one', filesOf('one'));
  world.isOut = true;
  expect(await kept.at(desk, 'one')).toEqual(filesOf('one'));
  await expect(kept.at(desk, 'two')).rejects.toThrow('GitHub: no answer');
});

test('keeps the same text once, by whichever commits, and no more than the last five', async () => {
  const { kept, world } = open();
  for (const commit of ['a', 'b', 'a']) await kept.keep(desk, commit, filesOf('same'));
  expect(world.writes).toBe(2);
  for (const commit of ['1', '2', '3', '4']) await kept.keep(desk, commit, filesOf(commit));
  world.isOut = true;
  expect(await kept.at(desk, 'b')).toEqual(filesOf('same'));
  await kept.keep(desk, '5', filesOf('5'));
  await expect(kept.at(desk, 'b')).rejects.toThrow('GitHub: no answer');
  expect(await kept.at(desk, '1')).toEqual(filesOf('1'));
});

test('keeps all of those that come at once', async () => {
  const { kept, world } = open();
  await Promise.all(['a', 'b', 'c'].map((commit) => kept.keep(desk, commit, filesOf(commit))));
  world.isOut = true;
  for (const commit of ['a', 'b', 'c']) expect(await kept.at(desk, commit)).toEqual(filesOf(commit));
});
