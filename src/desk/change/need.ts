// One thing that one request still needs: those that are about the same become one sentence.
import type { Request } from '../../domain/request.ts';
import { plural } from '../../domain/words.ts';

export type NeedKind =
  'desk' | 'flow' | 'target' | 'approvers' | 'integration' | 'secret' | 'person' | 'account';

export interface Need {
  readonly kind: NeedKind;
  readonly loud: boolean;
  readonly file: string;
  readonly request: Request;
  readonly about: string;
  readonly say: (count: number) => string;
}

export const many = (count: number, what: string): string => `${count} ${plural(count, what)}`;

/** Whether something is to be granted once it is approved, or at once. */
export function isToBeGranted({ phase, policy }: Request): boolean {
  return policy.strategy !== undefined && (phase.status === 'pending' || phase.status === 'approved');
}
