import type { StatementFacts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Denial } from '../../core/passage.ts';
import type { CatalogView } from './catalog.ts';
import type { CatalogRelation } from './catalog-probe.ts';
import { judge, type Plan } from './judge/judge.ts';
import type { MaskedOperand } from './judge/operands.ts';
import { type MaskMap, relationOf } from './mask-map.ts';
import { detokenizeText, type TurnedText } from './masks/detokenize-text.ts';
import type { MetOperand } from './masks/met-operands.ts';
import type { Tokens } from './masks/tokens.ts';
import { type Reading, unknownStatement } from './reading.ts';
import type { Withheld } from './run.ts';
import type { Prepared } from './session-state.ts';
import type { Kept, Traced } from './statement-lineage.ts';

/** What masks make of one text. */
export interface Verdict {
  readonly kind: 'passes';
  readonly catalog: CatalogView;
  readonly map: MaskMap;
  /** One for each statement of the text. */
  readonly plans: readonly Plan[];
  /** As it goes to the server: with values where tokens stood. */
  readonly text: TurnedText;
  /** Parameters that meet masked columns. */
  readonly parameters: readonly MetOperand[];
  readonly withheld: Withheld;
}

export interface Refused {
  readonly kind: 'refused';
  readonly denial: Denial;
}

export interface VerdictParts {
  readonly reading: Reading;
  /** Undefined: its lineage cannot be told. */
  readonly traced: readonly Traced[] | undefined;
  readonly catalog: CatalogView;
  readonly map: MaskMap;
  readonly tokens: Tokens;
}

const order: readonly Withheld[] = ['nothing', 'values', 'all'];

/** Judge every statement of a text, and put values in the place of its tokens. */
export function judgeText({ reading, traced, catalog, map, tokens }: VerdictParts): Verdict | Refused {
  const named = reading.relations.map((name) => relationOf(name, catalog));
  const isMasked = (relation: CatalogRelation | undefined) =>
    relation !== undefined && (map.isDoubtful(relation) || map.columns(relation).size > 0);
  // An error may quote rows of any relation that a text names, or reads through views.
  const touches = named.some((relation) => relation === undefined || isMasked(relation));
  if (traced === undefined) return judgeUnread(reading, touches, catalog, map);
  const callsCode = reading.opaque || named.some((relation) => relation?.runsCode === true);
  const plans: Plan[] = [];
  for (const [index, { lineage, kept, missing, takes }] of traced.entries()) {
    if (takes === 'any' || (takes === 'relation' && named.some(isMasked))) return refused(takesAway);
    if (missing !== undefined) return refused(undecidableDenial(unknownStatement(missing)));
    for (const each of kept) {
      const denial = judgeKept(each, map, tokens);
      if (denial !== undefined) return refused(denial);
    }
    const statement = reading.statements[index];
    if (statement !== undefined && plainStatements.has(statement.node)) {
      plans.push(plain);
      continue;
    }
    const plan = judge(lineage, map, {
      prepares: statement?.node === 'PrepareStmt',
      isBlock: statement?.kind === 'do',
      callsCode,
    });
    if (plan.kind === 'refused') return refused({ cause: 'policy', ...plan });
    plans.push(plan);
  }
  const met = plans.flatMap(({ operands }) => operands).map((operand) => metOperand(operand, map));
  const text = detokenizeText(reading.request.text, met, tokens);
  if (text.kind === 'refused') return refused({ cause: 'policy', ...text });
  const withheld = plans.reduce<Withheld>(
    (most, plan) => (order.indexOf(plan.withheld) > order.indexOf(most) ? plan.withheld : most),
    touches ? 'values' : 'nothing',
  );
  const parameters = met.filter(({ operand }) => operand.kind === 'parameter');
  return { kind: 'passes', catalog, map, plans, text, parameters, withheld };
}

function refused({ cause, message, detail, hint, undecidable }: Denial): Refused {
  return {
    kind: 'refused',
    denial: {
      cause,
      message,
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
      ...(undecidable === undefined ? {} : { undecidable }),
    },
  };
}

export function undecidableDenial(undecidable: Undecidable): Denial {
  const { message, hint } = undecidable;
  return { cause: 'undecidable', message, ...(hint === undefined ? {} : { hint }), undecidable };
}

const takesAway: Denial = {
  cause: 'policy',
  message:
    'Gatehouse: the statement would take masked columns away from the names by which the masks know them',
  hint: 'Leave it to a person, who can change the masks with it.',
};

/** A text whose values nobody can follow passes only if nothing that it names has masks. */
function judgeUnread(
  reading: Reading,
  touches: boolean,
  catalog: CatalogView,
  map: MaskMap,
): Verdict | Refused {
  if (touches || reading.opaque) {
    return refused({
      cause: 'policy',
      message: 'Gatehouse: the statement is too long or too deep to follow masked columns through it',
      hint: 'Make it shorter, or send its data as parameters or by COPY.',
    });
  }
  return {
    kind: 'passes',
    catalog,
    map,
    plans: [],
    text: asItIs(reading),
    parameters: [],
    withheld: 'nothing',
  };
}

/** The client's own text. */
export function asItIs({ request }: Reading): TurnedText {
  return { kind: 'turned', text: request.text, clientPosition: (position) => position };
}

/** Whether the server has a prepared text as it would be sent today. */
function judgeKept({ prepared, lineage }: Kept, map: MaskMap, tokens: Tokens): Denial | undefined {
  const plan = judge(lineage, map, { prepares: true, isBlock: false, callsCode: false });
  if (plan.kind === 'refused') return refused({ cause: 'policy', ...plan }).denial;
  const text = detokenizeText(
    prepared.text,
    plan.operands.map((operand) => metOperand(operand, map)),
    tokens,
  );
  if (text.kind === 'refused') return refused({ cause: 'policy', ...text }).denial;
  return refusedText(prepared, text);
}

/** Statements that have no values of tables in them, and give out names and settings at most. */
const plainStatements: ReadonlySet<string> = new Set([
  'TransactionStmt',
  'VariableSetStmt',
  'VariableShowStmt',
  'ConstraintsSetStmt',
  'DiscardStmt',
  'DeallocateStmt',
  'ClosePortalStmt',
  'ListenStmt',
  'UnlistenStmt',
  'NotifyStmt',
]);

const plain: Plan = { kind: 'plan', columns: { kind: 'plain' }, operands: [], withheld: 'nothing' };

/** Statements beside those that look nothing up by which a value could be followed. */
const lookingNothingUp: ReadonlySet<string> = new Set(['GrantStmt', 'CommentStmt', 'DropStmt']);

export function readsNothing({ node }: StatementFacts): boolean {
  return plainStatements.has(node) || lookingNothingUp.has(node);
}

/** Whether a text passes whatever the masks and the catalog are. In a failed transaction, nobody could ask for those. */
export function isPlain({ statements, facts }: Reading): boolean {
  return facts.length === statements.length && statements.every(({ node }) => plainStatements.has(node));
}

/** What goes to the server instead of the client's text; undefined where that goes itself. */
export function turnedText({ request }: Reading, verdict: Verdict | undefined): TurnedText | undefined {
  return verdict?.text.text === request.text ? undefined : verdict?.text;
}

/** Why a statement that was prepared before cannot be run: by now, other values would stand in its text. */
export function refusedText({ text, sent }: Prepared, now: TurnedText | undefined): Denial | undefined {
  if ((sent?.text ?? text) === (now?.text ?? text)) return undefined;
  return {
    cause: 'policy',
    message: 'Gatehouse: the masks on this prepared statement are others than when it was prepared',
    hint: 'Prepare it again, so that its tokens are read as they are now.',
  };
}

function metOperand({ how, operand, column, mask }: MaskedOperand, map: MaskMap): MetOperand {
  return { how, operand, mask, type: map.typeOf(column), name: map.nameOf(column) };
}
