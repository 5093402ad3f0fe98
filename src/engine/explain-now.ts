// Answers `/why` from the world as it is now, and records nothing.
import type { Voice } from '../domain/commands.ts';
import { explain, type Why } from '../domain/explain.ts';
import type { RequestId } from '../domain/names.ts';
import { GatheredFacts, type Sources } from './gather.ts';
import type { Clock } from './ports/clock.ts';
import { viewOf } from './view.ts';

/** More rounds of questions than any explanation needs. */
const maxRounds = 8;

/** Undefined where there is no such request. */
export async function explainNow(
  id: RequestId,
  voice: Voice,
  parts: Sources & { readonly clock: Clock },
): Promise<Why | undefined> {
  const stored = await parts.store.load(id);
  if (stored === undefined) return undefined;
  const request = viewOf(stored);
  const facts = new GatheredFacts(request.desk, parts);
  for (let round = 0; round < maxRounds; round += 1) {
    const explained = explain(request, voice, facts, parts.clock.now());
    if ('why' in explained) return explained.why;
    await facts.answer(explained.needs);
  }
  throw new Error(`The explanation of ${id} keeps asking.`);
}
