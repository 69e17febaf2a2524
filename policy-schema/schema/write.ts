/** Writes what follows from the language: the schemas beside this file, and the reference in docs/policy-language.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withReference } from '../src/check/language-reference.ts';
import { schemaFiles } from '../src/model/schema-files.ts';

for (const [name, text] of schemaFiles()) writeFileSync(new URL(name, import.meta.url), text);
const page = new URL('../../docs/policy-language.md', import.meta.url);
writeFileSync(page, withReference(readFileSync(page, 'utf8')));
