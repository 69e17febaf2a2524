import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * How a server that refuses to run as root is started. `plain`: we are not root. `namespace`: as root, inside a user
 * namespace where we are somebody else, which needs no account and no change of owner. `account`: as root, with the
 * uid of `nobody`.
 */
export type Standing =
  | { readonly kind: 'plain' }
  | { readonly kind: 'namespace'; readonly uid: number }
  | { readonly kind: 'account'; readonly uid: number; readonly gid: number };

let known: Standing | undefined;

/** Found once per process. @throws Error when root has no way to become somebody else. */
export function standing(): Standing {
  known ??= findStanding();
  return known;
}

function findStanding(): Standing {
  if (process.getuid?.() !== 0) return { kind: 'plain' };
  const accounts = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
    .map((fields) => ({ name: fields[0], uid: Number(fields[2]), gid: Number(fields[3]) }));
  // initdb looks its user up in passwd, so the uid must be one that is there.
  const inside =
    accounts.find((account) => account.uid === 1000) ?? accounts.find((account) => account.uid > 0);
  if (inside !== undefined) {
    const uid = inside.uid;
    const trial = spawnSync('unshare', [...namespaceArguments(uid), 'true'], { stdio: 'ignore' });
    if (trial.status === 0) return { kind: 'namespace', uid };
  }
  const nobody = accounts.find((account) => account.name === 'nobody');
  if (nobody !== undefined) return { kind: 'account', uid: nobody.uid, gid: nobody.gid };
  throw new Error(
    'A database server refuses to run as root, and neither a user namespace nor the account "nobody" is to be had. Run as an ordinary user.',
  );
}

function namespaceArguments(uid: number): string[] {
  return ['-U', `--map-user=${uid}`, `--map-group=${uid}`];
}

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly identity: { uid?: number; gid?: number };
}

/** The command that runs `file` unprivileged. The process that comes of it is `file` itself: signals reach it. */
export function unprivileged(file: string, args: readonly string[]): Launch {
  const how = standing();
  switch (how.kind) {
    case 'plain':
      return { file, args, identity: {} };
    case 'namespace':
      return { file: 'unshare', args: [...namespaceArguments(how.uid), file, ...args], identity: {} };
    case 'account':
      return { file, args, identity: { uid: how.uid, gid: how.gid } };
  }
}
