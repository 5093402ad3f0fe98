// Performs what code asks for, on this side of the boundary: only what was granted, only JSON, only so much, and never a secret back.
import type { DeskId } from '../domain/names.ts';
import { Failure } from '../engine/ports/failure.ts';
import type { Log } from '../engine/ports/log.ts';
import type { Json } from '../sdk/json.ts';
import { OutsideRefusal, type Capabilities, type Grants } from './capabilities.ts';
import type { CodeLimits } from './limits.ts';
import type { AnswerMessage, Asked } from './messages.ts';
import { plainWords } from './plain-words.ts';
import { isJson, readJson } from './read-json.ts';
import type { SecretMarks } from './secret-marks.ts';

export interface Asking {
  readonly desk: DeskId;
  readonly grants: Grants;
  readonly secrets: SecretMarks;
  readonly asked: Asked;
  readonly signal: AbortSignal;
  /** Told the name of what was not granted, as it may be shown. */
  deny(name: string): void;
}

/** Never rejects. */
export type PerformOutside = (asking: Asking) => Promise<AnswerMessage>;

export function createOutsideCalls(parts: {
  readonly capabilities: Capabilities;
  readonly limits: CodeLimits;
  readonly log: Log;
}): PerformOutside {
  const { capabilities, limits, log } = parts;

  async function answerOf({ desk, grants, secrets, asked, signal, deny }: Asking): Promise<Json> {
    const args = readJson(asked.json, { length: limits.outsideLength, depth: limits.depth });
    if (args === undefined)
      throw new OutsideRefusal(
        'refused',
        `Its arguments are no JSON, or nested deeper than ${limits.depth}.`,
      );
    const capability = Object.hasOwn(capabilities, asked.name) ? capabilities[asked.name] : undefined;
    if (capability === undefined || !grants.calls.includes(asked.name)) {
      const name = plainWords(asked.name, 50);
      deny(name);
      throw new OutsideRefusal('not-granted', `This code may not call ${name}.`);
    }
    const answer = (await capability({ desk, grants, secrets, args, signal })) ?? null;
    if (isJson(answer, limits.depth)) return secrets.hideAll(answer);
    throw new OutsideRefusal(
      'refused',
      `The answer is nested deeper than ${limits.depth}, or has a key __proto__.`,
    );
  }

  return async (asking) => {
    const { asked, secrets, desk } = asking;
    const refuse = (code: string, message: string, transient = false): AnswerMessage => {
      const json = JSON.stringify({ code, message: secrets.hide(message), transient });
      return { type: 'answer', id: asked.id, isOk: false, json };
    };
    try {
      const json = JSON.stringify(await answerOf(asking));
      if (json.length <= limits.outsideAnswerLength)
        return { type: 'answer', id: asked.id, isOk: true, json };
      return refuse('failed', `The answer is longer than ${limits.outsideAnswerLength} characters.`);
    } catch (error) {
      if (error instanceof OutsideRefusal) return refuse(error.code, error.message);
      if (error instanceof Failure) return refuse('failed', error.message, error.transient);
      // Its message may hold anything.
      log.error('An outside call of a desk broke', {
        desk,
        call: plainWords(asked.name, 50),
        error: nameOf(error),
      });
      return refuse('failed', 'Countersign could not do that. Its operators find it in the log.');
    }
  };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
