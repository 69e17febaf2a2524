import { TypeOid } from '../type-oids.ts';
import { fixedBinary, type ValueForm } from './value-form.ts';

function integer(
  typeOid: number,
  bits: 16 | 32 | 64,
  signed: boolean,
): ValueForm<bigint> & { readonly least: bigint; readonly greatest: bigint } {
  const bytes = bits / 8;
  const least = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const greatest = least + (1n << BigInt(bits)) - 1n;
  const fits = (value: bigint) => value >= least && value <= greatest;
  const { fromBinary, toBinary } = fixedBinary<bigint>(
    bytes,
    (from) => {
      if (bits === 64) return from.readBigInt64BE();
      return BigInt(signed ? from.readIntBE(0, bytes) : from.readUIntBE(0, bytes));
    },
    (to, value) => {
      if (bits === 64) to.writeBigInt64BE(value);
      else if (signed) to.writeIntBE(Number(value), 0, bytes);
      else to.writeUIntBE(Number(value), 0, bytes);
    },
  );
  return {
    typeOid,
    least,
    greatest,
    fromText: (text) => {
      const value = /^[+-]?\d{1,20}$/.test(text) ? BigInt(text.replace('+', '')) : undefined;
      return value !== undefined && fits(value) ? value : undefined;
    },
    fromBinary,
    toBinary: (value) => (fits(value) ? toBinary(value) : undefined),
  };
}

export const int2 = integer(TypeOid.int2, 16, true);
export const int4 = integer(TypeOid.int4, 32, true);
export const int8 = integer(TypeOid.int8, 64, true);
export const oid = integer(TypeOid.oid, 32, false);

function float(typeOid: number, bytes: 4 | 8): ValueForm<number> {
  return {
    typeOid,
    fromText: (text) => {
      if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) {
        return bytes === 4 ? Math.fround(Number(text)) : Number(text);
      }
      return { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity }[text];
    },
    ...fixedBinary<number>(
      bytes,
      (from) => (bytes === 4 ? from.readFloatBE() : from.readDoubleBE()),
      (to, value) => (bytes === 4 ? to.writeFloatBE(value) : to.writeDoubleBE(value)),
    ),
  };
}

export const float4 = float(TypeOid.float4, 4);
export const float8 = float(TypeOid.float8, 8);

/** `unscaled` divided by 10 to the power of `scale`, which is shown with so many digits behind the point. */
export interface Decimal {
  readonly unscaled: bigint;
  readonly scale: number;
}

/** More digits than this are not read, on each side of the point. */
const mostDigits = 400;
const groupDigits = 4;
const positive = 0;
const negative = 0x4000;

/** numeric_send: Int16 count of base-10000 digits, Int16 weight of the first, UInt16 sign, UInt16 scale, the digits. */
function decimalFromBinary(from: Buffer): Decimal | undefined {
  if (from.length < 8) return undefined;
  const count = from.readUInt16BE(0);
  const weight = from.readInt16BE(2);
  const sign = from.readUInt16BE(4);
  const scale = from.readUInt16BE(6);
  if (from.length !== 8 + 2 * count || (sign !== positive && sign !== negative)) return undefined;
  if (count > mostDigits / groupDigits || Math.abs(weight) > mostDigits / groupDigits || scale > mostDigits) {
    return undefined;
  }
  let digits = 0n;
  for (let index = 0; index < count; index++) {
    const digit = from.readUInt16BE(8 + 2 * index);
    if (digit > 9999) return undefined;
    digits = digits * 10_000n + BigInt(digit);
  }
  // The last digit stands for 10000 to the power of weight - count + 1.
  const shift = (weight - count + 1) * groupDigits + scale;
  const unscaled = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return { unscaled: sign === negative ? -unscaled : unscaled, scale };
}

function decimalToBinary({ unscaled, scale }: Decimal): Buffer | undefined {
  if (scale > mostDigits) return undefined;
  // Groups lie on both sides of the point, so the fraction is filled up to whole ones.
  const fractionGroups = Math.ceil(scale / groupDigits);
  const filled = (unscaled < 0n ? -unscaled : unscaled) * 10n ** BigInt(fractionGroups * groupDigits - scale);
  const text = filled === 0n ? '' : String(filled);
  const padded = text.padStart(Math.ceil(text.length / groupDigits) * groupDigits, '0');
  const groups: number[] = [];
  for (let at = 0; at < padded.length; at += groupDigits)
    groups.push(Number(padded.slice(at, at + groupDigits)));
  const weight = groups.length - 1 - fractionGroups;
  while (groups.at(-1) === 0) groups.pop();
  if (groups.length > 2 * mostDigits) return undefined;
  const to = Buffer.allocUnsafe(8 + 2 * groups.length);
  to.writeUInt16BE(groups.length, 0);
  to.writeInt16BE(groups.length === 0 ? 0 : weight, 2);
  to.writeUInt16BE(unscaled < 0n ? negative : positive, 4);
  to.writeUInt16BE(scale, 6);
  for (const [index, group] of groups.entries()) to.writeUInt16BE(group, 8 + 2 * index);
  return to;
}

/** NaN and the infinities are no values here. */
export const numeric: ValueForm<Decimal> = {
  typeOid: TypeOid.numeric,
  fromText: (text) => {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(text);
    const [, sign = '', whole = '', fraction = ''] = match ?? [];
    const digits = whole + fraction;
    if (digits === '' || whole.length > mostDigits || fraction.length > mostDigits) return undefined;
    return { unscaled: BigInt(digits) * (sign === '-' ? -1n : 1n), scale: fraction.length };
  },
  fromBinary: decimalFromBinary,
  toBinary: decimalToBinary,
};
