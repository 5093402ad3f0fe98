// The Lambda strategy over the AWS double, with a function that keeps a list; all that is said is held against the contract.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { StrategySubject } from '../strategy.ts';
import { account, ann, awsParts, openAwsWorld, region } from './aws-double-parts.ts';
import { waysBy, type SubjectSurroundings } from './passage.ts';
import { createQuickClock } from './subject-parts.ts';

const type = 'aws-lambda';
const published: object = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/strategies/aws-lambda.contract.json'), 'utf8'),
);
const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true });
ajv.addSchema(published, 'contract');

/** Throws where it is not as the published contract says. */
export function demandContract(part: string, value: unknown): void {
  if (!ajv.validate(`contract#/$defs/${part}`, value))
    throw new Error(`${part} is not as the contract says: ${ajv.errorsText()} ${JSON.stringify(value)}`);
}

const publishedRun: object = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../docs/aws-lambda-action.contract.json'), 'utf8'),
);
ajv.addSchema(publishedRun, 'action');

/** The key of a call that runs something after an approval. Throws where it is not as the published contract says. */
export function demandRunContract(event: unknown): string {
  if (!ajv.validate<{ readonly idempotencyKey: string }>('action#/$defs/request', event))
    throw new Error(`It is not as the contract says: ${ajv.errorsText()} ${JSON.stringify(event)}`);
  return event.idempotencyKey;
}

const answerOf: { readonly [operation: string]: string } = {
  read: 'answerToRead',
  grant: 'answerToGrant',
  revoke: 'answerToRevoke',
};

export interface Heard {
  readonly operation: string;
  readonly account: string;
  readonly idempotencyKey?: string;
  readonly sealed?: object;
  readonly payload: object;
}

/** What a function is told and answers is as the contract says, or the test fails. */
export function inContract(handle: (event: Heard) => unknown): (event: unknown) => unknown {
  return (event) => {
    demandContract('request', event);
    const heard = heardOf(event);
    const answer = handle(heard) ?? null;
    demandContract(answerOf[heard.operation] ?? '', answer);
    return answer;
  };
}

function heardOf(event: unknown): Heard {
  return JSON.parse(JSON.stringify(event));
}

export async function awsLambdaSubject(
  { reads }: { readonly reads: 'yes' | 'no' },
  around?: SubjectSurroundings,
): Promise<StrategySubject> {
  const world = await openAwsWorld({
    type,
    service: 'lambda',
    writing: /^Invoke$/,
    holding: /"operation":"(grant|revoke)"/,
  });
  const granted = new Set<string>();
  let writes = 0;
  const wrong: string[] = [];
  const handle = inContract(({ operation, account: whom }) => {
    if (operation === 'read') return { holds: granted.has(whom) };
    writes += 1;
    if (operation === 'revoke') return void granted.delete(whom);
    granted.add(whom);
    return { recorded: { role: 'reader' } };
  });
  world.aws.lambda.add({
    ...{ account, region, name: 'database-access', qualifiers: ['live'] },
    handler: (event) => {
      try {
        return handle(event);
      } catch (error) {
        wrong.push(String(error));
        throw error;
      }
    },
  });
  const clock = around?.clock ?? createQuickClock();
  const people = [{ id: ann, email: 'ann@acme.com' }];
  const target = {
    function_name: 'database-access:live',
    payload: { database: 'orders-db', role: 'a-reader' },
    account: 'email',
    ...(reads === 'yes' && { readable: true }),
  };
  return {
    ...waysBy((passage) => awsParts(world, { clock, people, passage })),
    ref: { type, integration: 'main' },
    target,
    person: ann,
    readable: reads === 'yes',
    holds: async () => (granted.has('ann@acme.com') ? 'granted' : 'none'),
    async give(holding) {
      if (holding === 'none') granted.delete('ann@acme.com');
      else granted.add('ann@acme.com');
    },
    trouble: world.trouble,
    get writes() {
      return writes;
    },
    async close() {
      await world.close();
      if (wrong.length > 0) throw new Error(wrong.join('\n'));
    },
  };
}
