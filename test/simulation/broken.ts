// What ends a history: something that DESIGN.md, section 3, says can never be.

export class BrokenInvariantError extends Error {
  override readonly name = 'BrokenInvariantError';
}

export function broken(invariant: number, sentence: string): never {
  throw new BrokenInvariantError(`Invariant ${invariant}: ${sentence}`);
}
