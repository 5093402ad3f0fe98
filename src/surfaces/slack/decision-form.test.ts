import { describe, expect, it } from 'vitest';
import { aRequest, aRequestIn } from '../../../test/builders/request.ts';
import { linesOf } from '../../../test/contracts/slack/lines-of.ts';
import { hours, minutes } from '../../domain/duration.ts';
import { decisionForm, readDecision } from './decision-form.ts';

const dangerous = { policy: { danger: 'You are changing production.' } };
const lines = (...args: Parameters<typeof decisionForm>): string => linesOf(decisionForm(...args).blocks);

describe('the form behind a button', () => {
  it('asks for a message as the flow wants it', () => {
    const asking = (decisionMessage: 'off' | 'optional' | 'required'): string =>
      lines('deny', aRequest({ policy: { decisionMessage } }).request);
    expect(asking('off')).toBe('*Production for 30m*, for ann');
    expect(asking('optional')).toContain('Why? (optional)');
    expect(asking('required')).toContain('Why?\n');
  });

  it('grants less than was asked, and warns', () => {
    expect(lines('less', aRequest(dangerous).request)).toMatchInlineSnapshot(`
      "*Production for 30m*, for ann
      ⚠️ *You are changing production.*

      For how long?
        ‹radio_buttons: 5m | 10m | 15m›

      Why? (optional)
        ‹plain_text_input›
        Everybody who sees the request reads it."
    `);
  });

  it('always wants the reason of an admin who stands in', () => {
    expect(lines('admin', aRequest(dangerous).request)).toMatchInlineSnapshot(`
      "*Production for 30m*, for ann
      ⚠️ *You are changing production.*
      You approve in the place of those who decide. The card says so, and the reason.

      Why?
        ‹plain_text_input›
        Everybody who sees the request reads it."
    `);
  });

  it('says what ending it means', () => {
    expect(lines('revoke', aRequestIn('active').request)).toMatchInlineSnapshot(`
      "*Production for 30m*, for ann
      Access is taken back now, before its time. To have it again, it is asked for again.

      Why? (optional)
        ‹plain_text_input›
        Everybody who sees the request reads it."
    `);
    expect(lines('cancel', aRequest().request)).toMatchInlineSnapshot(`
      "*Production for 30m*, for ann
      Nobody has to decide on it any more. Nothing is granted."
    `);
  });

  it('offers no more time than the flow leaves', () => {
    const { request } = aRequestIn('active', { policy: { extend: { maxTotal: hours(2), times: 1 } } });
    expect(lines('extend', request)).toMatchInlineSnapshot(`
      "*Production for 30m*, for ann
      It ends {20 Nov 2026, 12:33 UTC}. This flow allows 2h in all. Those who decide are asked again; until then nothing changes.

      How much longer? (optional)
        ‹static_select: 5m | 10m | 15m | 30m | 1h›
        Left empty: as long as at first, as far as the flow allows.

      Why? (optional)
        ‹plain_text_input›
        Everybody who sees the request reads it."
    `);
  });
});

describe('what was filled in', () => {
  const { request } = aRequest();
  const carried = decisionForm('less', request, { channel: 'C07ACC000' }).private_metadata ?? '';

  it('is the request, the reason and the time', () => {
    const values = {
      message: { answer: { type: 'plain_text_input', value: ' Only this once. ' } },
      duration: { answer: { type: 'static_select', selected_option: { value: '10m' } } },
    };
    expect(readDecision(carried, values)).toEqual({
      request: request.id,
      message: 'Only this once.',
      duration: minutes(10),
    });
    expect(readDecision(carried, { message: { answer: { value: null } } })).toEqual({ request: request.id });
  });

  it('says where a time cannot be read', () => {
    const values = { duration: { answer: { type: 'plain_text_input', value: 'a while' } } };
    expect(readDecision(carried, values)).toEqual({
      errors: { duration: 'Write a number and a unit, such as 30m, 2h or 1d.' },
    });
  });

  it('is nothing where the view is none of ours', () => {
    for (const odd of ['', '{}', '[]', '{"request":"x"}', 'null'])
      expect(readDecision(odd, {})).toBeUndefined();
  });
});
