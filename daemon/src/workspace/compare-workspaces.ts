import { isDeepStrictEqual } from 'node:util';
import type {
  Resource,
  SecretSource,
  UpstreamTls,
  Workspace,
} from '@gatehouse/policy-schema/model/workspace.ts';

/** What a change of `gatehouse.yaml` could newly allow, and what it takes away; a line each, for people. */
export interface WorkspaceChange {
  readonly loosens: readonly string[];
  readonly tightens: readonly string[];
}

/** A workspace with the texts of the certificates that its resources trust, by their paths. */
export interface TrustedWorkspace {
  readonly workspace: Workspace;
  readonly certificates: ReadonlyMap<string, string>;
}

interface Lists {
  readonly loosens: string[];
  readonly tightens: string[];
}

type Compare<Whole> = {
  readonly [Key in keyof Whole]-?: (before: Whole[Key], after: Whole[Key], into: Lists, at: string) => void;
};

/**
 * Compare two workspaces. Everything about a resource that says where it is, who Gatehouse is there, or how its server
 * is told from another can only be changed by a person: an agent that could change it would send itself elsewhere, or
 * have the daemon run a command of its choice.
 */
export function compareWorkspaces(before: TrustedWorkspace, after: TrustedWorkspace): WorkspaceChange {
  const into: Lists = { loosens: [], tightens: [] };
  compareAll(workspaceFields, before.workspace, after.workspace, into, '');
  const known = new Map(before.workspace.resources.map((resource) => [resource.name, resource]));
  for (const resource of after.workspace.resources) {
    const was = known.get(resource.name);
    if (was === undefined || resource.tls.ca === undefined || was.tls.ca !== resource.tls.ca) continue;
    if (before.certificates.get(resource.tls.ca) !== after.certificates.get(resource.tls.ca)) {
      into.loosens.push(`resource ${resource.name}: the certificates in ${resource.tls.ca} changed`);
    }
  }
  return into;
}

function compareAll<Whole>(
  fields: Compare<Whole>,
  before: Whole,
  after: Whole,
  into: Lists,
  at: string,
): void {
  for (const key of Object.keys(fields) as (keyof Whole)[]) {
    if (!isDeepStrictEqual(before[key], after[key])) fields[key](before[key], after[key], into, at);
  }
}

/** A change that any hand but a person's could misuse. */
function person<Value>(name: string, show: (value: Value) => string = String) {
  return (before: Value, after: Value, into: Lists, at: string): void => {
    into.loosens.push(`${at}${name}: ${show(before)} → ${show(after)}`);
  };
}

/** A bound: less is tighter. */
function bound(name: string) {
  return (before: number, after: number, into: Lists, at: string): void => {
    (after > before ? into.loosens : into.tightens).push(`${at}${name}: ${before} → ${after}`);
  };
}

const ignore = (): void => {};

const workspaceFields: Compare<Workspace> = {
  resources: (before, after, into) => {
    const was = new Map(before.map((resource) => [resource.name, resource]));
    const is = new Set(after.map((resource) => resource.name));
    for (const resource of after) {
      const old = was.get(resource.name);
      if (old === undefined) into.loosens.push(`resource ${resource.name} is new: ${describe(resource)}`);
      else compareAll(resourceFields, old, resource, into, `resource ${resource.name}: `);
    }
    for (const resource of before) {
      if (!is.has(resource.name)) into.tightens.push(`resource ${resource.name} is gone`);
    }
  },
  // What comes of it is compared with all policies: these are among them.
  extends: ignore,
  records: (before, after, into) => {
    compareAll(recordFields, before, after, into, 'records: ');
  },
  sizes: (before, after, into) => {
    compareAll(sizeFields, before, after, into, 'sizes: ');
  },
};

const recordFields: Compare<Workspace['records']> = {
  durability: (before, after, into, at) => {
    (after === 'durable' ? into.tightens : into.loosens).push(`${at}durability: ${before} → ${after}`);
  },
  // Less is less evidence, more is more data on this disk.
  results: person('results', (results) => `${results.rows} rows, ${results.bytes} bytes`),
};

const sizeFields: Compare<Workspace['sizes']> = {
  maxStatementBytes: bound('maxStatementBytes'),
  maxMessageBytes: bound('maxMessageBytes'),
};

const resourceFields: Compare<Resource> = {
  name: ignore,
  location: ignore,
  // Loopback and authenticated, whatever the port.
  listen: ignore,
  protocol: person('protocol'),
  // Rules apply by label and conditions ask for them.
  labels: person('labels', (labels) => JSON.stringify(labels)),
  host: person('host'),
  port: person('port'),
  database: person('database'),
  user: person('user'),
  password: person('password', describeSource),
  tls: (before, after, into, at) => {
    compareAll(tlsFields, before, after, into, `${at}tls.`);
  },
};

const strictness: Readonly<Record<UpstreamTls['mode'], number>> = {
  disable: 0,
  require: 1,
  'verify-ca': 2,
  'verify-full': 3,
};

const tlsFields: Compare<UpstreamTls> = {
  mode: (before, after, into, at) => {
    const list = strictness[after] > strictness[before] ? into.tightens : into.loosens;
    list.push(`${at}mode: ${before} → ${after}`);
  },
  negotiation: person('negotiation'),
  ca: person<string | undefined>('ca', (file) => file ?? "the system's certificates"),
};

function describe(resource: Resource): string {
  const { protocol, user, host, port, database, tls } = resource;
  const secret =
    resource.password === undefined ? 'no password' : `password from ${describeSource(resource.password)}`;
  return `${protocol}://${user}@${host}:${port}/${database}, tls ${tls.mode}, ${secret}`;
}

/** Where a secret comes from, in words; a source names a place and holds no secret. */
export function describeSource(source: SecretSource | undefined): string {
  if (source === undefined) return 'nowhere';
  if ('command' in source) return `the command ${JSON.stringify(source.command)}`;
  if ('file' in source) return `the file ${source.file}`;
  if ('env' in source) return `the environment variable ${source.env}`;
  return `standard input, name ${source.stdin}`;
}
