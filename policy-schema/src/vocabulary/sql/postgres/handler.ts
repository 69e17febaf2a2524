import type { NodeOf, StatementNodeName } from './ast.ts';
import { Unsupported } from './ast.ts';
import type { Scope } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';
import type { SqlActionKind } from '../vocabulary.ts';

/** Reads one kind of statement into the reader and says what kind of action the statement is as a whole. */
export type Handler<Name extends StatementNodeName> = (
  statement: NodeOf<Name>,
  reader: StatementReader,
  scope: Scope,
) => SqlActionKind;

/** Handlers of some kinds of statements. */
export type Handlers<Name extends StatementNodeName> = { readonly [Key in Name]: Handler<Key> };

/** A node that the grammar has, and that never is a statement of its own. */
export function noStatement(name: string): () => never {
  return () => {
    throw new Unsupported(`${name} as a statement`);
  };
}
