// What a flow's own code says in scenarios that run it: asked for while they are played, found out between one play and the next.
import { questionKey, type Unknown } from '../../domain/facts.ts';
import type { HookAnswer, HookQuestion } from '../../domain/hooks.ts';
import type { Group, PersonId } from '../../domain/names.ts';
import type { GivenFile } from '../schema/scenarios-schema.ts';
import { sceneDesk } from './scene.ts';

/** What of a scenario the code may come to know. */
export interface Scene {
  readonly groups: NonNullable<GivenFile['groups']>;
  /** The first that fits answers. */
  readonly outside: NonNullable<GivenFile['outside']>;
  belongs(person: PersonId, group: Group): boolean | Unknown;
}

/** `undone`: it asked for something that the scenario does not answer, or that it may not have. */
export type CodeCame = HookAnswer | Unknown | { readonly undone: string };

/** Runs it. Never rejects for what the code does. */
export type RunCode = (question: HookQuestion, scene: Scene) => Promise<CodeCame>;

export interface CodeBook {
  /** Undefined where it is not known yet; it is after `answer`. */
  look(question: HookQuestion, scene: Scene): CodeCame | undefined;
  /** Finds out what was asked for and not known; false where nothing was. */
  answer(): Promise<boolean>;
}

/** Fewer than may wait for a sandbox of one desk. */
const atATime = 10;

export function createCodeBook(run: RunCode): CodeBook {
  const known = new Map<string, CodeCame>();
  const wanted = new Map<string, readonly [HookQuestion, Scene]>();
  return {
    look(question, scene) {
      const { groups, outside } = scene;
      const asked = questionKey({ ask: 'hook', desk: sceneDesk, ...question });
      const key = JSON.stringify([groups, outside, asked]);
      const came = known.get(key);
      if (came === undefined) wanted.set(key, [question, scene]);
      return came;
    },
    async answer() {
      const all = [...wanted];
      wanted.clear();
      for (let from = 0; from < all.length; from += atATime)
        await Promise.all(
          all
            .slice(from, from + atATime)
            .map(async ([key, [question, scene]]) => known.set(key, await run(question, scene))),
        );
      return all.length > 0;
    },
  };
}

/** Thrown out of a play that cannot go on before the code has run. */
export class NotYetRun extends Error {
  override readonly name = 'NotYetRun';
}

/** Thrown out of a play whose code did what the scenario does not provide for. */
export class Undone extends Error {
  override readonly name = 'Undone';
}

/** What it came to. Throws `NotYetRun`, and `Undone`. */
export function demandAnswer(came: CodeCame | undefined): HookAnswer | Unknown {
  if (came === undefined) throw new NotYetRun('The code has not run yet.');
  if ('undone' in came) throw new Undone(came.undone);
  return came;
}
