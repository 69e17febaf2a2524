import { qualify } from '@gatehouse/policy-schema/model/pattern.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import { type Reading, undecidableReading } from './reading.ts';
import type { FunctionCall } from './wire/frontend-messages.ts';

type Rows = readonly (readonly (string | null)[])[];

/** Read a FunctionCall message, which names its function by OID. The server must be idle. */
export async function readFunctionCall(
  { oid }: FunctionCall,
  probe: (sql: string) => Promise<Rows>,
): Promise<Reading> {
  const rows = await probe(
    `SELECT n.nspname, p.proname FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n
     ON n.oid OPERATOR(pg_catalog.=) p.pronamespace WHERE p.oid OPERATOR(pg_catalog.=) ${oid}::pg_catalog.oid`,
  );
  const [schema, name] = rows[0] ?? [];
  if (typeof schema !== 'string' || typeof name !== 'string') {
    const message = `function with OID ${oid} does not exist`;
    return undecidableReading(`FunctionCall ${oid}`, { code: 'unresolved', message, native: '42883' });
  }
  const target = qualify(schema, name);
  const request: Request = {
    vocabulary: 'sql',
    text: `FunctionCall ${target}`,
    actions: [{ vocabulary: 'sql', kind: 'call', facts: { function: target } }],
    facts: { actions: ['call'], statements: ['call'], functions: [target], statementCount: 1n },
  };
  return {
    request,
    statements: [],
    spans: undefined,
    facts: [],
    relations: [],
    opaque: true,
    copiesIn: false,
    copiesOut: false,
  };
}
