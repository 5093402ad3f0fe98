import { expect, it } from 'vitest';
import { plugIns } from './plug-ins.ts';

it('is data alone, which reaches the thread where flows of a pull request are judged', () => {
  expect(structuredClone(plugIns)).toEqual(plugIns);
});
