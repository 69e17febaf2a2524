import type { Lineage } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage.ts';
import type { LineageCatalog } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/lineage-catalog.ts';
import { executed, fetched } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/references.ts';
import {
  readText,
  type TextLineage,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/text-lineage.ts';
import type { TakenNames } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/taken-names.ts';
import type { Reading } from './reading.ts';
import type { Prepared, SessionState } from './session-state.ts';

/** The lineage of one statement, an EXECUTE or FETCH followed to what it runs. */
export interface Traced {
  readonly lineage: Lineage;
  /** What the server has kept of prepared statements that it runs: tokens in their texts were turned back before. */
  readonly kept: readonly Kept[];
  /** It executes a prepared statement by this name, which nobody here knows. */
  readonly missing?: string;
  readonly takes?: TakenNames;
}

export interface Kept {
  readonly prepared: Prepared;
  /** Its operands stand in the text of `prepared`. */
  readonly lineage: Lineage;
}

/** EXECUTEs of statements that are themselves EXECUTEs, before that is taken for a circle. */
const deepest = 4;

const unknown: Lineage = {
  form: 'unknown',
  columns: [],
  uses: [],
  writes: [],
  code: true,
  keepsText: false,
  exposedParameters: [],
};

/** Traces the statements of texts, for one session, and keeps what its cursors read. */
export class StatementLineage {
  readonly #state: SessionState;
  /** By reading, which is another object for another version of the catalog. */
  readonly #traced = new WeakMap<Reading, readonly Traced[]>();

  constructor(state: SessionState) {
    this.#state = state;
  }

  /**
   * The lineage of each statement of a reading; undefined when its text cannot be read here.
   * @param prepared what it was read from, where that is no simple query
   * @param unsureCursors names of cursors that the batch under way may have given to others
   */
  trace(
    reading: Reading,
    prepared: Prepared | undefined,
    catalog: LineageCatalog,
    isUnsure: (cursor: string) => boolean,
  ): readonly Traced[] | undefined {
    const known = this.#traced.get(reading);
    if (known !== undefined) return known;
    const texts = this.#read(reading.request.text, prepared, catalog);
    if (texts === undefined) return undefined;
    const traced = texts.map((each, index) =>
      this.#follow(each, texts.slice(0, index), catalog, isUnsure, 0),
    );
    this.#traced.set(reading, traced);
    return traced;
  }

  #read(
    text: string,
    prepared: Prepared | undefined,
    catalog: LineageCatalog,
  ): readonly TextLineage[] | undefined {
    const texts = readText(text, catalog);
    if (prepared?.bySql === undefined) return texts;
    const own = texts?.findLast((each) => each.prepares === prepared.name);
    return own === undefined ? undefined : [{ lineage: { ...own.lineage, keepsText: false } }];
  }

  /** @param before the statements before it in the same text */
  #follow(
    { lineage, takes }: TextLineage,
    before: readonly TextLineage[],
    catalog: LineageCatalog,
    isUnsure: (cursor: string) => boolean,
    depth: number,
  ): Traced {
    const { refersTo } = lineage;
    if (refersTo === undefined) return { lineage, kept: [], ...(takes === undefined ? {} : { takes }) };
    const { name } = refersTo;
    if (refersTo.kind === 'cursor') {
      const here = before.findLast((each) => each.declares === name)?.lineage;
      const declared = here ?? (isUnsure(name) ? undefined : this.#declared(name));
      return { lineage: declared === undefined ? unknown : fetched(declared), kept: [] };
    }
    const here = before.findLast((each) => each.prepares === name)?.lineage;
    if (here !== undefined) return { lineage: executed(lineage, here, refersTo.arguments), kept: [] };
    const prepared = this.#state.statement(name);
    const [own] = (prepared && this.#read(prepared.text, prepared, catalog)) ?? [];
    if (prepared === undefined || own === undefined || depth === deepest)
      return { lineage: unknown, kept: [], missing: name };
    const inner = this.#follow(own, [], catalog, isUnsure, depth + 1);
    return {
      ...inner,
      lineage: executed(lineage, inner.lineage, refersTo.arguments),
      kept: [...inner.kept, { prepared, lineage: inner.lineage }],
    };
  }

  /** What a cursor, or the portal of that name, reads; undefined when nobody looked while it was opened. */
  #declared(name: string): Lineage | undefined {
    const reading = this.#state.cursors.get(name);
    if (reading === undefined) return undefined;
    const traced = this.#traced.get(reading);
    const index = reading.statements.findLastIndex(({ session }) =>
      session.some((effect) => effect.kind === 'declare' && effect.cursor === name),
    );
    // A portal that a Bind message made is its one statement.
    return traced?.[Math.max(index, 0)]?.lineage;
  }
}
