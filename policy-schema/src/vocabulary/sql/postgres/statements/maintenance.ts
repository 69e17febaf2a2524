import type { VacuumRelation } from 'libpg-query';
import { strings, Unsupported, unwrap } from '../ast.ts';
import type { Handlers } from '../handler.ts';

export const maintenanceStatements: Handlers<
  'VacuumStmt' | 'ClusterStmt' | 'ReindexStmt' | 'CheckPointStmt' | 'LoadStmt'
> = {
  VacuumStmt: ({ rels, is_vacuumcmd: isVacuum }, reader) => {
    const kind = isVacuum ? 'vacuum' : 'analyze';
    if ((rels ?? []).length === 0) reader.plain(kind, { everything: true });
    for (const node of rels ?? []) {
      const { VacuumRelation: found } = node as { VacuumRelation?: VacuumRelation };
      if (found === undefined) throw new Unsupported(`${unwrap(node)[0]} in VACUUM`);
      const columns = strings(found.va_cols);
      for (const column of columns) reader.column(column);
      reader.relation(kind, found.relation, columns.length === 0 ? {} : { columns });
    }
    return kind;
  },
  ClusterStmt: ({ relation, indexname: name }, reader) => {
    if (relation === undefined) reader.plain('cluster', { everything: true });
    else reader.relation('cluster', relation, name === undefined ? {} : { name });
    return 'cluster';
  },
  ReindexStmt: ({ kind, relation, name }, reader) => {
    switch (kind) {
      case 'REINDEX_OBJECT_TABLE':
        reader.relation('reindex', relation, { object: 'table' });
        break;
      case 'REINDEX_OBJECT_INDEX': {
        const { schemaname: schema, relname = '' } = relation ?? {};
        const named = schema === undefined ? { name: relname } : { schema, name: relname };
        reader.plain('reindex', { object: 'index', named });
        break;
      }
      case 'REINDEX_OBJECT_SCHEMA':
        reader.plain('reindex', { object: 'schema', name: name ?? '', everything: true });
        break;
      case 'REINDEX_OBJECT_SYSTEM':
      case 'REINDEX_OBJECT_DATABASE':
        reader.plain('reindex', { object: 'database', name: name ?? '*', everything: true });
        break;
      case undefined:
        throw new Unsupported('REINDEX of nothing');
    }
    return 'reindex';
  },
  CheckPointStmt: (_statement, reader) => {
    reader.plain('checkpoint');
    return 'checkpoint';
  },
  LoadStmt: ({ filename: name = '' }, reader) => {
    reader.plain('load', { name });
    return 'load';
  },
};
