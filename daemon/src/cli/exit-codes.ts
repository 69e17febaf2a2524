/** What every command ends with; `gatehouse help exit-codes` in words. */
export const exitCodes = {
  ok: 0,
  /** It ran, and the answer is no: findings, a denial, a broken chain. */
  no: 1,
  /** It could not run: wrong usage, no daemon, no workspace. */
  unable: 2,
  /** `decide`: a person would have to approve. */
  approve: 3,
} as const;

export type ExitCode = number;
