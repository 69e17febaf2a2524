import type { Node, ObjectType, RoleSpec } from 'libpg-query';
import { nameOf, objectName, strings } from '../ast.ts';
import { nameForms, objectKinds } from '../object-kinds.ts';
import type { StatementReader } from '../statement-reader.ts';
import type { Existence } from '../analysis.ts';
import type { SqlActionKind } from '../../vocabulary.ts';

/** An action on an object that is named in whatever way its kind is. */
export function objectAction(
  reader: StatementReader,
  kind: SqlActionKind,
  type: ObjectType,
  node: Node | undefined,
  existence: Existence = 'required',
): void {
  const object = objectKinds[type];
  const parts = nameParts(type, node);
  switch (nameForms[type]) {
    case 'relation':
      reader.relation(kind, nameOf(parts), { existence, object });
      return;
    case 'part': {
      const name = parts.at(-1) ?? '';
      const columns = type === 'OBJECT_COLUMN' ? { columns: [name] } : { name };
      reader.relation(kind, nameOf(parts.slice(0, -1)), { existence, object, ...columns });
      return;
    }
    case 'qualified':
      reader.plain(kind, { object, named: nameOf(parts) });
      return;
    case 'bare':
      reader.plain(kind, { object, name: bareName(node, parts) });
  }
}

/** The dotted name of an object, without what is written around it. */
export function nameParts(type: ObjectType, node: Node | undefined): readonly string[] {
  const parts = objectName(node);
  // Operator classes and families come after their access method, a domain before its constraint.
  if (type === 'OBJECT_OPCLASS' || type === 'OBJECT_OPFAMILY') return parts.slice(1);
  return type === 'OBJECT_DOMCONSTRAINT' ? parts.slice(0, -1) : parts;
}

function bareName(node: Node | undefined, parts: readonly string[]): string {
  if (node !== undefined && 'Integer' in node) return String(node.Integer.ival ?? 0);
  if (node !== undefined && 'Float' in node) return node.Float.fval ?? '';
  return parts.join('.');
}

export function roleName(role: RoleSpec | undefined): string {
  switch (role?.roletype) {
    case undefined:
    case 'ROLESPEC_CSTRING':
      return role?.rolename ?? '';
    case 'ROLESPEC_CURRENT_ROLE':
      return 'current_role';
    case 'ROLESPEC_CURRENT_USER':
      return 'current_user';
    case 'ROLESPEC_SESSION_USER':
      return 'session_user';
    case 'ROLESPEC_PUBLIC':
      return 'public';
  }
}

export function roleNames(nodes: readonly Node[] | undefined): string[] {
  return (nodes ?? []).flatMap((node) => ('RoleSpec' in node ? [roleName(node.RoleSpec)] : []));
}

/** CASCADE reaches objects that the statement does not name. */
export function cascades(reader: StatementReader, kind: SqlActionKind, behavior: string | undefined): void {
  if (behavior === 'DROP_CASCADE') reader.plain(kind, { object: '*', name: '*', everything: true });
}

/** Functions that definitions name under these keys run on behalf of whoever uses the object. */
const functionKeys: ReadonlySet<string> = new Set([
  'analyze',
  'canonical',
  'combinefunc',
  'deserialfunc',
  'end',
  'finalfunc',
  'finalfunc1',
  'function',
  'gettoken',
  'handler',
  'headline',
  'init',
  'input',
  'join',
  'lexize',
  'lextypes',
  'mfinalfunc',
  'minvfunc',
  'msfunc',
  'output',
  'procedure',
  'receive',
  'restrict',
  'send',
  'serialfunc',
  'sfunc',
  'sfunc1',
  'start',
  'subscript',
  'subtype_diff',
  'support',
  'typmod_in',
  'typmod_out',
  'validator',
]);

/** The functions that a list of definitions (`sfunc = f, …`, `HANDLER f`) names. */
export function definedFunctions(options: readonly Node[] | undefined, reader: StatementReader): void {
  for (const node of options ?? []) {
    if (!('DefElem' in node)) continue;
    const { defname, arg } = node.DefElem;
    if (arg === undefined || !functionKeys.has((defname ?? '').toLowerCase())) continue;
    const parts = objectName(arg);
    if (parts.length > 0) reader.namedFunction(parts);
  }
}

export function functionList(names: readonly Node[] | undefined, reader: StatementReader): void {
  const parts = strings(names);
  if (parts.length > 0) reader.namedFunction(parts);
}
