import path from 'node:path';
import type { Finding } from './finding.ts';
import type { Target } from './targets.ts';

/** Where gatehouse.yaml says the real passwords come from, as far as an agent can take them there, too. */
export function inOwnSources(
  targets: readonly Target[],
  around: {
    readonly workspaceFolder: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly isReadable: (file: string) => boolean;
  },
): readonly Finding[] {
  return targets.flatMap(({ resource, password, source }): readonly Finding[] => {
    if (password === undefined || 'stdin' in password) return [];
    const fixes = source === undefined ? [] : [{ kind: 'stdin', secret: resource, ...source } as const];
    if ('env' in password) {
      const value = around.env[password.env];
      if (value === undefined || value === '') return [];
      return [
        {
          level: 'direct',
          kind: 'resource-env',
          place: { kind: 'variable', name: password.env },
          resource,
          words: `The gate takes the password of ${resource} from a variable that every program of this editor sees.`,
          fixes,
        },
      ];
    }
    if ('file' in password) {
      const file = path.resolve(around.workspaceFolder, password.file);
      if (!around.isReadable(file)) return [];
      return [
        {
          level: 'direct',
          kind: 'resource-file',
          place: { kind: 'file', file },
          resource,
          words: `The gate takes the password of ${resource} from a file that every program of this user can read.`,
          fixes,
        },
      ];
    }
    return [
      {
        level: 'note',
        kind: 'resource-command',
        place: { kind: 'file', file: path.join(around.workspaceFolder, '.gatehouse', 'gatehouse.yaml') },
        resource,
        words: `The gate asks a command for the password of ${resource}; an agent could run it, too, unless it asks a person.`,
        fixes,
      },
    ];
  });
}
