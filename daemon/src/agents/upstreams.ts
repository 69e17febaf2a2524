import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';

/** Where a resource really is, which is where agents have no business. */
export interface Upstream {
  readonly resource: string;
  readonly protocol: Resource['protocol'];
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
}

/** How the clients of a protocol are told where to connect. */
export interface ClientHabits {
  readonly programs: ReadonlySet<string>;
  readonly schemes: ReadonlySet<string>;
  readonly defaultPort: number;
  /** Options with a value, and the keys of connection strings. */
  readonly host: {
    readonly options: readonly string[];
    readonly keys: readonly string[];
    readonly variables: readonly string[];
  };
  readonly port: {
    readonly options: readonly string[];
    readonly keys: readonly string[];
    readonly variables: readonly string[];
  };
}

export const clientHabits: Readonly<Record<Resource['protocol'], ClientHabits>> = {
  postgres: {
    programs: new Set(
      'psql pg_dump pg_dumpall pg_restore pg_basebackup pg_isready pg_amcheck pg_receivewal pg_recvlogical pgbench createdb dropdb createuser dropuser vacuumdb reindexdb clusterdb pgcli'.split(
        ' ',
      ),
    ),
    schemes: new Set(['postgres', 'postgresql']),
    defaultPort: 5432,
    host: { options: ['-h', '--host'], keys: ['host', 'hostaddr'], variables: ['PGHOST', 'PGHOSTADDR'] },
    port: { options: ['-p', '--port'], keys: ['port'], variables: ['PGPORT'] },
  },
};

const loopback = /^(localhost|127(\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/i;

/** A unix socket, or an address that leads to this machine. */
export function isLocal(host: string): boolean {
  return host === '' || host.startsWith('/') || host.startsWith('@') || loopback.test(host);
}

/** The upstream at a place. Every way to this machine is the same place. */
export function upstreamAt(upstreams: readonly Upstream[], host: string, port: number): Upstream | undefined {
  return upstreams.find((each) =>
    isLocal(host) ? isLocal(each.host) && each.port === port : sameName(each.host, host),
  );
}

function sameName(one: string, other: string): boolean {
  const plain = (host: string) => host.replace(/^\[|\]$|\.$/g, '').toLowerCase();
  return plain(one) === plain(other);
}

const url = /\b([a-z][a-z0-9+.-]*):\/\/(?:[^@\s/'"]*@)?(\[[^\]\s]+\]|[^:/?#\s'",;)@]*)(?::(\d{1,5}))?/gi;

/** The upstream that some text names as a URL, as `host:port`, or by what code passes to a driver. */
export function upstreamNamedIn(upstreams: readonly Upstream[], text: string): Upstream | undefined {
  for (const [, scheme = '', host = '', port] of text.matchAll(url)) {
    const habits = Object.values(clientHabits).find(({ schemes }) => schemes.has(scheme.toLowerCase()));
    if (port === undefined && habits === undefined) continue;
    const found = upstreamAt(upstreams, decoded(host), Number(port ?? habits?.defaultPort));
    if (found !== undefined) return found;
  }
  return upstreams.find((upstream) => namesOf(upstream).some((name) => pairOf(name, upstream, text)));
}

function decoded(host: string): string {
  try {
    return decodeURIComponent(host);
  } catch {
    return host;
  }
}

function namesOf({ host }: Upstream): readonly string[] {
  return isLocal(host) ? ['localhost', '127.0.0.1', '::1', '[::1]'] : [host];
}

/** `host:port`, `/dev/tcp/host/port`, `host='…'` with the port near it. */
function pairOf(name: string, { host, port }: Upstream, text: string): boolean {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  if (new RegExp(`(^|[^\\w.-])${quoted}[:/]${port}(?!\\d)`, 'i').test(text)) return true;
  const key = new RegExp(`host(?:addr|name)?["']?\\s*[=:]\\s*["']?${quoted}(?![\\w.-])`, 'i');
  if (!key.test(text)) return false;
  return !isLocal(host) || new RegExp(`port["']?\\s*[=:]\\s*["']?${port}(?!\\d)`, 'i').test(text);
}
