/**
 * Makes the room of a new check: `npm run new-check -- FAMILY CODE`. What is left to write is told at the end, and tests
 * fail until it is written.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { families, type Family } from '../src/check/check.ts';

const rooms = new URL('../src/check/', import.meta.url);

/** Families that a check may be added to; the language's own codes stand in src/syntax/codes.ts. */
const open = Object.keys(families).filter((family): family is Exclude<Family, 'language'> => {
  return family !== 'language';
});

function refuse(words: string): never {
  process.stderr.write(`${words}\n`);
  process.exit(1);
}

function camelCase(code: string): string {
  return code.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function asked(): { readonly family: (typeof open)[number]; readonly code: string } {
  const { positionals } = parseArgs({ allowPositionals: true });
  const [name, code, ...rest] = positionals;
  if (name === undefined || code === undefined || rest.length > 0)
    refuse(`Say the family and the code: npm run new-check -- FAMILY CODE\nFamilies: ${open.join(', ')}.`);
  const family = open.find((each) => each === name);
  if (family === undefined) {
    const why = name === 'language' ? ' Its codes are those of the language, in src/syntax/codes.ts.' : '';
    refuse(`No family for checks is named \`${name}\`.${why} Families: ${open.join(', ')}.`);
  }
  if (!/^[a-z]+(-[a-z]+)*$/.test(code))
    refuse(
      `\`${code}\` is no code: write lower-case words with hyphens between them, \`deny-without-message\`.`,
    );
  const taken = Object.keys(families).find((each) => existsSync(new URL(`${each}/${code}/`, rooms)));
  if (taken !== undefined)
    refuse(`The code \`${code}\` is taken: policy-schema/src/check/${taken}/${code}. Choose another.`);
  return { family, code };
}

/** The family's list with one more code, in order. */
function withCode(text: string, family: string, code: string): string {
  const known = [...text.matchAll(/^import \{ \w+ \} from '\.\/([a-z-]+)\/check\.ts';$/gm)].map(
    (match) => match[1] ?? '',
  );
  const codes = [...known, code].sort();
  const imports = codes.map((each) => `import { ${camelCase(each)} } from './${each}/check.ts';\n`).join('');
  const head = `export const ${camelCase(family)}Checks: readonly AnyCheck[] = [`;
  const names = codes.map(camelCase);
  const line = `${head}${names.join(', ')}];`;
  const list = line.length <= 110 ? line : `${head}\n${names.map((name) => `  ${name},\n`).join('')}];`;
  return `import type { AnyCheck } from '../check.ts';\n${imports}\n/** The checks of this family, in the order of their codes. */\n${list}\n`;
}

const checkText = (
  family: string,
  code: string,
): string => `import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';

export const ${camelCase(code)}: Check<'rule'> = {
  code: '${code}',
  family: '${family}',
  severity: 'information',
  title: 'One sentence: what the finding stands for.',
  unit: 'rule',
  reads: 'unit',
  check({ node, rule }, report) {
    const effect = entryOf(node, 'effect')?.value;
    if (effect === undefined || rule.effect === 'allow') return;
    report(effect.range, 'Say what is wrong, and what to do instead.');
  },
};
`;

const testText = (code: string): string => `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = '${code}';

test('a sentence on what is found, and where', () => {
  finds(code, ruleOf('name: x\\neffect: «deny»\\nmessage: Ask first.'), [/what to do instead/]);
  assert.fail('write this sentence, and a policy with «marks» around what must be found');
});

test('a sentence on what looks like it and is fine', () => {
  silent(code, ruleOf('name: x\\neffect: allow'));
  assert.fail('write this sentence, and a policy that the check must leave alone');
});
`;

const pageText = `Say in two to five sentences why this matters.

## Found

\`\`\`yaml
gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
\`\`\`

## Instead

\`\`\`yaml
gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
\`\`\`
`;

const { family, code } = asked();
const list = new URL(`${family}/checks.ts`, rooms);
const room = new URL(`${family}/${code}/`, rooms);
const listed = withCode(readFileSync(list, 'utf8'), family, code);
mkdirSync(room);
for (const [name, text] of [
  ['check.ts', checkText(family, code)],
  ['check.test.ts', testText(code)],
  ['page.md', pageText],
] as const)
  writeFileSync(new URL(name, room), text, { flag: 'wx' });
writeFileSync(list, listed);

const shown = `policy-schema/src/check/${family}/${code}`;
process.stdout.write(`${shown}/check.ts       what it finds
${shown}/check.test.ts  fails until it holds sentences and cases
${shown}/page.md        why it matters, what is found, what to write instead

Then: node policy-schema/schema/write.ts
      node --test '${shown}/*.test.ts' policy-schema/src/check/pages.test.ts
`);
