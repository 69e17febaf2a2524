import type { RowRewriter } from './expectation.ts';
import { sampleRow } from './sample-row.ts';
import type { Portal } from './session-state.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/** How much of one value the record keeps. */
const sampleValueBytes = 1024;

/** A result on its way out. */
export interface ResultView {
  readonly rewriter: RowRewriter | undefined;
  sample(buffer: Buffer, start: number, end: number): readonly (string | null)[];
}

/** The rows of a portal. */
export class PortalResult implements ResultView {
  readonly #portal: Portal;
  readonly #plan: (fields: readonly FieldDescription[] | undefined) => RowRewriter | undefined;
  #looked = false;
  #fields: readonly FieldDescription[] | undefined;
  #rewriter: RowRewriter | undefined;

  constructor(
    portal: Portal,
    plan: (fields: readonly FieldDescription[] | undefined) => RowRewriter | undefined,
  ) {
    this.#portal = portal;
    this.#plan = plan;
  }

  get rewriter(): RowRewriter | undefined {
    this.#look();
    return this.#rewriter;
  }

  sample(buffer: Buffer, start: number, end: number): readonly (string | null)[] {
    this.#look();
    return sampleRow(buffer, start, end, this.#fields, sampleValueBytes);
  }

  #look(): void {
    if (this.#looked) return;
    this.#looked = true;
    this.#fields = this.#portal.fields ?? formatted(this.#portal);
    this.#rewriter = this.#plan(this.#fields);
  }
}

/** The result of a simple query, statement by statement. */
export class QueryResult implements ResultView {
  rewriter: RowRewriter | undefined;
  readonly #plan: (fields: readonly FieldDescription[], statement: number) => RowRewriter | undefined;
  #fields: readonly FieldDescription[] | undefined;

  constructor(plan: (fields: readonly FieldDescription[], statement: number) => RowRewriter | undefined) {
    this.#plan = plan;
  }

  /** @param statement How many statements of the text have completed before. */
  learn(fields: readonly FieldDescription[], statement: number): void {
    this.#fields = fields;
    this.rewriter = this.#plan(fields, statement);
  }

  sample(buffer: Buffer, start: number, end: number): readonly (string | null)[] {
    return sampleRow(buffer, start, end, this.#fields, sampleValueBytes);
  }
}

/** The columns of a prepared statement, in the formats that the Bind asked for. */
function formatted(portal: Portal): readonly FieldDescription[] | undefined {
  const { resultFormats, prepared } = portal;
  const fields = prepared.described?.fields;
  if (fields === undefined || resultFormats.length === 0) return fields;
  return fields.map((field, index) => ({
    ...field,
    format: (resultFormats[resultFormats.length === 1 ? 0 : index] ?? 0) === 1 ? 1 : 0,
  }));
}
