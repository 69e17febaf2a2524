import type { Node } from 'libpg-query';
import { nameOf, objectName, strings, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import { objectKinds } from '../object-kinds.ts';
import { open, Scope } from '../scope.ts';
import type { StatementReader } from '../statement-reader.ts';
import { definedFunctions, functionList, roleName } from './objects.ts';
import { newTableScope, readConstraint, readTableElements } from './table-parts.ts';

/** CREATE and ALTER of what is neither a table, nor a role, nor foreign. */
export const definitionStatements: Handlers<
  | 'CreateSchemaStmt'
  | 'CreateFunctionStmt'
  | 'AlterFunctionStmt'
  | 'DefineStmt'
  | 'CreateDomainStmt'
  | 'AlterDomainStmt'
  | 'CompositeTypeStmt'
  | 'CreateEnumStmt'
  | 'CreateRangeStmt'
  | 'AlterEnumStmt'
  | 'AlterTypeStmt'
  | 'CreateOpClassStmt'
  | 'CreateOpFamilyStmt'
  | 'AlterOpFamilyStmt'
  | 'AlterOperatorStmt'
  | 'AlterCollationStmt'
  | 'CreateConversionStmt'
  | 'CreateCastStmt'
  | 'CreateTransformStmt'
  | 'CreateAmStmt'
  | 'CreatePLangStmt'
  | 'CreateEventTrigStmt'
  | 'AlterEventTrigStmt'
  | 'CreateExtensionStmt'
  | 'AlterExtensionStmt'
  | 'AlterTSDictionaryStmt'
  | 'AlterTSConfigurationStmt'
> = {
  CreateSchemaStmt: ({ schemaname, authrole, schemaElts }, reader, scope) => {
    const schema = schemaname ?? roleName(authrole);
    define(reader, 'create', 'schema', schema);
    const before = reader.creation;
    reader.creation = { schema, made: new Set() };
    for (const element of schemaElts ?? []) reader.statement(element, scope);
    reader.creation = before;
    return 'create';
  },
  CreateFunctionStmt: (
    { is_procedure: isProcedure, funcname, parameters, sql_body: body },
    reader,
    scope,
  ) => {
    reader.ddl();
    const named = nameOf(strings(funcname));
    reader.plain('create', { object: isProcedure ? 'procedure' : 'function', named });
    // Parameters are named as columns are, bare or after the function's name.
    const within = new Scope(scope);
    within.sources.push({ alias: named.name, uses: [], derived: open(), isFunction: true });
    for (const node of parameters ?? []) {
      const { FunctionParameter: parameter } = node as { FunctionParameter?: { defexpr?: Node } };
      reader.expression([parameter?.defexpr], scope);
    }
    if (body !== undefined) readBody(body, reader, within);
    return 'create';
  },
  AlterFunctionStmt: ({ objtype, func }, reader) => {
    reader.ddl();
    const named = nameOf(strings(func?.objname));
    reader.plain('alter', { object: objectKinds[objtype ?? 'OBJECT_FUNCTION'], named });
    return 'alter';
  },
  DefineStmt: ({ kind, defnames, definition }, reader) => {
    reader.ddl();
    const object = objectKinds[kind ?? 'OBJECT_TYPE'];
    reader.plain('create', { object, named: nameOf(strings(defnames)) });
    definedFunctions(definition, reader);
    return 'create';
  },
  CreateDomainStmt: ({ domainname, constraints }, reader, scope) => {
    defineQualified(reader, 'create', 'domain', domainname);
    readTableElements(constraints, reader, newTableScope(scope));
    return 'create';
  },
  AlterDomainStmt: ({ typeName, def }, reader, scope) => {
    defineQualified(reader, 'alter', 'domain', typeName);
    if (def !== undefined && 'Constraint' in def)
      readConstraint(def.Constraint, reader, newTableScope(scope));
    else reader.expression([def], newTableScope(scope));
    return 'alter';
  },
  CompositeTypeStmt: ({ typevar, coldeflist }, reader, scope) => {
    reader.ddl();
    const { schemaname: schema, relname: name = '' } = typevar ?? {};
    reader.plain('create', { object: 'type', named: schema === undefined ? { name } : { schema, name } });
    readTableElements(coldeflist, reader, newTableScope(scope));
    return 'create';
  },
  CreateEnumStmt: ({ typeName }, reader) => defineQualified(reader, 'create', 'type', typeName),
  CreateRangeStmt: ({ typeName, params }, reader) => {
    definedFunctions(params, reader);
    return defineQualified(reader, 'create', 'type', typeName);
  },
  AlterEnumStmt: ({ typeName }, reader) => defineQualified(reader, 'alter', 'type', typeName),
  AlterTypeStmt: ({ typeName, options }, reader) => {
    definedFunctions(options, reader);
    return defineQualified(reader, 'alter', 'type', typeName);
  },
  CreateOpClassStmt: ({ opclassname, items }, reader) => {
    operatorFunctions(items, reader);
    return defineQualified(reader, 'create', 'operator class', opclassname);
  },
  CreateOpFamilyStmt: ({ opfamilyname }, reader) =>
    defineQualified(reader, 'create', 'operator family', opfamilyname),
  AlterOpFamilyStmt: ({ opfamilyname, items, isDrop }, reader) => {
    if (!isDrop) operatorFunctions(items, reader);
    return defineQualified(reader, 'alter', 'operator family', opfamilyname);
  },
  AlterOperatorStmt: ({ opername, options }, reader) => {
    definedFunctions(options, reader);
    return defineQualified(reader, 'alter', 'operator', opername?.objname);
  },
  AlterCollationStmt: ({ collname }, reader) => {
    defineQualified(reader, 'alter', 'collation', collname);
    return 'refresh';
  },
  CreateConversionStmt: ({ conversion_name: name, func_name: functionName }, reader) => {
    functionList(functionName, reader);
    return defineQualified(reader, 'create', 'conversion', name);
  },
  CreateCastStmt: ({ func, sourcetype, targettype }, reader) => {
    functionList(func?.objname, reader);
    const types = [sourcetype, targettype].map((type) => strings(type?.names).join('.'));
    return define(reader, 'create', 'cast', types.join('.'));
  },
  CreateTransformStmt: ({ type_name: type, lang = '', fromsql, tosql }, reader) => {
    functionList(fromsql?.objname, reader);
    functionList(tosql?.objname, reader);
    return define(reader, 'create', 'transform', [...strings(type?.names), lang].join('.'));
  },
  CreateAmStmt: ({ amname = '', handler_name: handler }, reader) => {
    functionList(handler, reader);
    return define(reader, 'create', 'access method', amname);
  },
  CreatePLangStmt: ({ plname = '', plhandler, plinline, plvalidator }, reader) => {
    for (const names of [plhandler, plinline, plvalidator]) functionList(names, reader);
    return define(reader, 'create', 'language', plname);
  },
  CreateEventTrigStmt: ({ trigname = '', funcname }, reader) => {
    functionList(funcname, reader);
    return define(reader, 'create', 'event trigger', trigname);
  },
  AlterEventTrigStmt: ({ trigname = '' }, reader) => define(reader, 'alter', 'event trigger', trigname),
  CreateExtensionStmt: ({ extname = '' }, reader) => define(reader, 'create', 'extension', extname),
  AlterExtensionStmt: ({ extname = '' }, reader) => define(reader, 'alter', 'extension', extname),
  AlterTSDictionaryStmt: ({ dictname }, reader) =>
    defineQualified(reader, 'alter', 'text search dictionary', dictname),
  AlterTSConfigurationStmt: ({ cfgname }, reader) =>
    defineQualified(reader, 'alter', 'text search configuration', cfgname),
};

function define<Kind extends 'create' | 'alter'>(
  reader: StatementReader,
  kind: Kind,
  object: string,
  name: string,
): Kind {
  reader.ddl();
  reader.plain(kind, { object, name });
  return kind;
}

function defineQualified<Kind extends 'create' | 'alter'>(
  reader: StatementReader,
  kind: Kind,
  object: string,
  names: readonly Node[] | undefined,
): Kind {
  reader.ddl();
  reader.plain(kind, { object, named: nameOf((names ?? []).flatMap(objectName)) });
  return kind;
}

/** BEGIN ATOMIC … END holds lists of statements; RETURN is one by itself. */
function readBody(body: Node, reader: StatementReader, scope: Scope): void {
  if ('List' in body) for (const item of body.List.items ?? []) readBody(item, reader, scope);
  else reader.statement(body, scope);
}

/** Operators and functions that an operator class lets an index call. */
function operatorFunctions(items: readonly Node[] | undefined, reader: StatementReader): void {
  for (const node of items ?? []) {
    const { CreateOpClassItem: item } = node as {
      CreateOpClassItem?: { itemtype?: number; name?: { objname?: Node[] } };
    };
    if (item === undefined) throw new Unsupported(`${unwrap(node)[0]} in an operator class`);
    // OPCLASS_ITEM_FUNCTION of parsenodes.h.
    if (item.itemtype === 2) functionList(item.name?.objname, reader);
  }
}
