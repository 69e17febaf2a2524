import type { TurnedText } from './masks/detokenize-text.ts';
import type { ProbeAnswer } from './probe.ts';
import type { Run } from './run.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/** Rewrites DataRow messages; what it returns stays valid until the outlet was flushed. */
export interface RowRewriter {
  mask(buffer: Buffer, start: number, end: number): { buffer: Buffer; start: number; end: number };
}

interface Rows {
  readonly run: Run;
  /** The text that was sent, where it is not the client's. */
  readonly text: TurnedText | undefined;
  /** It may ask the client for COPY data. */
  readonly copiesIn: boolean;
  /** The rewriter of the rows that come now; undefined: they pass as they are. */
  readonly masker: () => RowRewriter | undefined;
  /** A row as text for the record. */
  readonly sample: (buffer: Buffer, start: number, end: number) => readonly (string | null)[];
}

/** What the server owes for a message that was sent to it. */
export type Expectation =
  | { readonly kind: 'parse'; readonly done: () => void; readonly text: TurnedText | undefined }
  | { readonly kind: 'close'; readonly done: () => void }
  | {
      readonly kind: 'bind';
      readonly run: Run;
      readonly done: () => void;
      readonly text: TurnedText | undefined;
    }
  | {
      readonly kind: 'describe';
      /** Asked by the gate itself; the client must not see the answer. */
      readonly hidden: boolean;
      /** The columns, [] for NoData; and the types of a statement's parameters. */
      readonly learn: (fields: readonly FieldDescription[], parameters: readonly number[]) => void;
      parameters?: readonly number[];
    }
  | ({
      readonly kind: 'execute';
      readonly done: (tag: string) => void;
      readonly suspended: () => void;
    } & Rows)
  /** A simple query: several results, then ReadyForQuery. */
  | ({
      readonly kind: 'query';
      /** The tag of the last statement that completed. */
      tag: string;
      readonly learn: (fields: readonly FieldDescription[]) => void;
      readonly done: (tag: string) => void;
    } & Rows)
  | { readonly kind: 'call'; readonly run: Run }
  | { readonly kind: 'sync' }
  /** The gate's own query; its answer stays in the gate. */
  | {
      readonly kind: 'probe';
      readonly keepRows: boolean;
      readonly rows: (readonly (string | null)[])[];
      tag: string;
      error?: Error;
      readonly settle: (result: ProbeAnswer | Error) => void;
    }
  /**
   * A text that the server is sure to refuse, so that it ends the transaction as it would have for the denied one.
   * Its error is replaced by the gate's. `poison-query` is sent as a simple query and ends with ReadyForQuery.
   */
  | { readonly kind: 'poison' | 'poison-query'; readonly instead: Buffer }
  /** The gate's own answer, in its place between the server's. */
  | { readonly kind: 'local'; readonly bytes: Buffer };

export type ResultExpectation = Extract<
  Expectation,
  { kind: 'parse' | 'bind' | 'close' | 'describe' | 'execute' | 'local' }
>;

/** Whether ReadyForQuery answers it. */
export function endsBatch(
  each: Expectation,
): each is Exclude<Expectation, ResultExpectation | { kind: 'poison' }> {
  return (
    each.kind === 'sync' ||
    each.kind === 'query' ||
    each.kind === 'call' ||
    each.kind === 'probe' ||
    each.kind === 'poison-query'
  );
}
