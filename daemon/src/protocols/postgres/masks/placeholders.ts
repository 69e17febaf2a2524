/**
 * Whether a text that is to be written is what a mask shows in a value's place: writing it back would lose the value.
 * A hash is known by its form alone, so a text of 22 letters and digits, large and small, is taken for one.
 */
export function looksLikePlaceholder(text: string): boolean {
  const plain = unquoted(text);
  return plain === '[redacted]' || plain.includes('***') || /^(?=.*[a-z])(?=.*[A-Z])[\w-]{22}$/.test(plain);
}

/** How a token begins, of a text or of JSON, and of a bytea in hexadecimal digits. The shortest has 32 bytes. */
const token = 'tok_[\\w-]{43}|\\\\x746f6b5f(?:[0-9a-f]{2}){32}';
const tokenFirst = new RegExp(`^(?:${token})`, 'i');
const anyToken = new RegExp(token, 'i');

/** Whether a text is a token to the eye, true or not. */
export function looksLikeToken(text: string): boolean {
  const plain = unquoted(text);
  return tokenFirst.test(plain) && !/[^\w-]/.test(plain.slice(1));
}

/** Whether a text holds what looks like one, as an element or among other words. */
export function mentionsToken(text: string): boolean {
  return anyToken.test(text);
}

/** What a JSON string holds; everything else as it is. */
function unquoted(text: string): string {
  const inQuotes = text.length > 1 && text.startsWith('"') && text.endsWith('"');
  return inQuotes && !/["\\]/.test(text.slice(1, -1)) ? text.slice(1, -1) : text;
}
