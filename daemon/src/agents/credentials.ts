import { isLocal, type Upstream, upstreamAt } from './upstreams.ts';

/** A password of an upstream that stands in a text, by its place: the password itself is kept nowhere. */
export interface StandingCredential {
  readonly resource: string;
  /** Of the first line, 1. */
  readonly line: number;
  /** What the password is said in: a variable, or a URL. */
  readonly in: { readonly kind: 'setting'; readonly name: string } | { readonly kind: 'url' };
  /** Where the password stands, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const url =
  /\b([a-z][a-z0-9+]*):\/\/([^:@/\s'"]*):([^@/\s'"]+)@(\[[^\]\s]+\]|[^:/?#\s'"]*)(?::(\d{1,5}))?/dgi;
/** `NAME=value` as `.env` files and shells have it, `NAME: value` as YAML, `set -gx NAME value` as fish. */
const setting =
  /^[ \t]*(?:-[ \t]+)?["']?(?:(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:=|:[ \t])|set[ \t]+-\w+[ \t]+([A-Za-z_]\w*)[ \t])[ \t]*([^\r\n]*?)[ \t]*$/dgm;
const passwordName = /^PGPASSWORD$|^(POSTGRES|PG|DB|DATABASE)_?\w*PASS(WORD)?$/i;
const hostName = /^PGHOST$|^(POSTGRES|PG|DB|DATABASE)_?\w*HOST$/i;
const portName = /^PGPORT$|^(POSTGRES|PG|DB|DATABASE)_?\w*PORT$/i;
/** `"5433:5432"`, as containers are published. */
const publishedPort = /^[ \t]*-[ \t]+["']?(?:[\d.]+:)?(\d{1,5}):5432\b/gm;
/** What agents log in to the gate with leads nowhere else; and a name in place of a value is none. */
const harmless = /^gha_|^[$<{]|^$/;

/** Whether a text of settings (`.env` and the like) holds a password that one of the upstreams would take. */
export function holdsCredential(text: string, upstreams: readonly Upstream[]): boolean {
  return credentialsIn(text, upstreams).length > 0;
}

/** The passwords in a text of settings that one of the upstreams would take. */
export function credentialsIn(text: string, upstreams: readonly Upstream[]): readonly StandingCredential[] {
  if (upstreams.length === 0) return [];
  return [...inUrls(text, upstreams), ...inSettings(text, upstreams)].sort(
    (one, other) => one.start - other.start,
  );
}

function* inUrls(text: string, upstreams: readonly Upstream[]): Generator<StandingCredential> {
  for (const match of text.matchAll(url)) {
    const [, , , password = '', host = '', port] = match;
    const [start, end] = match.indices?.[3] ?? [0, 0];
    if (harmless.test(password)) continue;
    const places = port === undefined ? upstreams.map((each) => each.port) : [Number(port)];
    const found = places
      .map((place) => upstreamAt(upstreams, host, place))
      .find((each) => each !== undefined);
    if (found === undefined) continue;
    yield { resource: found.resource, line: lineAt(text, start), in: { kind: 'url' }, start, end };
  }
}

function* inSettings(text: string, upstreams: readonly Upstream[]): Generator<StandingCredential> {
  const settings = [...text.matchAll(setting)].map((match) => {
    const [, plain, fish, written = ''] = match;
    const at = match.indices?.[3]?.[0] ?? 0;
    const quoted = /^(['"])(.*?)\1/.exec(written);
    const value = quoted?.[2] ?? written.replace(/\s#.*$/, '').replace(/["']$/, '');
    const start = quoted === null ? at : at + 1;
    return { name: plain ?? fish ?? '', value, start, end: start + value.length };
  });
  const values = (name: RegExp) =>
    settings.filter((each) => name.test(each.name) && each.value !== '').map(({ value }) => value);
  const hosts = values(hostName).filter((host) => !harmless.test(host));
  const ports = [...values(portName), ...[...text.matchAll(publishedPort)].map(([, port = '']) => port)]
    .filter((port) => /^\d+$/.test(port))
    .map(Number);
  // Without a host it is for the one that the program takes when nothing is said: this machine.
  const found = upstreams.find(
    (upstream) =>
      (ports.length === 0 || ports.includes(upstream.port)) &&
      (hosts.length === 0
        ? isLocal(upstream.host)
        : hosts.some((host) => upstreamAt([upstream], host, upstream.port) !== undefined)),
  );
  if (found === undefined) return;
  for (const { name, value, start, end } of settings) {
    if (!passwordName.test(name) || harmless.test(value)) continue;
    yield { resource: found.resource, line: lineAt(text, start), in: { kind: 'setting', name }, start, end };
  }
}

/** Of the first line, 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
