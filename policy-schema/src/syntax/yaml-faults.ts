import type { ErrorCode } from 'yaml';

/** The YAML library's errors in words that say what to do. A missing code does not compile. */
const advice: Readonly<Record<ErrorCode, string>> = {
  ALIAS_PROPS: 'An alias (`*name`) cannot carry an anchor or a tag. Put the value in quotes if it is text.',
  BAD_ALIAS: '`*` at the start of a value is a YAML alias. To write a pattern, put it in quotes: "*".',
  BAD_DIRECTIVE:
    'Lines that start with `%` are YAML directives, which Gatehouse does not read. Remove the line.',
  BAD_DQ_ESCAPE:
    'This escape does not exist in a double-quoted text. Write `\\\\` for a backslash, or use single quotes.',
  BAD_INDENT:
    'The indentation does not fit the lines around it. Items of one list or mapping start in one column.',
  BAD_PROP_ORDER: 'Anchors must stand right in front of the value that they name.',
  BAD_SCALAR_START: 'Plain text cannot start with this character. Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'There are two `: ` on one line. Put the value in quotes, or on a line of its own.',
  BLOCK_IN_FLOW:
    'Inside `{ }` or `[ ]`, write everything in that style: no `- ` items and no `|` or `>` text.',
  DUPLICATE_KEY: 'This key stands twice. Keep one of them.',
  IMPOSSIBLE: 'This cannot be read as YAML.',
  KEY_OVER_1024_CHARS: 'A key is at most 1024 characters long.',
  MISSING_CHAR: 'A character is missing here: a quote, a comma, a bracket or a space.',
  MULTILINE_IMPLICIT_KEY:
    'A key must stand on one line, with `: ` behind it. Is a `:` or a closing quote missing?',
  MULTIPLE_ANCHORS: 'A value has at most one anchor.',
  MULTIPLE_DOCS: 'A file holds one document. Put what follows `---` into a file of its own.',
  MULTIPLE_TAGS: 'Gatehouse does not read YAML tags. Put the value in quotes if it starts with `!`.',
  NON_STRING_KEY: 'Keys are text. Put this one in quotes.',
  RESOURCE_EXHAUSTION: 'This is nested too deeply to be read.',
  TAB_AS_INDENT: 'Tabs cannot indent YAML. Use spaces.',
  TAG_RESOLVE_FAILED: 'This value cannot be read. Put it in quotes if it is text.',
  UNEXPECTED_TOKEN:
    'This was not expected here. Put text that holds quotes, `#`, `: ` or brackets in quotes.',
  BAD_COLLECTION_TYPE: 'Gatehouse does not read YAML tags. Remove it.',
};

/** What the library adds that the advice does not say: which character is missing, which token was not expected. */
const telling: ReadonlySet<ErrorCode> = new Set(['MISSING_CHAR', 'UNEXPECTED_TOKEN', 'BAD_DQ_ESCAPE']);

export function yamlFault(code: ErrorCode, message: string): string {
  const text = advice[code];
  const first = message.split('\n', 1)[0]?.slice(0, 200) ?? '';
  return telling.has(code) && first !== '' ? `${text} (${first})` : text;
}
