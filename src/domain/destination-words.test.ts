import { expect, it } from 'vitest';
import { destinationWords, routesWords } from './destination-words.ts';
import { minutes } from './duration.ts';
import { destination } from './names.ts';

const places = {
  'slack-channel:access': '#access',
  'slack-channel:T9CUST000/ext': '#ext of the Slack workspace T9CUST000',
  'person:bob': 'bob',
  'people:ann,bob,max': 'ann, bob and max in one message',
  'manager:requester': 'the manager of whoever asks',
  'manager:ann': 'the manager of ann',
  origin: 'the channel it was asked in',
  requester: 'whoever asks',
  github: 'GitHub',
  'email:security@acme.com': 'security@acme.com',
};

it.each(Object.entries(places))('says %s in words', (text, words) => {
  expect(destinationWords(destination(text))).toBe(words);
});

it('says routes in their order, and when each is told', () => {
  const [access, bob, ann] = ['slack-channel:access', 'person:bob', 'person:ann'].map(destination);
  if (access === undefined || bob === undefined || ann === undefined) throw new Error('There are three.');
  const routes = [{ to: [access, ann] }, { to: [ann] }, { to: [bob], after: minutes(15) }];
  expect(routesWords(routes)).toBe('#access and ann, where that fails ann, after 15m bob');
});
