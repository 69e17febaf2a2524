import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { analyzeSql, loadSqlParser } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analyze.ts';
import { deskNames } from '@gatehouse/policy-schema/vocabulary/sql/postgres/desk-names.ts';
import { toRequest } from '@gatehouse/policy-schema/vocabulary/sql/postgres/to-request.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';

export interface RequestWishes {
  readonly inTransaction: boolean;
}

/** How a typed text becomes a request, on a desk without a server to ask. */
interface RequestReader {
  /** What is typed, for people. */
  readonly what: string;
  /** Once, before the first text is read. */
  load(): Promise<void>;
  /** Never throws for a text. */
  read(text: string, wishes: RequestWishes): Request;
}

/** Every protocol that a resource may speak. A missing one does not compile. */
export const readers: Readonly<Record<Resource['protocol'], RequestReader>> = {
  postgres: {
    what: 'a SQL statement',
    load: loadSqlParser,
    read: (text, { inTransaction }) =>
      toRequest(text, analyzeSql(text), deskNames(), { inTransaction, application: 'gatehouse' }).request,
  },
};

let loading: Promise<unknown> | undefined;

/** Load what reading requests needs. */
export function loadReaders(): Promise<unknown> {
  loading ??= Promise.all(Object.values(readers).map((reader) => reader.load()));
  return loading;
}
