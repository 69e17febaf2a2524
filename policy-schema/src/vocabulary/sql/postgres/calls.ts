import type { FuncCall, Node } from 'libpg-query';
import type { NameReference } from './analysis.ts';
import { constantText, nameOf, strings } from './ast.ts';
import { builtinEffect } from './functions.ts';
import { parseQualifiedName } from './name-text.ts';
import { parameterName } from './parameters.ts';
import type { Scope } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';

/** Read a call with its arguments, ORDER BY, FILTER and OVER. */
export function readFunctionCall(call: FuncCall, reader: StatementReader, scope: Scope): void {
  const { funcname, ...parts } = call;
  const reference = nameOf(strings(funcname));
  reader.expression(parts, scope);
  const isBuiltin = reference.schema === undefined || reference.schema === 'pg_catalog';
  const special =
    isBuiltin && Object.hasOwn(specialCalls, reference.name) ? specialCalls[reference.name] : undefined;
  if (special !== undefined) {
    reader.usesLiterals = true;
    special(reference, call.args ?? [], reader);
    return;
  }
  if (isBuiltin && builtinEffect(reference.name) === 'call') reader.usesLiterals = true;
  reader.call({ function: reference, form: 'function' });
}

type SpecialCall = (reference: NameReference, args: readonly Node[], reader: StatementReader) => void;

const readSequenceCall: SpecialCall = (reference, args, reader) => {
  const text = constantText(unquoted(args[0]));
  reader.call({
    function: reference,
    form: 'function',
    sequence: (text === undefined ? undefined : parseQualifiedName(text)) ?? '*',
  });
};

/** Functions whose arguments decide what they reach. */
const specialCalls: Readonly<Record<string, SpecialCall>> = {
  nextval: readSequenceCall,
  setval: readSequenceCall,
  current_setting: (reference, args, reader) => {
    const known = constantText(unquoted(args[0])) !== undefined;
    reader.call({ function: reference, form: 'function', ...(known ? {} : { unknownParameter: true }) });
  },
  set_config: (reference, args, reader) => {
    reader.call({ function: reference, form: 'function' });
    const text = constantText(unquoted(args[0]));
    const parameter = text === undefined ? '*' : parameterName(text);
    const value = constantText(unquoted(args[1]));
    reader.plain('set', { parameter });
    const isRole = parameter === '*' || parameter === 'role' || parameter === 'session_authorization';
    if (isRole) reader.effect({ kind: 'role', local: isTrue(args[2]) });
    reader.effect({
      kind: 'set',
      parameter,
      ...(value === undefined ? {} : { value }),
      local: isTrue(args[2]),
    });
  },
};

/** The constant inside of casts, so that 'a'::text::regclass is one too. */
function unquoted(node: Node | undefined): Node | undefined {
  let inner = node;
  while (inner !== undefined && 'TypeCast' in inner) inner = inner.TypeCast.arg;
  return inner;
}

/** Only what surely is true: an effect that is taken for a lasting one does no harm. */
function isTrue(node: Node | undefined): boolean {
  const inner = unquoted(node);
  return inner !== undefined && 'A_Const' in inner && inner.A_Const.boolval?.boolval === true;
}
