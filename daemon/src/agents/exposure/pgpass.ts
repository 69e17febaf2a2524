import { upstreamAt } from '../upstreams.ts';
import type { Finding } from './finding.ts';
import { secretNameOf, type Target } from './targets.ts';

/** https://www.postgresql.org/docs/current/libpq-pgpass.html: `host:port:database:user:password`, `\` before `:` and `\`. */
export function inPgpass(file: string, text: string, targets: readonly Target[]): readonly Finding[] {
  const findings: Finding[] = [];
  let offset = 0;
  for (const [index, whole] of text.split('\n').entries()) {
    const at = offset;
    offset += whole.length + 1;
    const line = whole.replace(/\r$/, '');
    if (line === '' || line.startsWith('#')) continue;
    const fields = [...line.matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].slice(0, 4);
    const [host, port, , user] = fields.map(([, field = '']) => field.replace(/\\(.)/g, '$1'));
    const last = fields[3];
    if (host === undefined || port === undefined || user === undefined || last === undefined) continue;
    const start = last.index + last[0].length;
    if (start >= line.length || line.startsWith('gha_', start)) continue;
    const target = targets.find(
      (each) =>
        (port === '*' || Number(port) === each.port) &&
        (host === '*' || upstreamAt([each], host, each.port) !== undefined),
    );
    const place = { kind: 'file', file, line: index + 1 } as const;
    if (target === undefined) {
      const words = 'Holds the password of a database that is no resource of this workspace.';
      findings.push({ level: 'note', kind: 'pgpass', place, words, fixes: [] });
      continue;
    }
    const { resource } = target;
    findings.push({
      level: 'direct',
      kind: 'pgpass',
      place,
      resource,
      words: `Every client of this user finds a password of ${resource} here by itself.`,
      fixes: [
        {
          kind: 'move',
          secret: secretNameOf(targets, resource, user === '*' ? undefined : user),
          span: {
            start: at + start,
            end: at + line.length,
            written: 'pgpass',
            cut: { start: at, end: Math.min(text.length, offset) },
          },
        },
      ],
    });
  }
  return findings;
}
