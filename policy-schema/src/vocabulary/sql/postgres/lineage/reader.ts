import type { Node } from 'libpg-query';
import { anything, depends, flowOf, Flows, type Value } from './flow.ts';
import type { BaseColumn, Flow, Lineage, MadeColumn, Operand, Use, UsePlace, Write } from './lineage.ts';
import type { LineageFunction, LineageRelation } from './lineage-catalog.ts';
import type { Output, Scope } from './scope.ts';
import { ConstantTokens } from './constant-token.ts';

/** Takes what a query gives for one column after the other, where it goes into the columns of a table. */
export interface Sink {
  /** The type of the column that is written, undefined where nobody knows; `part`: only a part of it is. */
  type(index: number): number | 'part' | undefined;
  put(index: number, operand: Operand): void;
}

/** Where a value is put: each of the columns, or one that only its name tells of. */
export interface WriteTarget {
  readonly columns: readonly BaseColumn[];
  readonly made?: MadeColumn;
}

/** What a statement gives back: everything of its lineage but what is gathered on the way. */
export type StatementResult = Pick<Lineage, 'form' | 'refersTo'> & { readonly output: Output };

/** The parts of the reading, which call each other in circles. */
export interface Parts {
  value(node: Node, scope: Scope, reader: LineageReader): Value;
  condition(node: Node, place: UsePlace, scope: Scope, reader: LineageReader): void;
  query(node: Node, scope: Scope, reader: LineageReader, sink?: Sink): Output;
  statement(node: Node, scope: Scope, reader: LineageReader): StatementResult;
}

/** Gathers the lineage of one statement. */
export class LineageReader {
  readonly flows: Flows;
  readonly constants: ConstantTokens;
  readonly uses: Use[] = [];
  readonly writes: Write[] = [];
  readonly exposed = new Set<number>();
  /** Views that were read already; `open`: being read. */
  readonly views = new Map<LineageRelation, Output | 'open'>();
  /** Functions whose bodies are being read. */
  readonly open = new Set<LineageFunction>();
  /** Keys of the tables that were met, by OID. */
  readonly keys = new Map<number, LineageRelation['keys']>();
  /** Columns of the tables that were met that something looks at when they are written, by OID. */
  readonly checked = new Map<number, ReadonlySet<number>>();
  code = false;
  keepsText = false;
  readonly #parts: Parts;
  readonly #seen = new WeakMap<object, Set<string>>();
  #quiet = 0;

  constructor(text: string, parts: Parts) {
    this.flows = new Flows(text.length);
    this.constants = new ConstantTokens(text);
    this.#parts = parts;
  }

  /** What an expression gives; NULL where there is none. */
  value(node: Node, scope: Scope): Value {
    this.flows.spend();
    return this.#parts.value(node, scope, this);
  }

  values(nodes: readonly Node[] | undefined, scope: Scope): Value[] {
    return (nodes ?? []).map((node) => this.value(node, scope));
  }

  /** Something that decides by being true. */
  condition(node: Node | undefined, place: UsePlace, scope: Scope): void {
    if (node === undefined) return;
    this.flows.spend();
    this.#parts.condition(node, place, scope, this);
  }

  query(node: Node, scope: Scope, sink?: Sink): Output {
    this.flows.spend();
    return this.#parts.query(node, scope, this, sink);
  }

  statement(node: Node, scope: Scope): StatementResult {
    return this.#parts.statement(node, scope, this);
  }

  /** Read without noting uses and writes, of what the caller did not choose or what is read once more. */
  quietly<Result>(read: () => Result): Result {
    this.#quiet++;
    try {
      return read();
    } finally {
      this.#quiet--;
    }
  }

  /** Whether what is read now is noted. */
  get isQuiet(): boolean {
    return this.#quiet > 0;
  }

  #note(use: Use): void {
    if (this.isQuiet) return;
    this.flows.spend();
    this.uses.push(use);
  }

  /** Values decide about something. Said once of the same columns. */
  used(kind: 'condition' | 'grouping' | 'key', place: UsePlace, value: Flow): void {
    if (!depends(value) || this.#isKnown(`${kind} ${place}`, value)) return;
    const flow = flowOf(value);
    if (kind === 'condition') this.#note({ kind, place, value: flow });
    else this.#note({ kind: 'grouping', place, value: flow, key: kind === 'key' });
  }

  /** @param by what may fail or act: `schema.function`, an operator, a type */
  risk(place: UsePlace, values: readonly Flow[], by: string): void {
    const value = this.flows.together(values);
    if (!depends(value) || this.#isKnown(`risk ${place} ${by}`, value)) return;
    this.#note({ kind: 'risk', place, value: flowOf(value), by });
  }

  #isKnown(what: string, { origins, anything: any }: Flow): boolean {
    if (this.isQuiet) return true;
    const key = any ? `${what} *` : what;
    const known = this.#seen.get(origins);
    if (known === undefined) this.#seen.set(origins, new Set([key]));
    else if (known.has(key)) return true;
    else known.add(key);
    return false;
  }

  /** @param value a copy of one column */
  equality(place: UsePlace, value: Flow, operands: readonly Operand[]): void {
    this.#note({ kind: 'equality', place, value: flowOf(value), with: operands });
  }

  put({ columns, made }: WriteTarget, value: Operand): void {
    for (const target of columns) this.write({ target, value });
    if (made !== undefined) this.write({ target: undefined, made, value });
  }

  write(write: Write): void {
    if (this.isQuiet) return;
    this.flows.spend();
    const { target } = write;
    const checked = target === undefined ? undefined : this.checked.get(target.relation);
    const isChecked =
      checked !== undefined && (target?.attribute === 0 || checked.has(target?.attribute ?? 0));
    this.writes.push(isChecked ? { ...write, checked: true } : write);
  }

  /** Code that nobody read is run. @returns what it gives, which may be anything */
  unread(): Value {
    this.code = true;
    return anything;
  }
}

export function valueOperand(value: Flow): Operand {
  return { kind: 'value', flow: flowOf(value) };
}
