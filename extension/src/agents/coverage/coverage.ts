import type { Exposure, Finding, RecordLine, ToldAgent } from '@gatehouse/daemon/control/messages.ts';

/** By which way an agent comes to the gate. */
export type Way = 'plugin' | 'files' | 'user-files' | 'terminal' | 'token';

export interface CoveredAgent {
  /** As policies and records know it. */
  readonly name: string;
  readonly title: string;
  /** Empty: it reaches nothing through the gate. */
  readonly ways: readonly Way[];
  /** Milliseconds since 1970, of the last that the record has of it. */
  readonly lastSeen?: number;
  /** Sessions that are open now. */
  readonly open: number;
  readonly requests: number;
  readonly denied: number;
  /** Processes of it that work here now and were not started through the gate. */
  readonly loose: number;
  /** Whether its own files can connect it. */
  readonly connectable: boolean;
}

/** How well a folder's resources are held. `unknown`: nobody has looked yet, or looking failed. */
export type Verdict =
  | { readonly kind: 'unknown'; readonly problem?: string }
  | { readonly kind: 'enforced' }
  | { readonly kind: 'steered'; readonly direct: number };

/** "Enforced" is said only where no direct credential is within reach, and everything was looked into. */
export function verdictOf(exposure: Exposure): Verdict {
  const direct = exposure.findings.filter(({ level }) => level === 'direct').length;
  if (direct > 0) return { kind: 'steered', direct };
  if (exposure.unread.length > 0)
    return { kind: 'unknown', problem: exposure.unread.map(({ file, why }) => `${file}: ${why}`).join('\n') };
  return { kind: 'enforced' };
}

/** What the record says of an agent, over its tasks and resources. */
export interface SeenAgent {
  readonly agent: string;
  readonly task: string;
  readonly open: number;
  readonly requests: number;
  readonly denied: number;
  readonly lastAt: string;
}

const dayMs = 24 * 60 * 60 * 1000;

const titles: Readonly<Record<string, string>> = {
  copilot: 'Copilot',
  agent: 'Agent terminal',
  terminal: 'Your terminals',
};

/** All agents that were seen or could be, those that are not led first. */
export function agentsCovered(
  told: readonly ToldAgent[],
  seen: readonly SeenAgent[],
  copilot: 'on' | 'off' | 'absent',
  now = Date.now(),
): readonly CoveredAgent[] {
  const names = new Set([
    ...told
      .filter(({ installed, connected }) => installed || connected.workspace || connected.user)
      .map(({ name }) => name),
    ...(copilot === 'absent' ? [] : ['copilot']),
    ...seen.map(({ agent }) => agent),
  ]);
  return [...names]
    .map((name) =>
      coveredAgent(
        name,
        told.find((each) => each.name === name),
        seen,
        copilot,
        now,
      ),
    )
    .sort((one, other) => rank(one) - rank(other) || one.title.localeCompare(other.title));
}

function rank({ ways }: CoveredAgent): number {
  return ways.length === 0 ? 0 : 1;
}

function coveredAgent(
  name: string,
  told: ToldAgent | undefined,
  seen: readonly SeenAgent[],
  copilot: 'on' | 'off' | 'absent',
  now: number,
): CoveredAgent {
  const mine = seen.filter(({ agent }) => agent === name);
  const ways: Way[] = [
    ...(name === 'copilot' && copilot === 'on' ? (['plugin'] as const) : []),
    ...(told?.connected.workspace === true ? (['files'] as const) : []),
    ...(told?.connected.user === true ? (['user-files'] as const) : []),
    ...(mine.some(({ task }) => /^terminal /.test(task)) ||
    told?.running.some(({ through }) => through) === true
      ? (['terminal'] as const)
      : []),
  ];
  const last = Math.max(...mine.map(({ lastAt }) => Date.parse(lastAt)));
  // It is here, or was today, so something leads it: `gatehouse exec`, or a token that it was given.
  const isRecent = mine.some(({ open }) => open > 0) || now - last < dayMs;
  if (ways.length === 0 && isRecent) ways.push('token');
  const sum = (of: (each: SeenAgent) => number) => mine.reduce((total, each) => total + of(each), 0);
  return {
    name,
    title: told?.title ?? titles[name] ?? name,
    ways,
    ...(Number.isFinite(last) ? { lastSeen: last } : {}),
    open: sum(({ open }) => open),
    requests: sum(({ requests }) => requests),
    denied: sum(({ denied }) => denied),
    loose: told?.running.filter(({ through }) => !through).length ?? 0,
    connectable: told !== undefined,
  };
}

/** Whether lines of the record change what is known of agents. */
export function tellsOfAgents(lines: readonly RecordLine[]): boolean {
  return lines.some(({ kind }) => kind === 'session.opened' || kind === 'session.closed');
}

/** Tells a finding from others from one look to the next, also where it became another kind meanwhile. */
export function keyOf({ place }: Finding): string {
  return place.kind === 'variable' ? `$${place.name}` : `${place.file}:${place.line ?? 0}`;
}
