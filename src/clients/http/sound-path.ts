// A path that was filled in with what people typed: it has to stay below the base URL.
import { Failure } from '../../engine/ports/failure.ts';

/** As it is, where it is one that climbs nowhere. Throws `Failure` otherwise. */
export function soundPath(path: string): string {
  const [before = ''] = path.split('?');
  // A URL treats %2e as a dot: `..` would reach what the path was not meant for.
  const segments = before
    .slice(1)
    .split('/')
    .map((segment) => segment.replaceAll(/%2e/gi, '.'));
  if (
    !/^\/[!-~]*$/.test(path) ||
    /[\\#]/.test(path) ||
    segments.some((segment) => segment === '.' || segment === '..') ||
    before.startsWith('//')
  )
    throw new Failure('What was filled into a path does not make a path.', { transient: false });
  return path;
}
