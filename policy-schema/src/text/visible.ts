/**
 * Characters that nobody sees, or that reorder what is seen: control characters, which also move a terminal's cursor and
 * could paint a harmless statement over the real one; bidirectional ones; zero-width ones; tags.
 */
const treacherous =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** A text of an agent or a server as a person may read it: what is not seen stands there as `\u{202e}`. Lines and tabs stay. */
export function visible(text: string): string {
  return text.replace(treacherous, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
}
