/** Writes what follows from the language and its checks: docs/schema, the reference, and docs/checks. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { withReference } from '../src/check/language-reference.ts';
import { allCodes, codeIndex, codePage } from '../src/check/pages.ts';
import { checks } from '../src/check/registry.ts';
import { schemaFiles } from '../src/model/schema-files.ts';

const schemas = new URL('../../docs/schema/v1/', import.meta.url);
mkdirSync(schemas, { recursive: true });
for (const [name, text] of schemaFiles()) writeFileSync(new URL(name, schemas), text);

const reference = new URL('../../docs/policy-language.md', import.meta.url);
writeFileSync(reference, withReference(readFileSync(reference, 'utf8')));

const pages = new URL('../../docs/checks/', import.meta.url);
mkdirSync(pages, { recursive: true });
const codes = allCodes(checks);
const files = new Map(
  codes.map((facts) => {
    const words = new URL(`../src/check/${facts.family}/${facts.code}/page.md`, import.meta.url);
    return [`${facts.code}.md`, codePage(facts, readFileSync(words, 'utf8'))];
  }),
);
files.set('README.md', codeIndex(codes));
for (const [name, text] of files) writeFileSync(new URL(name, pages), text);
for (const name of readdirSync(pages)) if (!files.has(name)) rmSync(new URL(name, pages));
