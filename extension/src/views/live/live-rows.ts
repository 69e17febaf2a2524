import type { RecordLine, RuleRow } from '@gatehouse/daemon/control/messages.ts';
import type { LiveRow } from './messages.ts';

type Line<Kind extends RecordLine['kind']> = Extract<RecordLine, { kind: Kind }>;

interface Who {
  readonly agent: string;
  readonly resource: string;
  readonly protocol: string;
}

export const maxRows = 10_000;
const longestText = 400;

/** The requests of one folder's record, as lines of a list; kept true as records come. */
export class LiveRows {
  readonly #folder: string;
  /** By key, in the order in which they happened. */
  readonly #rows = new Map<string, LiveRow>();
  readonly #byRequest = new Map<string, string>();
  readonly #byApproval = new Map<string, string>();
  readonly #sessions = new Map<string, Who>();
  /** Sessions of rows whose agent is not known: they began before anything was heard. */
  readonly #unknown = new Set<string>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  get all(): readonly LiveRow[] {
    return [...this.#rows.values()];
  }

  get(key: string): LiveRow | undefined {
    return this.#rows.get(key);
  }

  get unknown(): ReadonlySet<string> {
    return this.#unknown;
  }

  /** Take records in. @returns the rows that are new or have changed */
  take(lines: readonly RecordLine[]): readonly LiveRow[] {
    const changed = new Set<string>();
    for (const line of lines) {
      const key = this.#takeOne(line);
      if (key !== undefined) changed.add(key);
    }
    this.#forget();
    return this.#only(changed);
  }

  /** Say whose a session is. @returns the rows that have changed */
  learn(session: string, who: Who): readonly LiveRow[] {
    this.#sessions.set(session, who);
    this.#unknown.delete(session);
    const changed = new Set<string>();
    for (const [key, row] of this.#rows) {
      if (row.session !== session) continue;
      const { agent, resource, protocol } = who;
      this.#rows.set(key, { ...row, agent, resource, protocol });
      changed.add(key);
    }
    return this.#only(changed);
  }

  #only(keys: ReadonlySet<string>): readonly LiveRow[] {
    return [...keys].flatMap((key) => this.#rows.get(key) ?? []);
  }

  #takeOne(line: RecordLine): string | undefined {
    switch (line.kind) {
      case 'session.opened':
        this.#sessions.set(line.session, {
          agent: line.principal.agent,
          resource: line.resource,
          protocol: line.protocol,
        });
        return undefined;
      case 'approval.asked':
        return this.#asked(line);
      case 'approval.answered':
        return this.#withdrawn(line);
      case 'request.decided':
        return this.#decided(line);
      case 'request.answered':
        return this.#answered(line);
      default:
        return undefined;
    }
  }

  #asked(line: Line<'approval.asked'>): string {
    const key = this.#keyOf(line.seq);
    this.#byApproval.set(line.approval, key);
    this.#rows.set(key, {
      ...this.#about(line),
      key,
      look: 'waiting',
      at: line.at,
      request: line.approval,
      text: oneLine(line.text),
      prepared: false,
      rules: [],
      reason: line.reason,
    });
    return key;
  }

  /** What nobody approved and nothing decides: the client went, or the time. What is decided then says so itself. */
  #withdrawn({ approval, answer, reason }: Line<'approval.answered'>): string | undefined {
    const key = this.#byApproval.get(approval);
    const row = key === undefined ? undefined : this.#rows.get(key);
    if (key === undefined || row?.look !== 'waiting' || answer === 'approved') return undefined;
    this.#rows.set(key, { ...row, look: 'deny', reason: reason ?? row.reason });
    return key;
  }

  #decided(line: Line<'request.decided'>): string {
    const key = (line.approval && this.#byApproval.get(line.approval)) ?? this.#keyOf(line.seq);
    this.#byRequest.set(line.request, key);
    this.#rows.set(key, {
      ...this.#about(line),
      key,
      seq: line.seq,
      look: line.effect,
      at: line.at,
      request: line.request,
      text: oneLine(line.text),
      prepared: line.stage === 'prepare',
      rules: rulesBehind(line),
      reason: line.reason.replace(/^Gatehouse: /, ''),
    });
    return key;
  }

  #answered({ request, outcome, rows, durationMs }: Line<'request.answered'>): string | undefined {
    const key = this.#byRequest.get(request);
    const row = key === undefined ? undefined : this.#rows.get(key);
    if (key === undefined || row === undefined) return undefined;
    this.#rows.set(key, { ...row, outcome, rows, durationMs });
    return key;
  }

  #about({ session }: { readonly session: string }): Who & Pick<LiveRow, 'session' | 'folder'> {
    const known = this.#sessions.get(session);
    if (known === undefined) this.#unknown.add(session);
    const who = known ?? { agent: '', resource: '', protocol: 'postgres' };
    return { ...who, session, folder: this.#folder };
  }

  #keyOf(seq: number): string {
    return `${this.#folder}#${seq}`;
  }

  #forget(): void {
    if (this.#rows.size <= maxRows) return;
    for (const [key, { request }] of this.#rows) {
      if (this.#rows.size <= maxRows) return;
      this.#rows.delete(key);
      this.#byRequest.delete(request);
      this.#byApproval.delete(request);
    }
  }
}

/** The rules that speak for the answer, each once; where a person refused, those that asked. */
export function rulesBehind({ effect, approval, actions }: Line<'request.decided'>): readonly RuleRow[] {
  const spoken = effect === 'deny' && approval !== undefined ? 'approve' : effect;
  const found = new Map<string, RuleRow>();
  for (const action of actions) {
    if (action.effect !== spoken) continue;
    for (const { policy, rule, effect: own, location } of action.rules)
      found.set(`${policy}/${rule}`, { policy, rule, effect: own, file: location.file, line: location.line });
  }
  return [...found.values()];
}

function oneLine(text: string): string {
  const line = text
    .slice(0, longestText * 2)
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > longestText ? `${line.slice(0, longestText)}…` : line;
}
