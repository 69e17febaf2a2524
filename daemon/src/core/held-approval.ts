/** A request that waits, as people and the control API see it. Times are ISO 8601. */
export interface HeldApproval {
  readonly id: string;
  readonly session: string;
  readonly resource: string;
  readonly person: string;
  readonly agent: string;
  readonly text: string;
  readonly parameters?: readonly (string | null)[];
  readonly reason: string;
  readonly actions: readonly string[];
  readonly rules: readonly string[];
  readonly by: readonly (readonly string[])[];
  readonly asked: string;
  readonly expires: string;
}
