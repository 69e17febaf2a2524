/** Writes the generated schemas beside this file. Run it after a change of the language: node policy-schema/schema/write.ts */
import { writeFileSync } from 'node:fs';
import { schemaFiles } from '../src/model/schema-files.ts';

for (const [name, text] of schemaFiles()) writeFileSync(new URL(name, import.meta.url), text);
