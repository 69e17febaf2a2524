import type { Effect, MaskKind } from '../model/policy.ts';

/** A request that was recorded, with what was decided: what a test is made of. */
export interface RecordedDecision {
  readonly request: string;
  readonly parameters?: readonly (string | null)[];
  readonly resource: string;
  readonly principal: {
    readonly agent: string;
    readonly person: string;
    readonly groups: readonly string[];
    readonly task: string;
    /** Absent where no rule reads it. */
    readonly workspace?: string;
  };
  /** When it was decided, ISO 8601. */
  readonly at: string;
  readonly session?: {
    readonly inTransaction?: boolean;
    readonly application?: string;
    readonly searchPath?: readonly string[];
  };
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly decision: Effect;
  /** Where policies that only observe would answer otherwise. */
  readonly observed?: Effect;
  /** Those that decided, as `policy/rule`; absent where that is not known. */
  readonly rules?: readonly string[];
  /** Of columns that a mask names by themselves. */
  readonly masks?: Readonly<Record<string, MaskKind>>;
}

/** What a record tells of a decided request. */
interface Decided {
  readonly text: string;
  readonly parameters?: readonly (string | null)[];
  readonly at: string;
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly effect: Effect;
  readonly observed: Effect;
  /** The approval that it waited for. */
  readonly approval?: string;
  readonly undecidable?: string;
  readonly actions: readonly {
    readonly facts: Readonly<Record<string, string | readonly string[]>>;
    readonly effect: Effect;
    readonly rules: readonly { readonly policy: string; readonly rule: string }[];
  }[];
  readonly masks: readonly { readonly columns: readonly string[]; readonly with: MaskKind }[];
}

/** @param by who asked, and of what */
export function recordedDecision(
  decided: Decided,
  by: Pick<RecordedDecision, 'resource' | 'principal' | 'session'>,
): RecordedDecision {
  // A person's answer is no part of the policy, and the policy asked for one.
  const decision = decided.approval === undefined ? decided.effect : 'approve';
  const rules = decided.actions
    .filter(({ effect }) => effect === decision)
    .flatMap((action) => action.rules.map(({ policy, rule }) => `${policy}/${rule}`));
  const isKnown = decided.undecidable !== undefined || rules.length > 0 || decision === 'deny';
  return {
    request: decided.text,
    ...(decided.parameters && { parameters: decided.parameters }),
    ...by,
    at: decided.at,
    ...(decided.plan && { plan: decided.plan }),
    decision,
    ...(decided.observed !== decided.effect &&
      decided.approval === undefined && { observed: decided.observed }),
    ...(isKnown && { rules }),
    ...masksOf(decided),
  };
}

/** Of tables that it touches. A column of two masks has the stricter one, which is for who decides to say. */
function masksOf({ effect, actions, masks }: Decided): Pick<RecordedDecision, 'masks'> {
  const own = masks.flatMap((mask) => mask.columns.map((column) => [column, mask.with] as const));
  const tables = new Set(actions.map(({ facts }) => facts.table));
  const plain = own.filter(
    ([column]) =>
      !/[*$]/.test(column) &&
      tables.has(column.slice(0, column.lastIndexOf('.'))) &&
      own.filter(([other]) => other === column).length === 1,
  );
  return effect === 'deny' || plain.length === 0 ? {} : { masks: Object.fromEntries(plain) };
}
