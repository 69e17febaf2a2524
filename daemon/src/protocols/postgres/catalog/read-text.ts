import type { StatementFacts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import { analyzeSql } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { builtinEffect } from '@gatehouse/policy-schema/vocabulary/sql/postgres/functions.ts';
import { plpgsqlTexts } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/plpgsql-texts.ts';
import { parsedSqlBody } from '@gatehouse/policy-schema/vocabulary/sql/postgres/lineage/sql-body.ts';
import type { WantedNames } from '../catalog-probe.ts';
import { wantedNames } from '../wanted-names.ts';
import type { FunctionFacts } from './function-facts.ts';

/** Names in a text, by whatever search path they are meant. */
export type TextNames = Pick<WantedNames, 'relations' | 'functions'>;

/** What a function runs, and the names in it. Names of SQL that the server keeps parsed are those of its dependencies. */
export type Body =
  | { readonly kind: 'sql'; readonly text: string; readonly isKeptParsed: boolean; readonly names: TextNames }
  | { readonly kind: 'queries'; readonly texts: readonly string[]; readonly names: TextNames }
  | { readonly kind: 'unread' };

const unread: Body = { kind: 'unread' };
/** A longer function, in UTF-16 units, is not read. */
const maxDefinition = 64 * 1024;

/** Settings under which a body means the same. */
const harmlessSettings =
  /^(search_path|timezone|datestyle|intervalstyle|work_mem|maintenance_work_mem|(statement|lock)_timeout|client_min_messages|row_security|extra_float_digits|check_function_bodies|jit(_\w+)?|enable_\w+|log_\w+|plpgsql\.variable_conflict)=/i;

/** What texts say, kept over invalidations of the catalog. */
class Kept<T> {
  readonly #known = new Map<string, T>();

  get(text: string, read: () => T): T {
    let found = this.#known.get(text);
    if (found === undefined) {
      found = read();
      if (this.#known.size >= maxKept) this.#known.clear();
      this.#known.set(text, found);
    }
    return found;
  }
}

/** Texts kept before all are read anew. */
const maxKept = 1000;

const names = new Kept<TextNames>();
const bodies = new Kept<Body>();

/** The names in the query of a view. */
export function viewNames(definition: string): TextNames {
  return names.get(definition, () => wantedNames(analyzeSql(definition)));
}

/** Read a function. What is not surely all that it runs is `unread`. */
export function readBody(facts: FunctionFacts): Body {
  const { definition, settings, kind } = facts;
  if (definition === undefined || definition.length > maxDefinition) return unread;
  if (kind !== 'f' && kind !== 'p') return unread;
  if (!settings.every((setting) => harmlessSettings.test(setting)) || !hasPlainDefaults(facts)) return unread;
  return bodies.get(definition, () =>
    facts.language === 'sql' ? readSql(facts, definition) : readPlpgsql(facts, definition),
  );
}

function readSql({ source }: FunctionFacts, definition: string): Body {
  const isKeptParsed = source === '';
  const text = isKeptParsed ? parsedSqlBody(definition) : source;
  const named = text === undefined ? undefined : namesOf([text]);
  if (text === undefined || named === undefined) return unread;
  return { kind: 'sql', text, isKeptParsed, names: named };
}

function readPlpgsql({ source }: FunctionFacts, definition: string): Body {
  const texts = plpgsqlTexts(definition, source);
  const named = texts === undefined ? undefined : namesOf(texts);
  return texts === undefined || named === undefined ? unread : { kind: 'queries', texts, names: named };
}

/** Undefined for texts that cannot be read, or change what the names in others mean. */
function namesOf(texts: readonly string[]): TextNames | undefined {
  const relations = new Set<string>();
  const functions = new Set<string>();
  for (const text of texts) {
    const analysis = analyzeSql(text);
    if (analysis.undecidable !== undefined) return undefined;
    if (analysis.statements.some(({ session }) => session.length > 0)) return undefined;
    const wanted = wantedNames(analysis);
    for (const name of wanted.relations) relations.add(name);
    for (const name of wanted.functions) functions.add(name);
  }
  return { relations: [...relations], functions: [...functions] };
}

/** Arguments that are left out are computed by expressions that no call shows. */
function hasPlainDefaults({ defaults, calls, usesOperators }: FunctionFacts): boolean {
  if (defaults === undefined) return true;
  if (calls.length > 0 || usesOperators) return false;
  const { undecidable, statements } = analyzeSql(`SELECT ${defaults}`);
  return undecidable === undefined && statements.every(isHarmless);
}

function isHarmless({ actions, session }: StatementFacts): boolean {
  if (session.length > 0) return false;
  return actions.every(
    (action) =>
      (action.of === 'plain' && action.kind === 'values') ||
      (action.of === 'function' &&
        (action.form === 'attribute' || builtinEffect(action.function.name) === 'harmless')),
  );
}
