import { expect, it } from 'vitest';
import { History } from '../../test/builders/history.ts';
import { hours, minutes } from './duration.ts';
import { aFlow } from '../../test/builders/flow.ts';

it('a button that was shown for the request decides no extension of it, and the other way round', () => {
  const flow = aFlow({ extend: { maxTotal: hours(8), times: 2 } });
  const history = new History({ flows: [flow] }).asks('ann-o');
  const press = (matter: string) =>
    history.decide({ type: 'approve', voice: history.voice('bob-l'), matter });
  expect(press('extension-1')).toMatchObject({ refusal: { code: 'another-matter' } });
  history
    .when({ type: 'approve', voice: history.voice('bob-l'), matter: 'request' })
    .when({ type: 'note-escalated', verified: 'read-back' })
    .wait(minutes(5))
    .when({ type: 'extend', voice: history.voice('ann-o'), by: hours(7) })
    .wait(minutes(1));
  expect(press('request')).toMatchObject({ refusal: { code: 'another-matter' } });
  expect(history.decide({ type: 'deny', voice: history.voice('bob-l'), matter: 'request' })).toMatchObject({
    refusal: { code: 'another-matter' },
  });
  expect(press('extension-1')).toMatchObject({ entries: [{ type: 'approval-given' }, { type: 'extended' }] });
});
