import type { Lineage, Operand, Use, Write } from './lineage.ts';

/** An EXECUTE or FETCH, followed to what it runs. */

/** What `inner` may do once all that the client gave for it was looked at: its constants and parameters are settled. */
function settled(operand: Operand): Operand {
  return operand.kind === 'value' ? operand : { kind: 'null' };
}

function withOperands(uses: readonly Use[], change: (operand: Operand) => Operand): readonly Use[] {
  return uses.map((use) => (use.kind === 'equality' ? { ...use, with: use.with.map(change) } : use));
}

/** A FETCH of the cursor that `declared` stands for. */
export function fetched(declared: Lineage): Lineage {
  return {
    form: 'rows',
    columns: declared.columns,
    uses: withOperands(declared.uses, settled),
    writes: declared.writes.map((write) => ({ ...write, value: settled(write.value) })),
    code: declared.code,
    keepsText: false,
    exposedParameters: [],
  };
}

/**
 * An EXECUTE (or EXPLAIN EXECUTE, or CREATE TABLE … AS EXECUTE) of the prepared statement that `inner` is about, which
 * gives `given` for its parameters. Constants of the prepared text are left out: they were settled when it was prepared.
 */
export function executed(outer: Lineage, inner: Lineage, given: readonly Operand[]): Lineage {
  const change = (operand: Operand): Operand => {
    if (operand.kind !== 'parameter') return settled(operand);
    const argument = given[operand.number - 1];
    if (argument === undefined) return { kind: 'value', flow: { origins: [], anything: true } };
    if (!operand.isArray || argument.kind === 'null' || argument.kind === 'value') return argument;
    return argument.kind === 'parameter'
      ? { ...argument, isArray: true }
      : { ...argument, kind: 'array-literal' };
  };
  const exposed = inner.exposedParameters.flatMap((number) => {
    const argument = given[number - 1];
    return argument?.kind === 'parameter' ? [argument.number] : [];
  });
  const makes = outer.form === 'none';
  const places = outer.writes.flatMap(({ made: place }) => (place === undefined ? [] : [place]));
  const [unnamed = { kind: 'kept', schema: undefined, name: '', column: '*', temporary: false } as const] =
    places;
  const own = places.filter(({ column }) => column !== '*');
  const made: Write[] = inner.columns.map(({ name, ...flow }, index) => ({
    target: undefined,
    made: own[index] ?? { ...unnamed, column: name },
    value: { kind: 'value', flow },
  }));
  return {
    form: outer.form === 'plan' || makes ? outer.form : inner.form,
    columns: inner.columns,
    uses: [...outer.uses, ...withOperands(inner.uses, change)],
    writes: [
      ...inner.writes.map((write) => ({ ...write, value: change(write.value) })),
      ...(makes ? made : []),
    ],
    code: outer.code || inner.code,
    keepsText: outer.form === 'plan',
    exposedParameters: [...new Set([...outer.exposedParameters, ...exposed])].sort((a, b) => a - b),
  };
}
