import { upstreamAt } from '../upstreams.ts';
import type { Finding } from './finding.ts';
import { secretNameOf, type Target } from './targets.ts';

interface Setting {
  readonly value: string;
  readonly line: number;
  readonly start: number;
  readonly end: number;
  readonly cut: { readonly start: number; readonly end: number };
}

/** https://www.postgresql.org/docs/current/libpq-pgservice.html: sections of `key=value`. */
export function inServiceFile(file: string, text: string, targets: readonly Target[]): readonly Finding[] {
  return sections(text).flatMap((section): readonly Finding[] => {
    const password = section.get('password');
    if (password === undefined || password.value === '' || password.value.startsWith('gha_')) return [];
    const port = Number(section.get('port')?.value ?? 5432);
    const host = section.get('host')?.value ?? section.get('hostaddr')?.value ?? '';
    const found = upstreamAt(targets, host, port);
    const place = { kind: 'file', file, line: password.line } as const;
    if (found === undefined) {
      const words = 'Holds the password of a service that is no resource of this workspace.';
      return [{ level: 'note', kind: 'service-file', place, words, fixes: [] }];
    }
    const { start, end, cut } = password;
    const { resource } = found;
    const secret = secretNameOf(targets, resource, section.get('user')?.value);
    return [
      {
        level: 'direct',
        kind: 'service-file',
        place,
        resource,
        words: `psql service=NAME logs in to ${resource} with the password that stands here.`,
        fixes: [{ kind: 'move', secret, span: { start, end, written: 'plain', cut } }],
      },
    ];
  });
}

function sections(text: string): readonly ReadonlyMap<string, Setting>[] {
  const all: Map<string, Setting>[] = [];
  let offset = 0;
  for (const [index, whole] of text.split('\n').entries()) {
    const at = offset;
    offset += whole.length + 1;
    const line = whole.replace(/\r$/, '');
    if (/^\s*\[/.test(line)) all.push(new Map());
    const found = /^([a-z_]+)=(.*)$/d.exec(line.trimStart());
    const shift = line.length - line.trimStart().length;
    const [start, end] = found?.indices?.[2] ?? [0, 0];
    if (found?.[1] === undefined) continue;
    all.at(-1)?.set(found[1], {
      value: found[2] ?? '',
      line: index + 1,
      start: at + shift + start,
      end: at + shift + end,
      cut: { start: at, end: Math.min(text.length, offset) },
    });
  }
  return all;
}
