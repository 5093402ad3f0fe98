// The code of the worked examples, run in the real sandbox against answers of the kind that the services give.
import { afterAll, expect, test } from 'vitest';
import { codeUnderTest, exampleEvents, Failure, type CodeUnderTest } from '../src/hooks/testing.ts';
import type { Json } from '../src/sdk/json.ts';

/** What the service answers next. */
let next: () => Json;
const opened: CodeUnderTest[] = [];
afterAll(async () => void (await Promise.all(opened.map((code) => code.stop()))));

function open(example: string, call: string): CodeUnderTest {
  const folder = `docs/examples/${example}/flows`;
  const code = codeUnderTest({ folder, outside: { [call]: () => next() } });
  opened.push(code);
  return code;
}

const { request: event } = exampleEvents;

const knowBe4 = open('training-at-knowbe4', 'http');
const asks = {
  ...event,
  flow: { ...event.flow, vars: { knowbe4_campaign: '4261' } },
  request: {
    ...event.request,
    requester: { ...event.request.requester, accounts: { knowbe4: '796742' } },
  },
};

/** As KnowBe4's Reporting API shows an enrollment. */
const enrollment = (status: string, user = 796742, module = 'Personal data at work'): Json => ({
  enrollment_id: 1425526,
  content_type: 'Store Purchase',
  module_name: module,
  user: { id: user, first_name: 'Ann', last_name: 'Ortega', email: 'ann@acme.com' },
  campaign_name: 'Personal data',
  enrollment_date: '2026-04-02T15:02:38.000Z',
  start_date: '2026-04-02T15:02:38.000Z',
  completion_date: status === 'Passed' ? '2026-04-02T15:02:38.000Z' : null,
  status,
  time_spent: 2340,
  policy_acknowledged: false,
});
const answers = (json: Json, status = 200): void => {
  next = () => ({ status, json, text: '' });
};
const ask = (input: Json = JSON.parse(JSON.stringify(asks))): Promise<Json | undefined> =>
  knowBe4.run('customer-data.ts', 'on_request', input);

test('the code of the examples has the right types', async () => {
  expect(await knowBe4.check()).toEqual([]);
});

test('whoever passed all of the campaign stands for the step', async () => {
  answers([enrollment('Passed'), enrollment('Passed', 796742, 'Phishing')]);
  expect(await ask()).toMatchObject({ answer: 'approve', steps: ['training'] });
  expect(knowBe4.calls.at(-1)).toEqual({
    name: 'http',
    args: {
      integration: 'knowbe4',
      path: '/v1/training/enrollments?campaign_id=4261&user_id=796742&per_page=500',
      headers: {},
    },
  });
});

test('whoever did not is told what is open', async () => {
  answers([enrollment('Passed'), enrollment('In Progress', 796742, 'Phishing')]);
  expect(await ask()).toEqual({
    answer: 'ignore',
    message: 'First finish the training on personal data at KnowBe4: Phishing.',
  });
});

test('people look where KnowBe4 knows nothing of them, or they are not known there', async () => {
  answers([]);
  expect(await ask()).toBeUndefined();
  answers([enrollment('Passed', 4711)]);
  expect(await ask()).toBeUndefined();
  expect(await ask(JSON.parse(JSON.stringify(event)))).toBeUndefined();
});

test('the hook comes to no answer where KnowBe4 gives none', async () => {
  answers({ error: 'Too Many Requests' }, 429);
  await expect(ask()).rejects.toThrow('KnowBe4 answered 429.');
  answers({ message: 'nothing' });
  await expect(ask()).rejects.toThrow('KnowBe4 answered 200.');
  next = () => {
    throw new Failure('http: no answer within 10 s', { transient: true });
  };
  await expect(ask()).rejects.toThrow('no answer within 10 s');
});

const lambda = open('lambda-from-a-hook', 'lambda.invoke');

test('a function decides, and only by one of its three words', async () => {
  const decide = (answer: Json): Promise<Json | undefined> => {
    next = () => answer;
    return lambda.run('warehouse.ts', 'on_request', event);
  };
  expect(await lambda.check()).toEqual([]);
  expect(await decide({ decision: 'approve', reason: 'Harmless.' })).toEqual({
    ...{ answer: 'approve', steps: ['lead'], reason: 'Harmless.' },
  });
  expect(await decide({ decision: 'deny', reason: 'Being moved.' })).toEqual({
    ...{ answer: 'deny', reason: 'Being moved.' },
  });
  expect(await decide({ decision: 'ask' })).toBeUndefined();
  for (const answer of [null, 'approve', {}, { decision: 'maybe' }, ['approve']])
    await expect(decide(answer)).rejects.toThrow('something else');
  expect(lambda.calls[0]).toMatchObject({
    name: 'lambda.invoke',
    args: { integration: 'aws-risk', payload: { person: 'ann' } },
  });
});
