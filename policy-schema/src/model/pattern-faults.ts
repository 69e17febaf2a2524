import { segmentsOf } from './pattern.ts';

const shapes: Readonly<Record<number, string>> = {
  1: 'a bare name, such as `email`',
  2: 'a name with its schema, such as `public.orders`',
  3: '`schema.table.column`, such as `public.customers.email`',
};

/**
 * Why a pattern can match nothing, or undefined. A deny rule that silently never matches is a hole, so such a pattern
 * is an error.
 * @param segments How many dotted segments each name has that the pattern is held against; absent: any text.
 */
export function patternFault(pattern: string, segments?: number): string | undefined {
  if (pattern.trim() !== pattern)
    return 'This pattern starts or ends with white space, so it matches nothing. Remove it.';
  if (segments === undefined || pattern.includes('*')) return undefined;
  const parts = segmentsOf(pattern);
  if (parts === undefined) {
    return `This pattern matches no name: a part is empty, or its double quotes do not fit. ${needed(segments)} Only a part that holds a dot, a double quote or \`*\` stands in double quotes, and a double quote inside is doubled.`;
  }
  if (parts.length === segments) {
    const bare = parts.find((part) => part !== '' && !/[."*]/.test(part) && pattern.includes(`"${part}"`));
    return bare === undefined
      ? undefined
      : `This pattern matches no name: \`${bare}\` needs no double quotes. Names are compared as they are, upper case included.`;
  }
  return `This pattern matches no name: it has ${parts.length} part${parts.length === 1 ? '' : 's'}. ${needed(segments)}${widened(pattern, parts.length, segments)}`;
}

function needed(segments: number): string {
  return `Write ${shapes[segments] ?? `${segments} parts, joined by dots`}.`;
}

function widened(pattern: string, has: number, segments: number): string {
  return has < segments ? ` For one in any schema, write "*.${pattern}".` : '';
}
