/** Writes the table of attacks in docs/masking.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withMaskingTable } from './masking-table.ts';

const page = new URL('../../docs/masking.md', import.meta.url);
writeFileSync(page, withMaskingTable(readFileSync(page, 'utf8')));
