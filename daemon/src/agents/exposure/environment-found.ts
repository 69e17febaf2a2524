import { credentialsIn } from '../credentials.ts';
import type { Finding } from './finding.ts';
import type { Target } from './targets.ts';

/** Passwords in the environment that the editor and all that it starts run with. */
export function inEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  targets: readonly Target[],
): readonly Finding[] {
  const names = Object.keys(env).filter((name) => /^[A-Za-z_]\w*$/.test(name));
  // One variable a line, as credentials are told by their lines.
  const text = names.map((name) => `${name}=${(env[name] ?? '').replaceAll(/[\r\n]+/g, ' ')}`).join('\n');
  return credentialsIn(text, targets).flatMap(({ line, resource }): readonly Finding[] => {
    const name = names[line - 1];
    if (name === undefined) return [];
    return [
      {
        level: 'direct',
        kind: 'environment',
        place: { kind: 'variable', name },
        resource,
        words: `Every program that this editor starts is given a password of ${resource}.`,
        fixes: [{ kind: 'unset' }],
      },
    ];
  });
}
