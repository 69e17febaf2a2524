import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { TokenResult } from '../control/messages.ts';

export type Variables = Readonly<Record<string, string>>;

/** How the clients of a protocol are led through the gate. */
export interface ClientEnvironment {
  /** What leads every client of the protocol to one resource. */
  readonly variables: (token: TokenResult, tls: boolean) => Variables;
  /** A file that names every resource, and the variable by which clients find it. */
  readonly catalogue?: {
    readonly file: string;
    readonly variable: string;
    readonly text: (tokens: ReadonlyMap<string, TokenResult>) => string;
  };
  /** The URL of a resource in DATABASE_URL and the like. */
  readonly url: (token: TokenResult) => string;
}

export const clientEnvironments: Readonly<Record<Resource['protocol'], ClientEnvironment>> = {
  postgres: {
    variables: postgresVariables,
    catalogue: { file: 'pg_service', variable: 'PGSERVICEFILE', text: serviceFile },
    url: ({ user, token, host, port, database }) =>
      `postgres://${encodeURIComponent(user)}:${token}@${host}:${port}/${encodeURIComponent(database)}?sslmode=disable`,
  },
};

/** The environment variables by which libpq and most drivers find a database. */
function postgresVariables(token: TokenResult, tls: boolean): Variables {
  return {
    PGHOST: token.host,
    PGPORT: String(token.port),
    PGUSER: token.user,
    PGPASSWORD: token.token,
    PGDATABASE: token.database,
    // Loopback, so the token passes no wire; with --tls, for clients that insist.
    ...(tls ? { PGSSLMODE: 'verify-full', PGSSLROOTCERT: token.ca } : { PGSSLMODE: 'disable' }),
  };
}

/** https://www.postgresql.org/docs/current/libpq-pgservice.html: the rest of a line is the value, so it has no quotes. */
function serviceFile(tokens: ReadonlyMap<string, TokenResult>): string {
  const lines = ['# Written by Gatehouse: psql service=NAME connects through the gate.'];
  for (const [name, { host, port, user, token, database }] of tokens) {
    if (/[\r\n]/.test(`${user}${database}`)) continue;
    lines.push('', `[${name}]`, `host=${host}`, `port=${port}`, `dbname=${database}`, `user=${user}`);
    lines.push(`password=${token}`, 'sslmode=disable');
  }
  return `${lines.join('\n')}\n`;
}
