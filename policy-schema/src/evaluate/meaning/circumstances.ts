/** What the conditions of a few rules may come to together: every way that is possible, with fields that make it so. */
import type { DecisionInput } from '../decision.ts';
import { type Atom, atomsOf, type Logic, logicOf, type Outcome, outcomeOf } from './atoms.ts';
import { isContextPath } from './contexts.ts';
import type { Line } from './lines.ts';
import type { Assignment } from './requests.ts';
import { type FieldValue, fieldValues, isFree } from './values.ts';

export interface Circumstances {
  /** What each condition comes to. */
  readonly outcomes: readonly Outcome[];
  readonly values: Assignment;
  /** `possible`: some atom is not understood, and is only presumed to come to this. */
  readonly proof: 'real' | 'possible';
}

export interface Enumeration {
  readonly circumstances: readonly Circumstances[];
  readonly complete: boolean;
}

const MAX_COMBINATIONS = 20_000;
const MAX_TRIALS = 400;
const STEPS = 50_000;

/** A field with values of which no condition here tells two apart. */
interface Dimension {
  readonly path: string;
  readonly options: readonly { readonly value: FieldValue; readonly outcomes: ReadonlyMap<Atom, Outcome> }[];
}

/**
 * @param conditions texts of conditions, each once
 * @param inputWith the request under values of free fields
 * @param fixed values that are settled already
 */
export function circumstancesOf(
  conditions: readonly string[],
  inputWith: (values: Assignment) => DecisionInput,
  fixed: Assignment = new Map(),
): Enumeration {
  if (conditions.length === 0)
    return { circumstances: [{ outcomes: [], values: fixed, proof: 'real' }], complete: true };
  const logics = conditions.map(logicOf);
  const atoms = [...new Set(logics.flatMap((logic) => [...atomsOf(logic)]))];
  const usual = inputWith(fixed);
  const settled = new Map<Atom, Outcome>();
  const varied = new Map<string, Atom[]>();
  const obscure: Atom[] = [];
  for (const atom of atoms) {
    const [path] = atom.paths;
    if (!atom.plain && (path !== undefined || atom.mayFail)) obscure.push(atom);
    else if (path !== undefined && isFree(path) && !fixed.has(path))
      varied.set(path, [...(varied.get(path) ?? []), atom]);
    else settled.set(atom, atom.test(usual));
  }
  let complete = true;
  const dimensions: Dimension[] = [];
  for (const [path, own] of varied) {
    const found = optionsOf(path, own, inputWith);
    complete &&= found.complete;
    dimensions.push({ path, options: found.own });
  }
  const real = obscure.length === 0 ? [] : trials(logics, dimensions, obscure, inputWith, fixed);
  const abstract = combinations(logics, dimensions, settled, obscure, fixed);
  complete &&= abstract.complete;
  return { circumstances: [...real, ...abstract.circumstances], complete };
}

/** What atoms over one field come to depends on its value alone. */
const options = new Map<string, { readonly own: Dimension['options']; readonly complete: boolean }>();
const MAX_OPTIONS = 500;

function optionsOf(
  path: string,
  atoms: readonly Atom[],
  inputWith: (values: Assignment) => DecisionInput,
): { readonly own: Dimension['options']; readonly complete: boolean } {
  const key = JSON.stringify([path, ...atoms.map(({ source }) => source)]);
  let known = options.get(key);
  // Atoms are told apart by identity, and may have been made anew since.
  if (known === undefined || known.own.some(({ outcomes }) => !atoms.every((atom) => outcomes.has(atom)))) {
    const { values, complete } = fieldValues(
      path,
      atoms.flatMap(({ lines }) => lines),
      STEPS,
    );
    known = { own: toldApart(path, atoms, values, inputWith), complete };
    if (options.size >= MAX_OPTIONS) options.clear();
    options.set(key, known);
  }
  return known;
}

function toldApart(
  path: string,
  atoms: readonly Atom[],
  values: readonly FieldValue[],
  inputWith: (values: Assignment) => DecisionInput,
): Dimension['options'] {
  const options = new Map<string, Dimension['options'][number]>();
  for (const value of values) {
    const input = inputWith(new Map([[path, value]]));
    const outcomes = new Map(atoms.map((atom) => [atom, atom.test(input)] as const));
    const key = [...outcomes.values()].join();
    if (!options.has(key)) options.set(key, { value, outcomes });
  }
  return [...options.values()];
}

const keyOf = (outcomes: readonly Outcome[]): string => outcomes.join();

/** Each way in which the atoms may come out, those that are not understood as if they could come to anything. */
function combinations(
  logics: readonly Logic[],
  dimensions: readonly Dimension[],
  settled: ReadonlyMap<Atom, Outcome>,
  obscure: readonly Atom[],
  fixed: Assignment,
): Enumeration {
  const found = new Map<string, Circumstances>();
  const known = new Map<Atom, Outcome>(settled);
  const values = new Map(fixed);
  let left = MAX_COMBINATIONS;
  const proof = obscure.length === 0 ? 'real' : 'possible';
  const each = (at: number): void => {
    if (left <= 0) return;
    const dimension = dimensions[at];
    if (dimension !== undefined) {
      for (const { value, outcomes } of dimension.options) {
        for (const [atom, outcome] of outcomes) known.set(atom, outcome);
        values.set(dimension.path, value);
        each(at + 1);
      }
      values.delete(dimension.path);
      return;
    }
    const atom = obscure[at - dimensions.length];
    if (atom !== undefined) {
      for (const outcome of atom.mayFail ? ([true, false, 'fails'] as const) : ([true, false] as const)) {
        known.set(atom, outcome);
        each(at + 1);
      }
      return;
    }
    left--;
    const outcomes = logics.map((logic) => outcomeOf(logic, (own) => known.get(own) ?? 'fails'));
    const key = keyOf(outcomes);
    if (!found.has(key)) found.set(key, { outcomes, values: new Map(values), proof });
  };
  each(0);
  return { circumstances: [...found.values()], complete: left > 0 };
}

/** Requests that may show what atoms come to that are not understood: values that stand in them are tried. */
function trials(
  logics: readonly Logic[],
  dimensions: readonly Dimension[],
  obscure: readonly Atom[],
  inputWith: (values: Assignment) => DecisionInput,
  fixed: Assignment,
): readonly Circumstances[] {
  const lines = new Map<string, Line[]>();
  for (const atom of obscure) {
    for (const path of atom.paths) {
      if (!isContextPath(path) && !fixed.has(path))
        lines.set(path, [...(lines.get(path) ?? []), ...atom.lines]);
    }
  }
  const tried: { path: string; values: readonly FieldValue[] }[] = dimensions.map(({ path, options }) => ({
    path,
    values: [
      ...options.map(({ value }) => value),
      ...(lines.has(path) ? fieldValues(path, lines.get(path) ?? [], STEPS).values.slice(0, 12) : []),
    ],
  }));
  for (const [path, own] of lines) {
    if (dimensions.some((each) => each.path === path)) continue;
    if (isFree(path)) tried.push({ path, values: fieldValues(path, own, STEPS).values.slice(0, 400) });
    else {
      const texts = own.flatMap((line) => (line.kind === 'text' ? [line.pieces.join('')] : []));
      tried.push({ path, values: [undefined, ...new Set(texts)] });
    }
  }
  const found = new Map<string, Circumstances>();
  let left = MAX_TRIALS;
  const values = new Map(fixed);
  const each = (at: number): void => {
    const next = tried[at];
    if (left <= 0) return;
    if (next === undefined) {
      left--;
      const input = inputWith(values);
      const outcomes = logics.map((logic) => outcomeOf(logic, (atom) => atom.test(input)));
      const key = keyOf(outcomes);
      if (!found.has(key)) found.set(key, { outcomes, values: new Map(values), proof: 'real' });
      return;
    }
    for (const value of next.values) {
      values.set(next.path, value);
      each(at + 1);
    }
    values.delete(next.path);
  };
  each(0);
  return [...found.values()];
}
