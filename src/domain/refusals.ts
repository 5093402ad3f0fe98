// The product's ways to say no: a code with the facts that make it a sentence. The sentences are in words.ts.
import type { Status } from './request.ts';
import type { Account, Group, Milliseconds, PersonId, RequestId } from './names.ts';

export type Refusal =
  /** The flow's code stopped it, in its own words. */
  | { readonly code: 'ignored-by-code'; readonly message: string }
  | { readonly code: 'code-unavailable'; readonly hook: string; readonly why: string }
  | { readonly code: 'unlinked-account'; readonly name: string; readonly account?: Account }
  /** A line for linking an account that is none of ours, or no longer good; `changed`: it says something else than we wrote. */
  | { readonly code: 'link-not-valid'; readonly why: 'code' | 'changed' | 'answer' }
  | {
      readonly code: 'may-not-link';
      readonly why: 'guest' | 'not-a-colleague' | 'other-workspace' | 'too-many';
    }
  /** The account counts as somebody already. */
  | { readonly code: 'account-taken'; readonly account: Account; readonly person?: PersonId }
  /** The person has another account in the workspace. */
  | { readonly code: 'has-another-account'; readonly person: PersonId }
  | { readonly code: 'nothing-to-unlink'; readonly account?: string }
  | { readonly code: 'may-not-unlink'; readonly account: string }
  /** An account in a service that was found by an e-mail address, as in `okta:00u1a2b3c4`. */
  | { readonly code: 'nothing-to-forget'; readonly account: string }
  | { readonly code: 'may-not-forget'; readonly account: string }
  | { readonly code: 'unknown-flow'; readonly flow: string; readonly known: readonly string[] }
  | { readonly code: 'flow-unavailable'; readonly flow: string; readonly why: string }
  | { readonly code: 'wrong-source'; readonly flow: string }
  | { readonly code: 'not-a-requester'; readonly flow: string; readonly groups: readonly Group[] }
  /** The flow's code says that it is not for them, or not now. */
  | { readonly code: 'not-available'; readonly flow: string; readonly why: string }
  | { readonly code: 'invalid-form'; readonly problems: readonly FormProblem[] }
  | { readonly code: 'no-step-applies'; readonly flow: string }
  | { readonly code: 'already-held'; readonly target: string; readonly holds: string }
  | { readonly code: 'no-identity'; readonly service: string; readonly why: string }
  | { readonly code: 'self-approval' }
  | {
      readonly code: 'not-an-approver';
      readonly waitingFor: readonly { readonly step: string; readonly groups: readonly Group[] }[];
      /** Whether they are an admin, who could stand in. */
      readonly mayStandIn?: true;
    }
  | { readonly code: 'not-yet-asked'; readonly step: string; readonly needs: readonly string[] }
  | { readonly code: 'already-approved' }
  | { readonly code: 'step-already-met'; readonly steps: readonly string[] }
  | {
      readonly code: 'lookup-failed';
      readonly what: string;
      readonly why: string;
      readonly mayStandIn?: true;
    }
  | { readonly code: 'too-late'; readonly status: Status }
  | { readonly code: 'not-active'; readonly status: Status }
  | { readonly code: 'not-allowed-to-revoke'; readonly by: readonly string[] }
  | { readonly code: 'not-the-requester'; readonly requester: PersonId; readonly what?: 'extend' }
  | { readonly code: 'already-ending' }
  | {
      readonly code: 'message-required';
      readonly what: 'approving' | 'denying' | 'standing in' | 'reviewing';
    }
  /** What an approver may grant is less than `most`; absent where there is nothing to shorten. */
  | { readonly code: 'not-less'; readonly most?: Milliseconds }
  | { readonly code: 'not-an-admin' }
  /** `steps` are met by their own people only. */
  | { readonly code: 'no-step-to-stand-in'; readonly steps: readonly string[] }
  | {
      readonly code: 'held-by-rule';
      readonly rules: readonly { readonly rule: string; readonly why: string }[];
      /** Nothing waits for it: nobody may break the glass meanwhile. */
      readonly what?: 'break-glass';
    }
  | { readonly code: 'denied-by-rule'; readonly rule: string; readonly because?: string }
  | {
      readonly code: 'not-extendable';
      readonly why: 'not-offered' | 'no-end' | 'often-enough' | 'not-active' | 'break-glass';
    }
  | { readonly code: 'extension-too-long'; readonly total: Milliseconds; readonly most: Milliseconds }
  | { readonly code: 'extension-open'; readonly total: Milliseconds }
  /** What was shown when the button was pressed is decided; something else is asked now. */
  | { readonly code: 'another-matter' }
  /** Nobody may break the glass there, or not they. */
  | { readonly code: 'break-glass-not-offered'; readonly flow: string }
  | { readonly code: 'not-for-break-glass'; readonly flow: string; readonly groups: readonly Group[] }
  /** Whoever broke the glass before and was not reviewed in time. */
  | { readonly code: 'review-overdue'; readonly flow: string; readonly request: RequestId }
  | {
      readonly code: 'nothing-to-review';
      readonly why: 'no-break-glass' | 'not-there-yet' | 'reviewed';
    }
  | { readonly code: 'own-review' }
  | { readonly code: 'not-a-reviewer'; readonly groups: readonly Group[] }
  | { readonly code: 'please-repeat' }
  /** A newer Countersign wrote part of it. */
  | { readonly code: 'read-only' }
  | { readonly code: 'desk-frozen'; readonly why: string }
  | { readonly code: 'desk-unsafe'; readonly risks: readonly string[] };

export type RefusalCode = Refusal['code'];

export interface FormProblem {
  /** The field, or `target`, `duration`, `confirm`, or `break-glass` for why it cannot wait. */
  readonly at: string;
  readonly code:
    | 'required'
    | 'unknown-field'
    | 'not-asked'
    | 'wrong-type'
    | 'not-an-option'
    | 'no-options'
    | 'no-match'
    | 'too-long'
    | 'unbound';
  readonly sentence: string;
}
