import type { AppliedMask } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Awaitable } from '../../core/awaitable.ts';
import { ProtocolFault } from '../../core/faults.ts';
import type { Denial } from '../../core/passage.ts';
import type { Catalog } from './catalog.ts';
import { planColumns } from './column-plan.ts';
import type { RowRewriter } from './expectation.ts';
import type { ColumnMask, Columns } from './judge/judge.ts';
import { MaskMap } from './mask-map.ts';
import {
  isPlain,
  judgeText,
  readsNothing,
  type Refused,
  undecidableDenial,
  type Verdict,
} from './mask-verdict.ts';
import { withoutLengths } from './masks/plan-lines.ts';
import { choosesPlans, planSettingDenial } from './plan-settings.ts';
import { isUntouched, untouched } from './untouched.ts';
import { MaskedViews } from './masked-views.ts';
import { detokenizeBind } from './masks/detokenize-bind.ts';
import { RowMasker } from './masks/row-masker.ts';
import { type Tokens, tokensOf } from './masks/tokens.ts';
import { type Constant, constantOf, type ValueMasker, valueMasker } from './masks/value-masker.ts';
import { redefines } from './name-changes.ts';
import type { Reading } from './reading.ts';
import type { Withheld } from './run.ts';
import { PortalResult, QueryResult, type ResultView } from './result-views.ts';
import type { Portal, Prepared, SessionState } from './session-state.ts';
import type { LineageNames } from './session-view.ts';
import { StatementLineage } from './statement-lineage.ts';
import type { FieldDescription } from './wire/backend-messages.ts';

/** What a session tells about its texts. */
export interface Texts {
  /** As the session sees it now. */
  readonly catalog: Catalog;
  /** What the names in a reading lead to; what comes back instead says why that cannot be told now. */
  lineageNames(reading: Reading, canProbe: boolean): Awaitable<LineageNames | Undecidable>;
}

export interface JudgeParts {
  /** The server is idle, so that names may be looked up. */
  readonly canProbe: boolean;
  /** What a portal is made of. */
  readonly prepared?: Prepared;
  /** What the part of its batch before it changes. */
  readonly behind?: Behind;
}

export interface Behind {
  /** Views or functions in it may be others by then. */
  readonly redefined: boolean;
  /** Code that nobody read will be run. */
  readonly ranCode: boolean;
  isUnsureCursor(name: string): boolean;
}

/** What is known under one list of masks. */
interface Under {
  readonly lineage: StatementLineage;
  readonly verdicts: WeakMap<Reading, Judged>;
  /** For the names that were told last. */
  scene?: Scene;
}

interface Scene {
  readonly names: LineageNames;
  readonly map: MaskMap;
  readonly views: MaskedViews;
}

interface Judged {
  /** Code was run by then, which may have filled temporary tables. */
  readonly doubtsTemporary: boolean;
  readonly verdict: Verdict | Refused;
}

/** Masks on texts and their results, for one session. */
export class ResultMasks {
  readonly #texts: Texts;
  readonly #state: SessionState;
  readonly #key: Buffer;
  readonly #tokens: Tokens;
  /** Code that nobody read was run by a text under masks, by a function that it names or by what it does not name. */
  #ranCode = false;
  /** By the list of masks that the decision gave, whose identity a policy keeps. */
  readonly #under = new WeakMap<readonly AppliedMask[], Under>();

  constructor(texts: Texts, state: SessionState, key: Buffer) {
    this.#texts = texts;
    this.#state = state;
    this.#key = key;
    this.#tokens = tokensOf(key);
  }

  /**
   * Why a granted text cannot be sent on: what it lets out or puts elsewhere could not be masked, or it asks about
   * masked values. To be called before anything else is asked here about the reading.
   */
  refusal(reading: Reading, masks: readonly AppliedMask[], parts: JudgeParts): Awaitable<Denial | undefined> {
    if (masks.length === 0) return undefined;
    if (choosesPlans(reading.facts)) return planSettingDenial;
    if (isPlain(reading)) return undefined;
    if (isBehindChange(reading, parts.behind?.redefined === true)) return changedBefore;
    const known = this.#judged(reading, masks, parts);
    if (known !== undefined) return denialOf(known);
    const names = this.#texts.lineageNames(reading, parts.canProbe);
    return names instanceof Promise
      ? names.then((told) => denialOf(this.#judge(reading, masks, parts, told)))
      : denialOf(this.#judge(reading, masks, parts, names));
  }

  /**
   * What was found of a granted text; undefined where no masks matter to it.
   * @throws ProtocolFault when {@link refusal} was not asked, or refused.
   */
  verdict(reading: Reading, masks: readonly AppliedMask[]): Verdict | undefined {
    if (masks.length === 0 || isPlain(reading)) return undefined;
    const verdict = this.#under.get(masks)?.verdicts.get(reading)?.verdict;
    if (verdict?.kind === 'passes') {
      if (verdict.withheld === 'all') this.#ranCode = true;
      return verdict;
    }
    throw new ProtocolFault('out-of-order', 'A text was to be sent under masks that nobody held it against.');
  }

  /** The Bind message with values in the place of tokens, or why it cannot be sent on. */
  turnedBind(frame: Buffer, verdict: Verdict | undefined, prepared: Prepared): Buffer | Denial {
    if (verdict === undefined || verdict.parameters.length === 0) return frame;
    const types = prepared.described?.parameters ?? prepared.parameterTypes;
    const turned = detokenizeBind(frame, verdict.parameters, types, this.#tokens);
    if (turned.kind === 'turned') return turned.frame;
    return { cause: 'policy', message: turned.message, hint: turned.hint };
  }

  /** How much of an error's text may not go out with it. */
  withheld(reading: Reading, masks: readonly AppliedMask[]): Withheld {
    if (masks.length === 0 || isPlain(reading)) return 'nothing';
    const verdict = this.#under.get(masks)?.verdicts.get(reading)?.verdict;
    return verdict?.kind === 'passes' ? verdict.withheld : 'all';
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
  forQuery(verdict: Verdict | undefined): QueryResult {
    return new QueryResult((fields, statement) => this.#rewriter(verdict, fields, statement));
  }

  /** Whether the columns must be known before rows come, and are not. */
  needsFields({ verdict, prepared }: Portal): boolean {
    if (verdict === undefined || verdict.withheld === 'nothing') return false;
    return prepared.described?.version !== this.#texts.catalog.version;
  }

  /** The version of the catalog, to be taken when a description is asked for. */
  get version(): number {
    return this.#texts.catalog.version;
  }

  learnStatement(prepared: Prepared, described: NonNullable<Prepared['described']>): void {
    prepared.described = described;
  }

  learnPortal(portal: Portal, fields: readonly FieldDescription[]): void {
    portal.fields = fields;
    portal.run.columns = fields.map((field) => field.name);
  }

  /** The rows of a portal. Columns are looked at when the first row comes, after every Describe was answered. */
  forPortal(portal: Portal): ResultView {
    return new PortalResult(portal, (fields) => this.#rewriter(portal.verdict, fields, 0));
  }

  #judge(
    reading: Reading,
    masks: readonly AppliedMask[],
    { prepared, behind }: JudgeParts,
    names: LineageNames | Undecidable,
  ): Verdict | Refused {
    if ('code' in names) return { kind: 'refused', denial: undecidableDenial(names) };
    let under = this.#under.get(masks);
    if (under === undefined) {
      under = { lineage: new StatementLineage(this.#state), verdicts: new WeakMap() };
      this.#under.set(masks, under);
    }
    const { catalog } = names;
    const { map, views } = this.#scene(under, masks, names, this.#doubts(reading, behind));
    const { doubtsTemporary } = map;
    if (prepared?.sent === undefined && isUntouched(reading, map, catalog)) {
      const verdict = untouched(reading, map, catalog);
      under.verdicts.set(reading, { doubtsTemporary, verdict });
      return verdict;
    }
    const traced = under.lineage.trace(
      reading,
      prepared,
      views,
      (name) => behind?.isUnsureCursor(name) === true,
    );
    const verdict = judgeText({ reading, traced, catalog, map, tokens: this.#tokens });
    under.verdicts.set(reading, { doubtsTemporary, verdict });
    return verdict;
  }

  /** Whether code may have filled temporary tables by the time that the text, or the end of it, is run. */
  #doubts({ opaque, statements }: Reading, behind: Behind | undefined): boolean {
    if (this.#ranCode || this.#state.codeRuns > 0 || behind?.ranCode === true) return true;
    return opaque && statements.length > 1;
  }

  #scene(under: Under, masks: readonly AppliedMask[], names: LineageNames, doubtsTemporary: boolean): Scene {
    const { scene } = under;
    if (scene?.names === names && scene.map.doubtsTemporary === doubtsTemporary) return scene;
    const hasTokens = (type: number) => this.#tokens.covers(type);
    const map = new MaskMap(masks, names.catalog, { doubtsTemporary, hasTokens });
    under.scene = { names, map, views: new MaskedViews(names.lineage, map) };
    return under.scene;
  }

  /** What was found before, and still holds. */
  #judged(
    reading: Reading,
    masks: readonly AppliedMask[],
    { behind }: JudgeParts,
  ): Verdict | Refused | undefined {
    const known = this.#under.get(masks)?.verdicts.get(reading);
    return known?.doubtsTemporary === this.#doubts(reading, behind) ? known.verdict : undefined;
  }

  /** @param statement Which of the text's statements the rows are of. */
  #rewriter(
    verdict: Verdict | undefined,
    fields: readonly FieldDescription[] | undefined,
    statement: number,
  ): RowRewriter | undefined {
    if (verdict === undefined) return undefined;
    // Rows whose columns nobody told may not pass: this refuses any that has values.
    if (fields === undefined) return verdict.withheld === 'nothing' ? undefined : new RowMasker([]);
    const { map, catalog, plans } = verdict;
    const columns: Columns = plans[statement]?.columns ?? { kind: plans.length === 0 ? 'plain' : 'unknown' };
    const plan = planColumns(fields, columns, map, catalog);
    if (plan === undefined) return undefined;
    return new RowMasker(plan.map((mask, index) => this.#masker(mask, fields[index])));
  }

  #masker(
    mask: ColumnMask | undefined,
    field: FieldDescription | undefined,
  ): ValueMasker | Constant | undefined {
    if (mask === undefined || field === undefined) return undefined;
    const { typeOid, format } = field;
    switch (mask.kind) {
      case 'constant':
        return constantOf(typeOid, format);
      case 'plan':
        return withoutLengths;
      case 'mask':
        return valueMasker(mask.mask, typeOid, format, this.#key);
    }
  }
}

/** A statement may give names of a later one another meaning, which nobody can look up before. */
function isBehindChange({ statements }: Reading, redefined: boolean): boolean {
  const first = redefined ? 0 : statements.findIndex(redefines) + 1;
  if (first === 0 && !redefined) return false;
  return statements.slice(first).some((statement) => !readsNothing(statement));
}

const changedBefore: Denial = {
  cause: 'policy',
  message:
    'Gatehouse: a statement sent with this one, before it, changes what names mean, so that masked columns cannot be followed',
  hint: 'Send the statements one at a time.',
};

function denialOf(verdict: Verdict | Refused): Denial | undefined {
  return verdict.kind === 'refused' ? verdict.denial : undefined;
}
