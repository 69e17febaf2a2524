import type { Undecidable } from '../../vocabulary.ts';
import type { SqlActionKind } from '../vocabulary.ts';
import type { StatementNodeName } from './ast.ts';

/** A name as the text gives it: `schema` is absent where the search path decides. */
export interface NameReference {
  readonly schema?: string;
  readonly name: string;
}

/**
 * `required`: the relation must be there. `optional`: IF EXISTS, or a kind of object that a catalog may not list.
 * `created`: this statement makes it, so an unqualified name goes to the first schema of the search path.
 */
export type Existence = 'required' | 'optional' | 'created';

/** What a statement does to a relation. */
export interface RelationAction {
  readonly of: 'relation';
  readonly kind: SqlActionKind;
  readonly relation: NameReference;
  readonly existence: Existence;
  /** The new relation lies in the schema of this one (ALTER TABLE … RENAME). */
  readonly beside?: NameReference;
  /** Temporary, so in pg_temp whatever the search path says. */
  readonly temporary?: boolean;
  /** Columns surely or possibly of this relation; `*` for all of them, or unknown which. Absent: none are meant. */
  readonly columns?: readonly string[];
  /** No action at all when no column turns out to be of it. */
  readonly onlyIfRead?: true;
  /** For CREATE, ALTER and the like. */
  readonly object?: string;
  readonly name?: string;
}

/** A function that the text calls. Whether that is an action is known once the name is resolved. */
export interface FunctionAction {
  readonly of: 'function';
  readonly function: NameReference;
  /** `procedure`: by CALL, an action in any case. `attribute`: `x.name`, which mostly is a column or a field. */
  readonly form: 'function' | 'procedure' | 'attribute';
  /** Relations whose column an attribute is, if they have it: indexes of actions. */
  readonly unlessColumnOf?: readonly number[];
  /** The sequence that nextval() or setval() is given; `*` where only the server will know. */
  readonly sequence?: NameReference | '*';
  /** current_setting() of a parameter that only the server will know. */
  readonly unknownParameter?: boolean;
}

/** An action on anything else. The facts are those of the vocabulary's selectors, ready to use. */
export interface PlainAction {
  readonly of: 'plain';
  readonly kind: SqlActionKind;
  readonly object?: string;
  readonly parameter?: string;
  readonly name?: string;
  /** A schema-qualified object that is no table; becomes `name`. */
  readonly named?: NameReference;
  /** It is about every table, or it cannot be known about which. */
  readonly everything?: true;
}

export type RawAction = RelationAction | FunctionAction | PlainAction;

/**
 * A column that is named without its table. Levels go from the innermost query outward, as the server looks; the
 * numbers are indexes of actions. `stop`: something other than a table has this column at that level.
 */
export interface LooseColumn {
  readonly name: string;
  readonly levels: readonly { readonly actions: readonly number[]; readonly stop: boolean }[];
  /** Relations whose alias this is, so that it means their whole row unless a column has the name. */
  readonly rows?: readonly number[];
}

/** What changes the meaning of later statements of a session. */
export type SessionEffect =
  /** `parameter` is in lower case; `*` and an absent value: not known before it runs. `local`: until the transaction ends. */
  | { readonly kind: 'set'; readonly parameter: string; readonly value?: string; readonly local: boolean }
  | { readonly kind: 'reset'; readonly parameter: string | 'all' }
  | { readonly kind: 'role'; readonly local: boolean }
  | { readonly kind: 'discard'; readonly what: 'all' | 'plans' | 'sequences' | 'temp' }
  | { readonly kind: 'prepare'; readonly name: string; readonly statement: StatementFacts }
  | { readonly kind: 'execute'; readonly name: string }
  | { readonly kind: 'deallocate'; readonly name: string | undefined }
  | { readonly kind: 'declare'; readonly cursor: string }
  | { readonly kind: 'fetch'; readonly cursor: string }
  | { readonly kind: 'close'; readonly cursor: string | undefined }
  | { readonly kind: 'temp-table'; readonly name: string }
  /** The catalog may be another afterwards. */
  | { readonly kind: 'ddl' }
  | {
      readonly kind: 'transaction';
      readonly what:
        | 'begin'
        | 'commit'
        | 'rollback'
        | 'savepoint'
        | 'release'
        | 'rollback-to'
        | 'prepare'
        | 'commit-prepared'
        | 'rollback-prepared';
    }
  | {
      readonly kind: 'copy';
      readonly direction: 'from' | 'to';
      readonly via: 'stdio' | 'file' | 'program';
    };

/** What one statement says, whatever the catalog and the session are. */
export interface StatementFacts {
  /** The statement's node in PostgreSQL's grammar. */
  readonly node: StatementNodeName;
  readonly kind: SqlActionKind;
  readonly actions: readonly RawAction[];
  readonly loose: readonly LooseColumn[];
  /** Every column named anywhere, by bare name, each once. */
  readonly columnsNamed: readonly string[];
  /** A `*` anywhere but in count(*), or columns named by NATURAL JOIN. */
  readonly hasStar: boolean;
  /** Of each UPDATE and DELETE (MERGE by its ON), or of each SELECT at the top; undefined where there is neither. */
  readonly hasWhere: boolean | undefined;
  /** Whether `hasWhere` is about an UPDATE or DELETE. */
  readonly writesRows: boolean;
  /** Of each SELECT at the top; undefined where there is none. */
  readonly hasLimit: boolean | undefined;
  readonly session: readonly SessionEffect[];
}

/** UTF-16 offsets of a statement in its text. */
export interface StatementSpan {
  readonly start: number;
  readonly end: number;
}

/** What a text says, whatever the catalog and the session are. Never changed once made, and shared between texts. */
export interface SqlAnalysis {
  /** One for each statement, in order; none for a text of comments. */
  readonly statements: readonly StatementFacts[];
  /** Where each statement stands. Absent: there is one, and it is the whole text. */
  readonly spans?: readonly StatementSpan[];
  readonly undecidable?: Undecidable;
  /** No fact depends on the value of a literal. */
  readonly shapeSafe: boolean;
}
