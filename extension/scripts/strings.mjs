/** The strings of the extension that can be translated: what `l10n.t` is called with. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const call = /\bl10n\.t\(\s*/g;
const literal = /'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\$]|\\.)*)`/y;

/**
 * @param {string} root of the repository
 * @returns {{ strings: string[], problems: string[] }} sorted; a problem is a call whose text cannot be read from the source
 */
export function findStrings(root) {
  const strings = new Set();
  const problems = [];
  for (const file of globSync('extension/src/**/*.ts', { cwd: root })) {
    if (file.endsWith('.test.ts')) continue;
    const source = readFileSync(path.join(root, file), 'utf8');
    for (const { index, 0: opening } of source.matchAll(call)) {
      literal.lastIndex = index + opening.length;
      const found = literal.exec(source);
      const next = found && source.slice(literal.lastIndex).trimStart()[0];
      if (found === null || (next !== ',' && next !== ')')) {
        problems.push(`${file}:${source.slice(0, index).split('\n').length}: the text is no single literal`);
        continue;
      }
      const text = found[1] ?? found[2] ?? found[3] ?? '';
      strings.add(unescaped(text));
    }
  }
  return { strings: [...strings].sort(), problems };
}

function unescaped(text) {
  return text.replace(/\\(u\{([0-9a-f]+)\}|u([0-9a-f]{4})|[^u])/gi, (whole, _all, braced, plain) => {
    const code = braced ?? plain;
    if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16));
    return { n: '\n', t: '\t' }[whole[1]] ?? whole[1];
  });
}
