import type { Diagnostic } from '../syntax/diagnostic.ts';
import { type ParsedYaml, parseYaml } from '../syntax/parse-yaml.ts';
import { type Extended, faultOfGit, faultOfPath, faultOfRev } from './extends.ts';
import { FileReader, repeated } from './file-reader.ts';
import { policyFolder } from './layout.ts';
import type { RawExtended, RawResource, RawWorkspace } from './raw.ts';
import { validateFile } from './validate.ts';
import type { RecordSettings, Resource, SizeLimits, UpstreamTls, Workspace } from './workspace.ts';

export interface LoadedWorkspace {
  /** Present when there is no error. */
  readonly workspace?: Workspace;
  /** What the file says of groups, by their names; absent where it says nothing. Has no meaning. */
  readonly groups?: ReadonlyMap<string, string>;
  readonly diagnostics: readonly Diagnostic[];
  readonly parsed: ParsedYaml;
}

const defaultPort = 5432;
const defaultRecords: RecordSettings = { durability: 'durable', results: { rows: 100, bytes: 64_000 } };
const defaultSizes: SizeLimits = { maxStatementBytes: 1024 ** 2, maxMessageBytes: 64 * 1024 ** 2 };

/**
 * Read gatehouse.yaml. Never throws.
 * @param file Path relative to the workspace folder, with `/`; it goes into locations and diagnostics.
 */
export function loadWorkspace(file: string, text: string): LoadedWorkspace {
  return readWorkspaceFile(parseYaml(file, text));
}

/** As {@link loadWorkspace}, of a text that is parsed already. */
export function readWorkspaceFile(parsed: ParsedYaml): LoadedWorkspace {
  const { value, diagnostics } = validateFile('Workspace', parsed);
  if (value === undefined || parsed.root === undefined) return { diagnostics, parsed };
  const reader = new FileReader(parsed.source, parsed.root);
  // The schema has just accepted the value; RawWorkspace is that schema as a type.
  const raw = value as RawWorkspace;
  const workspace = readWorkspace(reader, raw);
  const all = [...diagnostics, ...reader.diagnostics];
  if (all.some(({ severity }) => severity === 'error')) return { diagnostics: all, parsed };
  const groups = raw.groups && new Map(Object.entries(raw.groups));
  return { workspace, ...(groups && { groups }), diagnostics: all, parsed };
}

function readWorkspace(reader: FileReader, raw: RawWorkspace): Workspace {
  const resources = raw.resources.map((resource, index) => readResource(reader, resource, index));
  for (const { index, first } of repeated(resources.map(({ name }) => name))) {
    const line = resources[first]?.location.line ?? 0;
    const message = `The resource of line ${line} has this name already. Policies choose resources by name, so each needs its own.`;
    reader.fault(['resources', index, 'name'], 'duplicate-resource', message);
  }
  // A resource without a port of its own never repeats.
  for (const { index, first } of repeated(resources.map(({ listen }) => listen ?? {}))) {
    const message = `\`${resources[first]?.name ?? ''}\` listens on this port already. Choose another, or leave the key out.`;
    reader.fault(['resources', index, 'listen'], 'duplicate-port', message);
  }
  const extended = (raw.extends ?? []).map((entry, index) => readExtended(reader, entry, index));
  for (const { index } of repeated(extended.map((each) => each.name)))
    reader.fault(
      ['extends', index, 'name'],
      'bad-name',
      '`name` is taken by another repository. Give each its own.',
    );
  return {
    resources,
    ...(extended.length > 0 && { extends: extended }),
    records: readRecords(reader, raw),
    sizes: readSizes(reader, raw),
  };
}

function readExtended(reader: FileReader, raw: RawExtended, index: number): Extended {
  const { name, git, rev, path = policyFolder } = raw;
  const faults = { git: faultOfGit(git), rev: faultOfRev(rev), path: faultOfPath(path) };
  for (const [key, words] of Object.entries(faults)) {
    if (words === undefined) continue;
    const code = key === 'git' && /^https:\/\/[^/]*:[^/]*@/.test(git) ? 'secret-in-file' : 'bad-name';
    reader.fault(['extends', index, key], code, `\`${key}\` ${words}`);
  }
  return { name, git, rev, path, location: reader.location(['extends', index]) };
}

function readResource(reader: FileReader, raw: RawResource, index: number): Resource {
  const path = ['resources', index];
  checkHost(reader, raw, index);
  const tls = readTls(raw);
  if (tls.mode !== 'verify-full' && tls.mode !== 'verify-ca' && !isLocal(raw.host)) {
    const message = `\`mode: ${tls.mode}\` does not prove that this is the database, so whoever sits in between could read all that passes. Use \`verify-full\`, with \`ca\` for a certificate of your own.`;
    reader.fault([...path, 'tls', 'mode'], 'insecure-tls', message, { severity: 'warning' });
  }
  return {
    name: raw.name,
    protocol: raw.protocol,
    labels: Object.fromEntries(Object.entries(raw.labels ?? {})),
    host: raw.host,
    port: raw.port ?? defaultPort,
    database: raw.database,
    user: raw.user,
    ...(raw.password && { password: { ...raw.password } }),
    tls,
    ...(raw.listen !== undefined && { listen: raw.listen }),
    location: reader.location(path),
  };
}

function readTls({ host, tls }: RawResource): UpstreamTls {
  return {
    // PostgreSQL speaks no TLS over unix sockets.
    mode: tls?.mode ?? (host.startsWith('/') ? 'disable' : 'verify-full'),
    negotiation: tls?.negotiation ?? 'postgres',
    ...(tls?.ca !== undefined && { ca: tls.ca }),
  };
}

function checkHost(reader: FileReader, { host }: RawResource, index: number): void {
  if (host.startsWith('/') || !/[\s/@]/.test(host)) return;
  // The message must not repeat the value: connection strings hold passwords.
  const message =
    '`host` is a bare host name, an address, or the folder of a unix socket, no connection string. `port`, `database` and `user` are keys of their own, and the password comes from a `password` source.';
  reader.fault(['resources', index, 'host'], /:[^/@]+@/.test(host) ? 'secret-in-file' : 'bad-name', message);
}

function isLocal(host: string): boolean {
  return host.startsWith('/') || host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function readRecords(reader: FileReader, { records }: RawWorkspace): RecordSettings {
  const bytes = records?.results?.bytes;
  return {
    durability: records?.durability ?? defaultRecords.durability,
    results: {
      rows: records?.results?.rows ?? defaultRecords.results.rows,
      bytes:
        bytes === undefined
          ? defaultRecords.results.bytes
          : reader.size(['records', 'results', 'bytes'], bytes, 0),
    },
  };
}

function readSizes(reader: FileReader, { sizes }: RawWorkspace): SizeLimits {
  const read = (key: keyof SizeLimits): number => {
    const value = sizes?.[key];
    return value === undefined ? defaultSizes[key] : reader.size(['sizes', key], value);
  };
  return { maxStatementBytes: read('maxStatementBytes'), maxMessageBytes: read('maxMessageBytes') };
}
