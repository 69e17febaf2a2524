import { credentialsIn } from '../credentials.ts';
import type { Finding, FindingKind, SecretSpan } from './finding.ts';
import { secretNameOf, type Target } from './targets.ts';

type TextKind = Extract<FindingKind, 'env-file' | 'compose' | 'shell-start' | 'agent-settings'>;

const words: Readonly<Record<TextKind, (resource: string) => string>> = {
  'env-file': (resource) =>
    `Programs that read this file log in to ${resource} with the password that stands here.`,
  compose: (resource) => `The password of ${resource} is written here for the container that it runs in.`,
  'shell-start': (resource) => `Every shell starts with a password of ${resource}.`,
  'agent-settings': (resource) => `A tool of an agent is given a password of ${resource} here.`,
};

/** Texts of settings, whatever their format: variables, and URLs with a password. */
export function inSettingsText(
  kind: TextKind,
  file: string,
  text: string,
  targets: readonly Target[],
): readonly Finding[] {
  return credentialsIn(text, targets).map(({ resource, line, start, end, in: where }) => ({
    level: 'direct',
    kind,
    place: { kind: 'file', file, line },
    resource,
    words: words[kind](resource),
    fixes: [
      {
        kind: 'move',
        secret: secretNameOf(targets, resource, userNear(text, start, where.kind)),
        span: spanOf(text, start, end, where.kind),
      },
    ],
  }));
}

function spanOf(text: string, start: number, end: number, kind: 'setting' | 'url'): SecretSpan {
  // A URL without its password is still an address, which a program may need.
  if (kind === 'url') return { start, end, written: 'url', cut: { start: start - 1, end } };
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = text.indexOf('\n', end);
  return {
    start,
    end,
    written: 'plain',
    cut: { start: lineStart, end: lineEnd === -1 ? text.length : lineEnd + 1 },
  };
}

/** Whose password it is, where the text says so beside it. */
function userNear(text: string, start: number, kind: 'setting' | 'url'): string | undefined {
  if (kind === 'url') return /\/\/([^:@/\s]+):$/.exec(text.slice(Math.max(0, start - 200), start))?.[1];
  return /^[ \t]*(?:-[ \t]+)?(?:export[ \t]+)?(?:PGUSER|(?:POSTGRES|PG|DB|DATABASE)_?\w*USER)[ \t]*[=:][ \t]*["']?([\w.-]+)/im.exec(
    text,
  )?.[1];
}
