import { readFile } from 'node:fs/promises';
import { allCodes, type CodeFacts } from '@gatehouse/policy-schema/check/pages.ts';
import { checks } from '@gatehouse/policy-schema/check/registry.ts';

/** Every code that a finding may carry. */
export function codes(): readonly CodeFacts[] {
  return allCodes(checks);
}

/** The page of a code, as it stands in docs/checks. */
export function pageOf(code: string): Promise<string> {
  return readFile(new URL(`${code}.md`, new URL('../../../docs/checks/', import.meta.url)), 'utf8');
}
