import { expect, test } from 'vitest';
import { requestId } from '../../domain/names.ts';
import { answerMarker, noticeMarker } from './marker.ts';

test('an answer is told apart from that to the comment before it', () => {
  expect(answerMarker('IC_kgDOAx4-')).not.toBe(answerMarker('IC_kgDOAx4_'));
});

test('nothing in a marker ends the hidden line', () => {
  expect(answerMarker('IC_a--b-->')).toBe('<!-- countersign:answer:IC_a..b.._ -->');
  expect(noticeMarker(requestId('01JD'), 'overdue-2')).toBe('<!-- countersign:notice:01JD:overdue_2 -->');
});
