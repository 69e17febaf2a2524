import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Denial } from '../../core/passage.ts';
import type { Catalog, CatalogView } from './catalog.ts';
import type { RowRewriter } from './expectation.ts';
import { exposureOf, type Exposure, MaskMap, planMasks, relationOf } from './mask-plan.ts';
import { RowMasker } from './masks/row-masker.ts';
import { valueMasker } from './masks/value-masker.ts';
import type { Reading } from './reading.ts';
import type { Withheld } from './run.ts';
import { sampleRow } from './sample-row.ts';
import type { Portal, Prepared } from './session-state.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/** How much of one value the record keeps. */
const sampleValueBytes = 1024;

/** A result on its way out. */
export interface ResultView {
  readonly rewriter: RowRewriter | undefined;
  sample(buffer: Buffer, start: number, end: number): readonly (string | null)[];
}

/** A text's masks against the catalog, as long as neither changes. */
interface Judgement {
  readonly catalog: CatalogView;
  readonly map: MaskMap;
  readonly exposure: Exposure;
}

/** Masks on results, for one session. `catalog` gives the one that the session sees now. */
export class ResultMasks {
  readonly #catalog: () => Catalog;
  readonly #key: Buffer;
  /** By the list of masks that the decision gave, whose identity a policy keeps; then by reading. */
  readonly #judgements = new WeakMap<readonly AppliedMask[], WeakMap<Reading['facts'], Judgement>>();

  constructor(catalog: () => Catalog, key: Buffer) {
    this.#catalog = catalog;
    this.#key = key;
  }

  /** Why a granted text cannot be sent on: what it gives out, or puts elsewhere, could not be masked. */
  refusal(reading: Reading, masks: readonly AppliedMask[]): Denial | undefined {
    if (masks.length === 0) return undefined;
    const { exposure, map, catalog } = this.#judge(reading, masks);
    if (writesValues(reading) && readsMasked(reading, map, catalog)) {
      return {
        cause: 'policy',
        message:
          'Gatehouse: the statement reads masked columns and writes, so it could put them where no mask is',
        hint: 'Write values that you know, and choose rows by columns that are not masked.',
      };
    }
    if (exposure.computed !== undefined && carriesValues(reading)) {
      return {
        cause: 'policy',
        message:
          'Gatehouse: the statement could put masked columns where no mask is, by a function with an effect',
        hint: 'Call the function in a statement that reads no masked column.',
      };
    }
    if (!reading.copiesOut || exposure.computed === undefined) return undefined;
    return {
      cause: 'policy',
      message: 'Gatehouse: COPY would give out masked columns, and its rows cannot be masked',
      hint: 'Read them with SELECT, which masks them, or COPY only columns that are not masked.',
    };
  }

  /** How much of an error's text may not go out with it. */
  withheld(reading: Reading, masks: readonly AppliedMask[]): Withheld {
    if (masks.length === 0 || !this.#judge(reading, masks).exposure.touches) return 'nothing';
    return reading.opaque ? 'all' : 'values';
  }

  /** A function's result has no columns; with masks in force it may hold anything. */
  refuseCall(masks: readonly AppliedMask[]): Denial | undefined {
    if (masks.length === 0) return undefined;
    return {
      cause: 'policy',
      message: 'Gatehouse: the result of a FunctionCall message cannot be masked',
      hint: 'Call the function with SELECT.',
    };
  }

  /** The result of a simple query; its columns are told as they come. */
  forQuery(reading: Reading, masks: readonly AppliedMask[]): QueryResult {
    return new QueryResult((fields) => this.#rewriter(reading, masks, fields));
  }

  /** Whether the columns must be known before rows come, and are not. */
  needsFields(portal: Portal): boolean {
    if (portal.masks.length === 0 || !this.#judge(portal.reading, portal.masks).exposure.touches)
      return false;
    return portal.prepared.described?.version !== this.#catalog().version;
  }

  /** The version of the catalog, to be taken when a description is asked for. */
  get version(): number {
    return this.#catalog().version;
  }

  learnStatement(prepared: Prepared, fields: readonly FieldDescription[], version: number): void {
    prepared.described = { fields, version };
  }

  learnPortal(portal: Portal, fields: readonly FieldDescription[]): void {
    portal.fields = fields;
    portal.run.columns = fields.map((field) => field.name);
  }

  /** The rows of a portal. Columns are looked at when the first row comes, after every Describe was answered. */
  forPortal(portal: Portal): ResultView {
    return new PortalResult(portal, (fields) => this.#rewriter(portal.reading, portal.masks, fields));
  }

  #judge(reading: Reading, masks: readonly AppliedMask[]): Judgement {
    let byReading = this.#judgements.get(masks);
    if (byReading === undefined) {
      byReading = new WeakMap();
      this.#judgements.set(masks, byReading);
    }
    const known = byReading.get(reading.facts);
    const catalog = reading.catalog ?? this.#catalog().view;
    if (known?.catalog === catalog) return known;
    const map = new MaskMap(masks, catalog);
    const judgement = { map, exposure: exposureOf(reading, map, catalog), catalog };
    byReading.set(reading.facts, judgement);
    return judgement;
  }

  #rewriter(
    reading: Reading,
    masks: readonly AppliedMask[],
    fields: readonly FieldDescription[] | undefined,
  ): RowRewriter | undefined {
    if (masks.length === 0) return undefined;
    const { map, exposure, catalog } = this.#judge(reading, masks);
    // Rows whose columns nobody told may not pass: this refuses any that has values.
    if (fields === undefined) return exposure.touches ? new RowMasker([]) : undefined;
    const plan = planMasks(fields, exposure, map, catalog);
    if (plan === undefined) return undefined;
    return new RowMasker(
      plan.map((mask, index) => {
        const field = fields[index];
        return mask === undefined || field === undefined
          ? undefined
          : valueMasker(mask, field.typeOid, field.format, this.#key);
      }),
    );
  }
}

type PlanRows = (fields: readonly FieldDescription[] | undefined) => RowRewriter | undefined;

/** The rows of a portal. */
class PortalResult implements ResultView {
  readonly #portal: Portal;
  readonly #plan: PlanRows;
  #looked = false;
  #fields: readonly FieldDescription[] | undefined;
  #rewriter: RowRewriter | undefined;

  constructor(portal: Portal, plan: PlanRows) {
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
  readonly #plan: PlanRows;
  #fields: readonly FieldDescription[] | undefined;

  constructor(plan: PlanRows) {
    this.#plan = plan;
  }

  learn(fields: readonly FieldDescription[]): void {
    this.#fields = fields;
    this.rewriter = this.#plan(fields);
  }

  sample(buffer: Buffer, start: number, end: number): readonly (string | null)[] {
    return sampleRow(buffer, start, end, this.#fields, sampleValueBytes);
  }
}

/** Kinds of actions that put values somewhere. A view keeps none: what it reads is masked when it is read. */
const writingKinds: ReadonlySet<string> = new Set(['insert', 'update']);

function writesValues(reading: Reading): boolean {
  return (
    reading.request.actions.some((action) => action.implied !== true && writingKinds.has(action.kind)) ||
    reading.facts.some((each) => each.node === 'CreateTableAsStmt') ||
    reading.request.actions.some((action) => action.kind === 'create' && action.facts.object === 'table')
  );
}

/** Built-in functions that put an argument where a later statement, or another session, finds it. */
const carriers =
  /^pg_catalog\.(set_config|setval|pg_notify|pg_logical_emit_message|lo_put|lo_from_bytea|lowrite|pg_(try_)?advisory_\w*lock\w*)$/;

function carriesValues(reading: Reading): boolean {
  return reading.request.actions.some(
    ({ kind, facts }) =>
      kind === 'call' && typeof facts.function === 'string' && carriers.test(facts.function),
  );
}

function readsMasked(reading: Reading, map: MaskMap, catalog: CatalogView): boolean {
  return reading.request.actions.some(({ kind, facts: { table, columns } }) => {
    if (kind !== 'select' || typeof table !== 'string' || typeof columns !== 'object') return false;
    const relation = relationOf(table, catalog);
    if (relation === undefined) return false;
    const masked = [...map.of(relation).keys()].map((attribute) => relation.columns.get(attribute));
    return masked.length > 0 && columns.some((column) => column === '*' || masked.includes(column));
  });
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
