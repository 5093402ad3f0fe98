// Seats of a licence server, which answers to GET, PUT and DELETE of /seats/PRODUCT/EMAIL.
import { defineStrategy, demandOk, http, secret, ServiceFailure, type HttpAnswer } from 'countersign/sdk';

const order = ['none', 'viewer', 'editor'] as const;
type Level = (typeof order)[number];
const products = ['design-suite', 'render-farm'];

export const strategy = defineStrategy({
  order,
  wanted: ({ settings }) => levelOf(settings['level']),
  identify: ({ person }) =>
    person.email
      ? { account: person.email }
      : { missing: 'There is no e-mail address of theirs in people.yml.' },
  resource({ settings: { product } }) {
    if (typeof product === 'string' && products.includes(product)) return { resource: `seats/${product}` };
    return { missing: 'The licence server has no such product.' };
  },
  async read(seat) {
    const answer = await ask('GET', seat);
    demandOk(answer, { or: [404] });
    return { holds: answer.ok ? levelOf(valueIn(answer, 'level')) : 'none' };
  },
  async set(seat) {
    if (seat.holding === 'none') {
      const answer = await ask('DELETE', seat);
      return demandOk(answer, { or: [404] });
    }
    const answer = await ask('PUT', seat, { level: seat.holding, key: `${seat.request}-${seat.purpose}` });
    demandOk(answer);
    return { recorded: { seat: String(valueIn(answer, 'seat')) } };
  },
});

interface Seat {
  readonly resource: string;
  readonly account: string;
}

function ask(
  method: 'GET' | 'PUT' | 'DELETE',
  { resource, account }: Seat,
  json?: object,
): Promise<HttpAnswer> {
  return http({
    method,
    integration: 'licences',
    path: `${resource}/${encodeURIComponent(account)}`,
    headers: { authorization: `Bearer ${secret('LICENCES_TOKEN')}` },
    ...(json && { json }),
  });
}

/** What the server says is not believed before it was looked at. */
function levelOf(value: unknown): Level {
  const level = order.find((known) => known === value);
  if (level) return level;
  throw new ServiceFailure('There is no such level of a seat.', { transient: false });
}

function valueIn({ json }: HttpAnswer, key: string): unknown {
  return typeof json === 'object' && json !== null && key in json ? Reflect.get(json, key) : undefined;
}
