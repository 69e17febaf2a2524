import type { Node, RangeVar } from 'libpg-query';
import type { NameReference } from './analysis.ts';

type KeyOf<Union> = Union extends unknown ? keyof Union : never;

/** Every node of PostgreSQL's parse tree, by name. */
export type NodeName = KeyOf<Node> & string;
/** Every statement of PostgreSQL's grammar (gram.y), by the name of its node. */
export type StatementNodeName = Extract<NodeName, `${string}Stmt`>;
export type NodeOf<Name extends NodeName> =
  Extract<Node, { readonly [Key in Name]: unknown }> extends infer Found
    ? Name extends keyof Found
      ? Found[Name]
      : never
    : never;

/** Something that this reading does not know, so that the statement cannot be decided. */
export class Unsupported extends Error {}

/** The name of a node and what it holds. */
export function unwrap(node: Node): [NodeName, unknown] {
  for (const name in node) return [name as NodeName, (node as unknown as Record<string, unknown>)[name]];
  throw new Unsupported('an empty node');
}

/** The text of each String of a list; other nodes are left out. */
export function strings(nodes: readonly Node[] | undefined): string[] {
  const texts: string[] = [];
  for (const node of nodes ?? []) if ('String' in node) texts.push(node.String.sval ?? '');
  return texts;
}

/** The last two parts of a dotted name. A third is the database, which can only be this one. */
export function nameOf(parts: readonly string[]): NameReference {
  const name = parts.at(-1) ?? '';
  const schema = parts.at(-2);
  return schema === undefined ? { name } : { schema, name };
}

export function relationName(range: RangeVar): NameReference {
  const name = range.relname ?? '';
  return range.schemaname === undefined ? { name } : { schema: range.schemaname, name };
}

/** The dotted name that any way of writing an object's name holds. */
export function objectName(node: Node | undefined): string[] {
  if (node === undefined) return [];
  if ('String' in node) return [node.String.sval ?? ''];
  if ('List' in node) return (node.List.items ?? []).flatMap(objectName);
  if ('ObjectWithArgs' in node) return strings(node.ObjectWithArgs.objname);
  if ('TypeName' in node) return strings(node.TypeName.names);
  if ('RangeVar' in node) {
    const { schema, name } = relationName(node.RangeVar);
    return schema === undefined ? [name] : [schema, name];
  }
  return [];
}

/** A string constant, or undefined where the expression is anything else. */
export function constantText(node: Node | undefined): string | undefined {
  if (node === undefined || !('A_Const' in node)) return undefined;
  return node.A_Const.sval === undefined ? undefined : (node.A_Const.sval.sval ?? '');
}
