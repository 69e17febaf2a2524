import type { Finding } from './finding.ts';

/** Credentials of things that no resource of a workspace is yet: worth knowing, as agents can use them. */

export function inMyCnf(file: string, text: string): readonly Finding[] {
  const line = lineOf(text, /^\s*password\s*=\s*\S/);
  return line === undefined
    ? []
    : [note('my-cnf', file, line, 'MySQL clients log in with the password that stands here.')];
}

export function inKubeconfig(file: string, text: string): readonly Finding[] {
  const line = lineOf(text, /^\s*(- )?(token|client-key-data|client-key|password|tokenFile|exec)\s*:/);
  return line === undefined
    ? []
    : [note('kubeconfig', file, line, 'kubectl reaches clusters with the credentials that stand here.')];
}

export function inGitCredentials(file: string, text: string): readonly Finding[] {
  const line = lineOf(text, /^https?:\/\/[^:@/\s]+:[^@/\s]+@/);
  return line === undefined
    ? []
    : [note('git-credentials', file, line, 'Git pushes and fetches with the passwords that stand here.')];
}

/** A key without a passphrase opens hosts to whoever reads it. */
export function inSshKey(file: string, text: string): readonly Finding[] {
  const armoured = /-----BEGIN ([A-Z ]*)PRIVATE KEY-----([\s\S]*?)-----END/.exec(text);
  if (armoured === null) return [];
  const [, kind = '', body = ''] = armoured;
  if (kind.startsWith('ENCRYPTED') || body.includes('Proc-Type: 4,ENCRYPTED')) return [];
  // openssh-key-v1: a magic, then the name of the cipher with its length before it.
  const bytes = Buffer.from(body, 'base64');
  const cipher = bytes
    .subarray(19, 19 + Math.min(64, bytes.length < 19 ? 0 : bytes.readUInt32BE(15)))
    .toString('latin1');
  if (kind.startsWith('OPENSSH') && cipher !== 'none') return [];
  return [
    {
      level: 'note',
      kind: 'ssh-key',
      place: { kind: 'file', file },
      words: 'This key has no passphrase, so whoever reads it reaches the hosts that trust it.',
      fixes: [],
    },
  ];
}

function note(kind: Finding['kind'], file: string, line: number, words: string): Finding {
  return { level: 'note', kind, place: { kind: 'file', file, line }, words, fixes: [] };
}

function lineOf(text: string, pattern: RegExp): number | undefined {
  const index = text.split('\n').findIndex((line) => pattern.test(line));
  return index === -1 ? undefined : index + 1;
}
