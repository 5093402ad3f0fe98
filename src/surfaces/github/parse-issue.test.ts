import { describe, expect, it } from 'vitest';
import { aField, aFlow, anApprovalOnlyFlow } from '../../../test/builders/flow.ts';
import { parseIssue } from './parse-issue.ts';

const flows = [
  aFlow({
    ref: { name: 'aws', commit: 'c0ffee' },
    label: 'AWS Power User',
    fields: [aField('reason', { label: 'Why do you need access?' }), aField('urgency', { label: 'Urgency' })],
  }),
  anApprovalOnlyFlow({
    ref: { name: 'migrate', commit: 'c0ffee' },
    label: 'Run a migration',
    fields: [aField('pull_request', { label: 'Pull request' })],
  }),
];

const form = `### Flow

aws

### Target

Production

### Duration

30m

### Why do you need access?

Backfill of order 4711

### Urgency

_No response_
`;

describe('an issue form', () => {
  const read = {
    type: 'request',
    flow: 'aws',
    form: { target: 'Production', duration: '30m', fields: { reason: 'Backfill of order 4711' } },
  };

  it('is read by the labels of its flow', () => {
    expect(parseIssue(form, flows)).toEqual(read);
  });

  it('is read the same with the line ends of a browser', () => {
    expect(parseIssue(form.replaceAll('\n', '\r\n'), flows)).toEqual(read);
  });

  it('may name its flow by label', () => {
    expect(parseIssue(form.replace('aws', 'AWS Power User'), flows)).toEqual(read);
  });

  it('may name its fields by name', () => {
    expect(parseIssue(form.replace('Why do you need access?', 'reason'), flows)).toEqual(read);
  });

  it('keeps headings that are none of the flow in the text above them', () => {
    const body = form.replace('4711', '4711\n\n### Background\n\nSee below.\n#### More');
    expect(parseIssue(body, flows)).toMatchObject({
      form: { fields: { reason: 'Backfill of order 4711\n\n### Background\n\nSee below.\n#### More' } },
    });
  });

  it('does not take Target for a heading where the flow has no targets', () => {
    const body = '### Flow\n\nmigrate\n\n### Pull request\n\nx\n\n### Target\n\ny';
    expect(parseIssue(body, flows)).toEqual({
      type: 'request',
      flow: 'migrate',
      form: { fields: { pull_request: 'x\n\n### Target\n\ny' } },
    });
  });

  it.each([
    ['a label', '### Why do you need access?\n\nagain'],
    ['a label and its name', '### reason\n\nagain'],
    ['the target, from inside an answer', '### Target\n\nStaging'],
    ['the flow', '### Flow\n\nmigrate'],
  ])('is refused when a known heading stands in it twice: %s', (_, more) => {
    expect(parseIssue(`${form}\n${more}`, flows)).toMatchObject({
      type: 'malformed',
      problem: expect.stringContaining('twice'),
    });
  });

  it('goes on to say no to a flow that does not exist', () => {
    expect(parseIssue('### Flow\n\nprood\n\n### Target\n\nx', flows)).toEqual({
      type: 'request',
      flow: 'prood',
      form: { target: 'x', fields: {} },
    });
  });

  it('says so when it names no flow', () => {
    expect(parseIssue('### Flow\n\n_No response_', flows)).toMatchObject({ type: 'malformed' });
  });
});

describe('an ordinary issue', () => {
  it.each([
    ['says nothing to us', 'The page is broken.\n\n### Flow\n\naws'],
    ['may quote a command', '> /request aws'],
    ['may be empty', ''],
    ['may begin with another command', '/approve'],
    ['may have other headings', '### Steps to reproduce\n\n1. Click'],
  ])('%s', (_, body) => {
    expect(parseIssue(body, flows)).toEqual({ type: 'none' });
  });

  it('may ask with a command', () => {
    expect(parseIssue('/request aws Production 30m\nreason: Backfill', flows)).toEqual({
      type: 'request',
      flow: 'aws',
      form: { target: 'Production', duration: '30m', fields: { reason: 'Backfill' } },
    });
  });
});
