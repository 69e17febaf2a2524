import { readPrivateFile, writePrivateFile } from '../core/private-file.ts';

/** The texts that a person accepted, as they stood: the policy that is enforced after a restart comes from here. */
export interface AcceptedTexts {
  readonly workspace?: { readonly file: string; readonly text: string };
  readonly policies: ReadonlyMap<string, string>;
  /** PEM texts by the path that the workspace gives. */
  readonly certificates: ReadonlyMap<string, string>;
}

export interface StoredAcceptance extends AcceptedTexts {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
}

export type Stored =
  | { readonly kind: 'found'; readonly acceptance: StoredAcceptance }
  | { readonly kind: 'missing' }
  /** There, but not to be trusted or not to be read; `why` is for people. */
  | { readonly kind: 'unusable'; readonly why: string };

const format = 1;
const maxBytes = 256 * 1024 * 1024;

export function saveAccepted(file: string, acceptance: StoredAcceptance): void {
  const { at, by, workspace, policies, certificates } = acceptance;
  const whole = {
    format,
    at,
    by,
    ...(workspace === undefined ? {} : { workspace }),
    policies: Object.fromEntries(policies),
    certificates: Object.fromEntries(certificates),
  };
  writePrivateFile(file, `${JSON.stringify(whole, null, 2)}\n`);
}

export function loadAccepted(file: string): Stored {
  const read = readPrivateFile(file, maxBytes);
  if (!read.ok) {
    if (read.problem === 'missing') return { kind: 'missing' };
    return { kind: 'unusable', why: `${file} is ${read.problem}` };
  }
  const acceptance = parse(read.bytes);
  return acceptance === undefined
    ? { kind: 'unusable', why: `${file} is damaged` }
    : { kind: 'found', acceptance };
}

function parse(bytes: Buffer): StoredAcceptance | undefined {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (!isObject(value) || value.format !== format) return undefined;
  const { at, by, workspace } = value;
  const policies = textsOf(value.policies);
  const certificates = textsOf(value.certificates);
  if (
    typeof at !== 'string' ||
    typeof by !== 'string' ||
    policies === undefined ||
    certificates === undefined
  ) {
    return undefined;
  }
  if (workspace === undefined) return { at, by, policies, certificates };
  if (!isObject(workspace)) return undefined;
  const { file, text } = workspace;
  if (typeof file !== 'string' || typeof text !== 'string') return undefined;
  return { at, by, workspace: { file, text }, policies, certificates };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textsOf(value: unknown): ReadonlyMap<string, string> | undefined {
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? new Map(entries)
    : undefined;
}
