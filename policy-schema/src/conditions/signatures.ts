/** How the functions of conditions are called, for people who write them. */
import { type ConditionFunction, conditionFunctions } from './functions.ts';

export interface Parameter {
  readonly name: string;
  /** CEL's spelling; `any` where several are taken. */
  readonly type: string;
}

export interface Signature {
  readonly name: string;
  readonly receiver: ConditionFunction['receiver'];
  /** One list for each number of arguments that is taken. */
  readonly forms: readonly (readonly Parameter[])[];
  /** CEL's spelling; `same`: the receiver's. */
  readonly returns: string;
  readonly doc: string;
}

type Shape = readonly [returns: string, ...forms: (readonly Parameter[])[]];

const of = (name: string, type: string): Parameter => ({ name, type });
const zone: Shape = ['int', [], [of('timeZone', 'string')]];
const each = (returns: string): Shape => [returns, [of('variable', 'name'), of('condition', 'bool')]];

/** By `receiver.name`, or the name alone. */
const shapes: Readonly<Record<string, Shape>> = {
  has: ['bool', [of('field', 'any')]],
  size: ['int', [of('value', 'string, list or map')]],
  int: ['int', [of('value', 'string or double')]],
  double: ['double', [of('value', 'string or int')]],
  string: ['string', [of('value', 'int, double or bool')]],
  timestamp: ['timestamp', [of('text', 'string')]],
  duration: ['duration', [of('text', 'string')]],
  'string.size': ['int', []],
  'string.startsWith': ['bool', [of('prefix', 'string')]],
  'string.endsWith': ['bool', [of('suffix', 'string')]],
  'string.contains': ['bool', [of('part', 'string')]],
  'string.matches': ['bool', [of('pattern', 'string')]],
  'string.lowerAscii': ['string', []],
  'string.upperAscii': ['string', []],
  'string.trim': ['string', []],
  'string.split': ['list<string>', [of('separator', 'string')]],
  'list.join': ['string', [], [of('separator', 'string')]],
  'list.all': each('bool'),
  'list.exists': each('bool'),
  'list.exists_one': each('bool'),
  'list.filter': each('same'),
  'list.map': [
    'list',
    [of('variable', 'name'), of('value', 'any')],
    [of('variable', 'name'), of('condition', 'bool'), of('value', 'any')],
  ],
  'timestamp.getFullYear': zone,
  'timestamp.getMonth': zone,
  'timestamp.getDate': zone,
  'timestamp.getDayOfMonth': zone,
  'timestamp.getDayOfWeek': zone,
  'timestamp.getDayOfYear': zone,
  'timestamp.getHours': zone,
  'timestamp.getMinutes': zone,
  'timestamp.getSeconds': zone,
  'timestamp.getMilliseconds': zone,
};

const pathOf = ({ name, receiver }: ConditionFunction): string =>
  receiver === undefined ? name : `${receiver}.${name}`;

/** Every function that a condition may call. */
export const signatures: readonly Signature[] = conditionFunctions.map((each) => {
  const [returns = 'any', ...forms] = shapes[pathOf(each)] ?? [];
  return { name: each.name, receiver: each.receiver, forms, returns, doc: each.doc };
});

/** What a type is called among receivers: `list<string>` is a `list`. */
export function receiverOf(type: string | undefined): ConditionFunction['receiver'] {
  const bare = type?.replace(/<.*$/, '');
  switch (bare) {
    case 'string':
    case 'list':
    case 'map':
    case 'timestamp':
    case 'duration':
      return bare;
    case 'google.protobuf.Timestamp':
      return 'timestamp';
    case 'google.protobuf.Duration':
      return 'duration';
    default:
      return undefined;
  }
}

/** The signature of a call as text: `text.startsWith(prefix: string) → bool`. */
export function signatureText({ name, receiver, returns }: Signature, form: readonly Parameter[]): string {
  const parameters = form.map((each) => `${each.name}: ${each.type}`).join(', ');
  const result = returns === 'same' ? (receiver ?? 'any') : returns;
  return `${receiver === undefined ? '' : `${receiver}.`}${name}(${parameters}) → ${result}`;
}
