/** What the gate says, as a NOTICE, of a statement that waits for a person. */
export interface HeldStatement {
  readonly id: string;
  readonly reason: string;
  /** Who may approve it, in words. */
  readonly by: string;
  readonly expires: Date;
}

interface NoticeFields {
  readonly message?: string | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
}

/** Undefined for every other notice. */
export function heldStatement({
  message = '',
  detail = '',
  hint = '',
}: NoticeFields): HeldStatement | undefined {
  const id = /^Gatehouse holds this statement for a person: request (\S+)$/.exec(message)?.[1];
  const until = /denied at (\d{4}-\d\d-\d\dT[\d:.]+Z)/.exec(hint)?.[1];
  if (id === undefined || until === undefined) return undefined;
  const by = /^It waits for (.+?)\. It is answered/.exec(hint)?.[1] ?? 'a person';
  return { id, reason: detail, by, expires: new Date(until) };
}

/** What an agent is told meanwhile. */
export function waitingWords({ id, reason, by, expires }: HeldStatement, now: Date): string {
  const seconds = Math.max(0, Math.round((expires.getTime() - now.getTime()) / 1000));
  const left = seconds >= 120 ? `${Math.floor(seconds / 60)} min` : `${seconds} s`;
  return `Waiting for ${by} to answer request ${id}: ${reason}. ${left} left; without an answer it is denied.`;
}
