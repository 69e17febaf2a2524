import type { RenameStmt } from 'libpg-query';
import { nameOf, objectName, relationName, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';
import { nameForms, objectKinds } from '../object-kinds.ts';
import type { StatementReader } from '../statement-reader.ts';
import { cascades, nameParts, objectAction } from './objects.ts';

/** Statements that take any kind of object. */
export const changeStatements: Handlers<
  | 'DropStmt'
  | 'TruncateStmt'
  | 'CommentStmt'
  | 'SecLabelStmt'
  | 'RenameStmt'
  | 'AlterObjectSchemaStmt'
  | 'AlterObjectDependsStmt'
  | 'AlterOwnerStmt'
  | 'AlterExtensionContentsStmt'
> = {
  DropStmt: ({ objects, removeType = 'OBJECT_TABLE', behavior, missing_ok: optional }, reader) => {
    reader.ddl();
    for (const node of objects ?? []) {
      objectAction(reader, 'drop', removeType, node, optional ? 'optional' : 'required');
    }
    cascades(reader, 'drop', behavior);
    return 'drop';
  },
  TruncateStmt: ({ relations, behavior }, reader) => {
    for (const node of relations ?? []) {
      if (!('RangeVar' in node)) throw new Unsupported(`${unwrap(node)[0]} in TRUNCATE`);
      reader.relation('truncate', node.RangeVar, { columns: ['*'] });
    }
    cascades(reader, 'truncate', behavior);
    return 'truncate';
  },
  CommentStmt: ({ objtype = 'OBJECT_TABLE', object }, reader) => {
    objectAction(reader, 'comment', objtype, object);
    return 'comment';
  },
  SecLabelStmt: ({ objtype = 'OBJECT_TABLE', object }, reader) => {
    objectAction(reader, 'security-label', objtype, object);
    return 'security-label';
  },
  RenameStmt: (statement, reader) => {
    reader.ddl();
    readRename(statement, reader);
    cascades(reader, 'alter', statement.behavior);
    return 'alter';
  },
  AlterObjectSchemaStmt: (statement, reader) => {
    reader.ddl();
    const { objectType = 'OBJECT_TABLE', relation, object, newschema: schema = '' } = statement;
    const existence = statement.missing_ok ? 'optional' : 'required';
    const kind = objectKinds[objectType];
    if (relation !== undefined && nameForms[objectType] === 'relation') {
      reader.relation('alter', relation, { existence, object: kind, columns: ['*'] });
      const moved = { schema, name: relation.relname ?? '' };
      reader.relation('create', moved, { existence: 'created', object: kind });
      return 'alter';
    }
    const named = relation === undefined ? object : { RangeVar: relation };
    objectAction(reader, 'alter', objectType, named, existence);
    if (nameForms[objectType] === 'qualified') {
      reader.plain('create', {
        object: kind,
        named: { schema, name: nameParts(objectType, named).at(-1) ?? '' },
      });
    }
    return 'alter';
  },
  AlterObjectDependsStmt: ({ objectType = 'OBJECT_TABLE', relation, object, extname }, reader) => {
    reader.ddl();
    if (relation !== undefined) {
      const name = objectName(object).at(-1) ?? extname?.sval ?? '';
      reader.relation('alter', relation, { existence: 'optional', object: objectKinds[objectType], name });
    } else objectAction(reader, 'alter', objectType, object);
    return 'alter';
  },
  AlterOwnerStmt: ({ objectType = 'OBJECT_TABLE', relation, object }, reader) => {
    reader.ddl();
    objectAction(reader, 'alter', objectType, relation === undefined ? object : { RangeVar: relation });
    return 'alter';
  },
  AlterExtensionContentsStmt: ({ extname: name = '', objtype = 'OBJECT_TABLE', object }, reader) => {
    reader.ddl();
    reader.plain('alter', { object: 'extension', name });
    objectAction(reader, 'alter', objtype, object);
    return 'alter';
  },
};

/** A rename is a change of the old name and the making of the new one, since rules go by names. */
function readRename(statement: RenameStmt, reader: StatementReader): void {
  const { renameType = 'OBJECT_TABLE', relationType, relation, object, subname, newname = '' } = statement;
  const existence = statement.missing_ok ? 'optional' : 'required';
  const kind = objectKinds[renameType];
  const form = nameForms[renameType];
  if (renameType === 'OBJECT_COLUMN' && relation !== undefined) {
    for (const name of [subname ?? '', newname]) reader.column(name);
    const columns = [subname ?? '', newname];
    reader.relation('alter', relation, {
      existence,
      object: objectKinds[relationType ?? 'OBJECT_TABLE'],
      columns,
    });
  } else if (relation !== undefined && form === 'relation') {
    const old = relationName(relation);
    reader.relation('alter', relation, { existence, object: kind, columns: ['*'] });
    reader.relation('create', { name: newname }, { existence: 'created', object: kind, beside: old });
  } else if (relation !== undefined && form === 'part') {
    reader.relation('alter', relation, { existence, object: kind, name: subname ?? '' });
    reader.relation('alter', relation, { existence, object: kind, name: newname });
  } else if (relation !== undefined) {
    const old = relationName(relation);
    reader.plain('alter', { object: kind, named: old });
    if (renameType !== 'OBJECT_ATTRIBUTE')
      reader.plain('create', { object: kind, named: { ...old, name: newname } });
  } else if (subname !== undefined && object === undefined) {
    reader.plain('alter', { object: kind, name: subname });
    reader.plain('create', { object: kind, name: newname });
  } else {
    // A constraint's own name stands apart here.
    const type = renameType === 'OBJECT_DOMCONSTRAINT' ? 'OBJECT_DOMAIN' : renameType;
    objectAction(reader, 'alter', type, object, existence);
    if (form === 'qualified' && type === renameType) {
      const { schema } = nameOf(nameParts(type, object));
      const named = schema === undefined ? { name: newname } : { schema, name: newname };
      reader.plain('create', { object: kind, named });
    } else if (form === 'bare') reader.plain('create', { object: kind, name: newname });
  }
}
