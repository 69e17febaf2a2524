/**
 * Whether a text that is to be written is what a mask shows in a value's place: writing it back would lose the value.
 * A hash is known by its form alone, so a text of 22 letters and digits of all kinds is taken for one.
 */
export function looksLikePlaceholder(text: string): boolean {
  const plain = unquoted(text);
  return plain === '[redacted]' || plain.includes('***') || /^(?=.*[a-z])(?=.*[A-Z])[\w-]{22}$/.test(plain);
}

/** Whether a text is a token to the eye, true or not: of a text, of JSON, or of a bytea in hexadecimal digits. */
export function looksLikeToken(text: string): boolean {
  return /^(tok_[\w-]{40,}|\\x746f6b5f[0-9a-f]{60,})$/i.test(unquoted(text));
}

/** What a JSON string holds; everything else as it is. */
function unquoted(text: string): string {
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}
