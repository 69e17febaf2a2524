import { anything, constant, depends, emptyFlow, type Field, flowOf, type Value } from './flow.ts';
import type { Flow } from './lineage.ts';
import type { LineageFunction } from './lineage-catalog.ts';
import { statementsOf, statementsOfPiece } from './parsed.ts';
import type { LineageReader } from './reader.ts';
import { type Output, type Root, Scope } from './scope.ts';
import type { Argument } from './total-functions.ts';

/**
 * What a call of functions of users gives, any of which may be meant.
 * @param names of the arguments, where they are given by name
 * @returns undefined where none takes so many arguments
 */
export function readUserFunctions(
  users: readonly LineageFunction[],
  args: readonly Argument[],
  names: readonly (string | undefined)[],
  isVariadic: boolean,
  reader: LineageReader,
): Value | undefined {
  const values = users
    .filter((user) => takes(user, args.length))
    .map((user) => readOne(user, args, names, isVariadic, reader));
  const [only, other] = values;
  if (only === undefined || other === undefined) return only;
  const lists = values.map(({ fields }) => fields?.() ?? []);
  const shape = JSON.stringify(lists[0]?.map(({ name }) => name));
  const isAlike = lists.every((fields) => JSON.stringify(fields.map(({ name }) => name)) === shape);
  const made = reader.flows.made(values);
  return isAlike && lists[0]?.length !== 0
    ? { ...made, fields: () => (lists[0] ?? []).map(({ name }): Field => ({ name, value: made })) }
    : made;
}

function takes(user: LineageFunction, given: number): boolean {
  const wanted = user.arguments.length;
  if (given === wanted || (user.hasDefaults && given < wanted)) return true;
  return user.variadic && given >= wanted - 1;
}

function readOne(
  user: LineageFunction,
  args: readonly Argument[],
  names: readonly (string | undefined)[],
  isVariadic: boolean,
  reader: LineageReader,
): Value {
  const { flows } = reader;
  const values = args.map(({ value }) => value);
  if (user.returnsSet) {
    const nulls = flows.nullTest(flows.together(values));
    reader.used('condition', 'function', nulls);
  }
  const full = `${user.schema}.${user.name}`;
  if (user.body.kind !== 'unread' && !reader.open.has(user)) {
    const bound = bind(user, values, names, isVariadic, reader);
    const { keepsText } = reader;
    reader.open.add(user);
    try {
      const { body } = user;
      const given =
        body.kind === 'sql'
          ? readSql(user, bound, reader)
          : body.texts.length === 0
            ? constant
            : readPieces(user, bound, reader);
      if (given !== undefined) return given;
    } finally {
      reader.open.delete(user);
      reader.keepsText = keepsText;
    }
  }
  reader.risk('function', values, full);
  return asRow(user, flows.made([...values, reader.unread()]));
}

/** Each argument by its place. What is left to a default is computed from constants. */
function bind(
  user: LineageFunction,
  values: readonly Value[],
  names: readonly (string | undefined)[],
  isVariadic: boolean,
  reader: LineageReader,
): readonly Value[] {
  const bound: Value[] = user.arguments.map(() => constant);
  const last = user.arguments.length - 1;
  for (const [index, value] of values.entries()) {
    const name = names[index];
    const place = name === undefined ? index : user.arguments.indexOf(name);
    // The value takes the argument's type, which is not known.
    const { instance: _instance, ...rest } = value;
    const taken: Value = { ...rest, type: undefined };
    if (user.variadic && !isVariadic && place >= last) {
      const before = index > last ? (bound[last] ?? constant) : constant;
      bound[last] = reader.flows.made([before, taken]);
    } else if (place >= 0) bound[place] = taken;
  }
  if (user.variadic && values.length === last) bound[last] = constant;
  return bound;
}

function asRow(user: LineageFunction, value: Value): Value {
  if (user.columns.length === 0) return value;
  return { ...value, fields: () => user.columns.map((name): Field => ({ name, value })) };
}

/** A function in SQL gives what its last statement gives. Undefined: it cannot be read. */
function readSql(user: LineageFunction, bound: readonly Value[], reader: LineageReader): Value | undefined {
  if (user.body.kind !== 'sql') return undefined;
  const statements = statementsOf(user.body, user.body.text);
  if (statements === undefined) return undefined;
  const { flows } = reader;
  const root: Root = {
    catalog: user.body.scope,
    isOwnText: false,
    parameter: (number) => bound[number - 1] ?? anything,
    variable: (parts) => {
      const [qualifier] = parts;
      const path = parts.length > 1 && qualifier === user.name ? parts.slice(1) : parts;
      const index = user.arguments.indexOf(path[0] ?? '');
      const value = index === -1 ? undefined : bound[index];
      if (value === undefined || path.length === 1) return value;
      const field = value.fields?.().find(({ name }) => name === path[1]);
      return field?.value ?? flows.made([value]);
    },
  };
  let output: Output = { columns: [] };
  for (const statement of statements) output = reader.statement(statement, new Scope(root)).output;
  return resultOf(user, output, reader);
}

/** What it gives is turned into the type that it is declared to give, so that nothing of it is a copy. */
function resultOf(user: LineageFunction, { columns, rest }: Output, reader: LineageReader): Value {
  const { flows } = reader;
  const values = columns.map(({ value }) => value);
  const [first] = values;
  const whole = flows.made(rest === undefined ? values : [...values, rest]);
  if (user.columns.length === 0) return whole;
  const isRow = columns.length === 1 && user.columns.length > 1;
  const parts = isRow ? first?.fields?.().map(({ value }) => value) : values;
  return {
    ...whole,
    fields: () =>
      user.columns.map((name, index): Field => {
        const part = rest === undefined ? parts?.[index] : undefined;
        return { name, value: flows.made([part ?? whole]) };
      }),
  };
}

/**
 * A function in PL/pgSQL of which all queries and expressions are known, though not how they hang together: whatever
 * one of them reads may come out, and may decide what the others do.
 */
function readPieces(
  user: LineageFunction,
  bound: readonly Value[],
  reader: LineageReader,
): Value | undefined {
  if (user.body.kind !== 'queries') return undefined;
  const { texts, scope: catalog } = user.body;
  const { flows } = reader;
  const pieces = texts.map(statementsOfPiece);
  let held: Flow = flows.computed(bound.filter((_, index) => index < user.arguments.length));
  const readAll = (): Flow => {
    const variable: Value = { ...constant, ...held, steady: false };
    const found: Flow[] = [held];
    for (const statements of pieces) {
      for (const statement of statements ?? []) {
        const root: Root = {
          catalog,
          isOwnText: false,
          parameter: () => variable,
          variable: () => variable,
        };
        const { output } = reader.statement(statement, new Scope(root));
        const values = output.columns.map(({ value }) => value);
        found.push(flows.computed(output.rest === undefined ? values : [...values, output.rest]));
      }
    }
    return flows.together(found);
  };
  if (pieces.includes(undefined)) return undefined;
  reader.quietly(() => {
    // What one query found may be in what another asks, and so on.
    for (let size = -1; size !== held.origins.length; ) {
      size = held.origins.length;
      held = readAll();
    }
  });
  held = readAll();
  reader.risk('function', [held], `${user.schema}.${user.name}`);
  return asRow(user, { ...constant, ...flowOf(depends(held) ? held : emptyFlow), steady: false });
}
