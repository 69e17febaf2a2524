import type { AccessAnswer, AccessRequest, HeldApproval } from '@gatehouse/daemon/control/messages.ts';

/** Which gate, by its folder's URI, and its name where there are several. */
export interface OfGate {
  readonly folder: string;
  readonly folderName?: string;
}

export interface HeldCard extends OfGate {
  readonly held: HeldApproval;
}

/** An agent asks for access; nothing waits for the answer. */
export interface AccessCard extends OfGate {
  readonly request: AccessRequest;
}

/** A change of the policy files that waits, or files with errors. */
export type PolicyCard = OfGate &
  (
    | { readonly kind: 'pending'; readonly digest: string; readonly loosens: readonly string[] }
    | { readonly kind: 'broken'; readonly problems: readonly string[] }
  );

export type ToApprovals =
  | {
      readonly kind: 'show';
      readonly held: readonly HeldCard[];
      readonly policies: readonly PolicyCard[];
      readonly access: readonly AccessCard[];
    }
  /** An answer was not taken; words for the person, on the card while that is there. */
  | { readonly kind: 'refused'; readonly id: string; readonly words: string }
  /** Put the cursor on the first card, or on this one. */
  | { readonly kind: 'focus'; readonly id?: string };

export type Answer =
  | { readonly answer: 'approve'; readonly scope: 'once' | 'shape' }
  | { readonly answer: 'deny'; readonly reason: string };

export type FromApprovals =
  | { readonly kind: 'ready' }
  | ({ readonly kind: 'answer'; readonly folder: string; readonly id: string } & Answer)
  | { readonly kind: 'openRule'; readonly folder: string; readonly file: string; readonly line: number }
  | { readonly kind: 'openSession'; readonly folder: string; readonly session: string }
  | { readonly kind: 'makeRule'; readonly folder: string; readonly approval: string }
  | {
      readonly kind: 'answerAccess';
      readonly folder: string;
      readonly id: string;
      readonly answer: AccessAnswer['kind'];
    }
  | { readonly kind: 'openPolicy'; readonly folder: string }
  /** Look at what a waiting change of the policy is made of. */
  | { readonly kind: 'review'; readonly folder: string }
  /** Put it in force; `digest` is what the person saw. */
  | { readonly kind: 'accept'; readonly folder: string; readonly digest: string }
  | { readonly kind: 'problems' };
