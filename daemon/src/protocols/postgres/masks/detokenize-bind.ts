import type { FormatCode } from '../wire/codes.ts';
import { decodeBind } from '../wire/frontend-messages.ts';
import { elementTypes, mapArray } from './arrays.ts';
import { ambiguous, type MetOperand, type NoToken, outcomeOf } from './met-operands.ts';
import { textOf } from './plain-text.ts';
import type { Tokens } from './tokens.ts';

/**
 * The Bind message with values for tokens, in the formats that it came in; the same Buffer where nothing was turned back.
 * Operands that are constants are left to `detokenizeText`. Pure.
 * @param frame One whole Bind message.
 * @param parameterTypes What its Parse gave; 0 or absent: the column's type, and of a parameter for = ANY an array of it.
 * @throws ProtocolFault `malformed` when it is no Bind message.
 */
export function detokenizeBind(
  frame: Buffer,
  operands: readonly MetOperand[],
  parameterTypes: readonly number[],
  allTokens: Tokens,
): NoToken | { readonly kind: 'turned'; readonly frame: Buffer } {
  const { parameters, parameterFormats } = decodeBind(frame);
  const turned = new Map<number, Buffer | undefined>();
  for (const met of operands) {
    const { operand } = met;
    if (operand.kind !== 'parameter') continue;
    const index = operand.number - 1;
    const tokens = allTokens.ofSet(met.mask.tokens);
    const value = parameters[index];
    // What is not there, the server misses; NULL is equal to nothing, and is what it is where it is written.
    if (value === undefined || value === null) continue;
    const format = parameterFormats[parameterFormats.length === 1 ? 0 : index] ?? 0;
    const wireType = parameterTypes[index] ?? 0;
    const outcome = operand.isArray
      ? ofArray(met, value, format, wireType, tokens)
      : outcomeOf(met, tokens, readable(wireType === 0 ? met.type : wireType, value, format), () =>
          tokens.untokenize(met.type, format, value, wireType),
        );
    if (outcome?.kind === 'refused') return outcome;
    const made = outcome?.value;
    if (turned.has(index) && !isSame(turned.get(index), made)) return ambiguous(met);
    turned.set(index, made);
  }
  return { kind: 'turned', frame: withValues(frame, parameters, turned) };
}

/** The text of a value, of an array in binary format those of its elements. */
function readable(typeOid: number, value: Buffer, format: FormatCode): string | undefined {
  const elementType = elementTypes.get(typeOid);
  if (elementType === undefined || format === 0) return textOf(typeOid, value, format);
  const texts: string[] = [];
  const whole = mapArray(value, format, elementType, (element) => {
    const text = textOf(elementType, element, format);
    if (text !== undefined) texts.push(text);
    return text === undefined ? undefined : element;
  });
  return whole === undefined ? undefined : texts.join('\n');
}

function isSame(one: Buffer | undefined, other: Buffer | undefined): boolean {
  return one === undefined || other === undefined ? one === other : one.equals(other);
}

/** Each element is compared with by itself. What the elements are is told by the array, in binary format. */
function ofArray(
  met: MetOperand,
  value: Buffer,
  format: FormatCode,
  wireType: number,
  tokens: Tokens,
): ReturnType<typeof outcomeOf<Buffer>> {
  const told = format === 1 && value.length >= 12 ? value.readUInt32BE(8) : elementTypes.get(wireType);
  const elementType = told ?? met.type;
  return outcomeOf(met, tokens, format === 0 ? value.toString() : undefined, () =>
    mapArray(value, format, elementType, (element) =>
      tokens.untokenize(met.type, format, element, format === 0 ? 0 : elementType),
    ),
  );
}

/** What was not turned back is copied once, as it lies there. */
function withValues(
  frame: Buffer,
  parameters: readonly (Buffer | null)[],
  turned: ReadonlyMap<number, Buffer | undefined>,
): Buffer {
  const pieces: Buffer[] = [];
  let at = 0;
  let growth = 0;
  for (const [index, made] of [...turned].sort(([a], [b]) => a - b)) {
    const value = parameters[index];
    if (value === undefined || value === null || made === undefined) continue;
    // Values of a decoded message are views into it.
    const start = value.byteOffset - frame.byteOffset;
    const length = Buffer.allocUnsafe(4);
    length.writeInt32BE(made.length);
    pieces.push(frame.subarray(at, start - 4), length, made);
    growth += made.length - value.length;
    at = start + value.length;
  }
  if (pieces.length === 0) return frame;
  const whole = Buffer.concat([...pieces, frame.subarray(at)]);
  whole.writeUInt32BE(frame.length - 1 + growth, 1);
  return whole;
}
