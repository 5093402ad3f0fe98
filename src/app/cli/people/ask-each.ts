// Asks something about many people, a few at a time, and says how far it is.
import type { CliConsole } from '../command.ts';

/** Services limit how fast they are asked, and each person is several questions. */
const atATime = 4;
const sayEvery = 20;

/** In the order of the people, whoever is answered first. */
export async function askEach<P, T>(
  people: readonly P[],
  console: Pick<CliConsole, 'err'>,
  ask: (person: P) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  let answered = 0;
  const waiting = people.entries();
  async function work(): Promise<void> {
    for (const [at, person] of waiting) {
      answers[at] = await ask(person);
      answered += 1;
      if (answered % sayEvery === 0) console.err(`Looked at ${answered} of ${people.length} people.`);
    }
  }
  await Promise.all(Array.from({ length: atATime }, work));
  return answers;
}
