/**
 * Turn UTF-8 byte offsets into UTF-16 ones.
 * @param text well-formed text
 * @param bytes the offsets that will be asked for, in ascending order, each at the start of a character
 */
export function utf16Offsets(text: string, bytes: readonly number[]): (byte: number) => number {
  if (Buffer.byteLength(text) === text.length) return (byte) => byte;
  const known = new Map<number, number>();
  let at = 0;
  let byte = 0;
  for (const wanted of bytes) {
    while (byte < wanted && at < text.length) {
      const code = text.codePointAt(at) ?? 0;
      byte += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
      at += code < 0x1_0000 ? 1 : 2;
    }
    known.set(wanted, at);
  }
  return (wanted) => known.get(wanted) ?? text.length;
}
