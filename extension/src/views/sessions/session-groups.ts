import type { SessionRow } from '@gatehouse/daemon/control/messages.ts';

/** How the tree puts sessions together. */
export type Grouping = 'agent' | 'resource' | 'day';

export interface SessionFilter {
  /** A part of the agent, the resource, the task or the person, whatever its case. */
  readonly text?: string;
  readonly only?: 'open' | 'denied';
}

export interface SessionGroup {
  readonly key: string;
  /** Newest first. */
  readonly sessions: readonly SessionRow[];
}

/** Sessions by what they share, in the order of their newest ones. @param rows newest first */
export function groupsOf(
  rows: readonly SessionRow[],
  grouping: Grouping,
  filter: SessionFilter,
): readonly SessionGroup[] {
  const groups = new Map<string, SessionRow[]>();
  for (const row of rows) {
    if (!fits(row, filter)) continue;
    const key = keyOf(row, grouping);
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups].map(([key, sessions]) => ({ key, sessions }));
}

function keyOf({ agent, resource, openedAt }: SessionRow, grouping: Grouping): string {
  switch (grouping) {
    case 'agent':
      return agent;
    case 'resource':
      return resource;
    case 'day':
      return dayKey(new Date(openedAt));
  }
}

/** The day where the person is, as `2026-05-04`. */
export function dayKey(time: Date): string {
  const two = (part: number) => String(part).padStart(2, '0');
  return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
}

function fits(
  { agent, resource, task, person, state, denied }: SessionRow,
  { text = '', only }: SessionFilter,
): boolean {
  if (only === 'open' && state !== 'open') return false;
  if (only === 'denied' && denied === 0) return false;
  const wanted = text.trim().toLowerCase();
  return [agent, resource, task, person].some((each) => each.toLowerCase().includes(wanted));
}

/** The worst that became of a session's requests. */
export function worstOf({ denied, approved, requests }: SessionRow): 'deny' | 'approve' | 'allow' | 'none' {
  if (denied > 0) return 'deny';
  if (approved > 0) return 'approve';
  return requests > 0 ? 'allow' : 'none';
}
