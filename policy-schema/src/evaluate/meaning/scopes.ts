/** Which policies apply in a context, and the masks and bounds that hold there. */
import { compileTarget } from '../../model/applies.ts';
import { compilePatterns } from '../../model/pattern.ts';
import type { Applies } from '../../model/policy.ts';
import type { AppliedMask } from '../decision.ts';
import type { Context } from './contexts.ts';
import type { Direction } from './found.ts';
import { largerBounds, maskOn, showsMore } from './laxer.ts';
import { isNameOf, piecesOf, representativeNames } from './names.ts';
import { both, type MaskPiece, type Side, sides, type Taken } from './pieces.ts';

interface Reach {
  /** By scope. */
  readonly applies: Uint8Array;
  /** Sets under which everything passes, as only observing policies apply. */
  readonly open: number;
}

function compileScope({ to, agents, groups }: Applies): (context: Context) => boolean {
  const targets = to.map(compileTarget);
  const isAgent = compilePatterns(agents);
  const isGroup = groups === undefined ? undefined : compilePatterns(groups);
  return ({ principal, resource }) =>
    targets.some((matches) => matches(resource)) &&
    isAgent(principal.agent) &&
    (isGroup === undefined || principal.groups.some(isGroup));
}

const STEPS = 400_000;

export class Scopes {
  readonly #taken: Taken;
  readonly #matchers: readonly ((context: Context) => boolean)[];
  readonly #reaches = new WeakMap<Context, Reach>();
  readonly #masks: readonly {
    piece: MaskPiece;
    applied: AppliedMask;
    excepts: (context: Context) => boolean;
  }[];

  constructor(taken: Taken) {
    this.#taken = taken;
    this.#matchers = taken.scopes.map(({ applies }) => compileScope(applies));
    this.#masks = taken.masks.map((piece) => {
      const { unless, harmless, ...mask } = piece.mask;
      const groups = compilePatterns(unless?.groups ?? []);
      const people = compilePatterns(unless?.people ?? []);
      const applied: AppliedMask = {
        ...mask,
        ...(harmless === undefined ? {} : { harmless: harmless.map((name) => `pg_catalog.${name}`) }),
        policy: piece.policy,
      };
      return {
        piece,
        applied,
        excepts: ({ principal }) => people(principal.person) || principal.groups.some(groups),
      };
    });
  }

  #reach(context: Context): Reach {
    let reach = this.#reaches.get(context);
    if (reach === undefined) {
      const applies = Uint8Array.from(this.#matchers, (matches) => (matches(context) ? 1 : 0));
      let [enforcing, observing] = [0, 0];
      this.#taken.scopes.forEach((scope, at) => {
        if (applies[at] !== 1) return;
        enforcing |= scope.enforcing;
        observing |= scope.observing;
      });
      reach = { applies, open: observing & ~enforcing };
      this.#reaches.set(context, reach);
    }
    return reach;
  }

  applies(scope: number, context: Context): boolean {
    return this.#reach(context).applies[scope] === 1;
  }

  open(context: Context): number {
    return this.#reach(context).open;
  }

  /** The same for contexts that no policy and no mask tells apart. */
  key(context: Context): string {
    return `${this.#reach(context).applies.join('')} ${this.#masks.map(({ excepts }) => (excepts(context) ? 1 : 0)).join('')}`;
  }

  /**
   * Columns that stand for all, as far as masks tell them apart.
   * @param all those of masks that did not change too
   */
  columns(
    tables: readonly string[],
    all: boolean,
  ): { readonly names: readonly { column: string; name: 'known' | 'made' }[]; readonly complete: boolean } {
    const changed = this.#masks.filter(({ piece }) => all || piece.in !== both);
    const patterns = [...new Set(this.#masks.flatMap(({ applied }) => applied.columns))];
    const last = patterns.flatMap((pattern) => {
      const own = pattern.slice(pattern.lastIndexOf('.') + 1);
      return own.includes('*') ? [] : [own];
    });
    const known = [
      ...patterns.filter((pattern) => !pattern.includes('*')),
      ...tables
        .slice(0, 50)
        .flatMap((table) => [...new Set(last)].slice(0, 50).map((column) => `${table}.${column}`)),
    ].filter((name) => isNameOf(3, name));
    const { names, complete } = representativeNames(patterns.map(piecesOf), {
      segments: 3,
      known,
      steps: STEPS,
    });
    const touched = compilePatterns(changed.flatMap(({ applied }) => applied.columns));
    const isKnown = new Set(known);
    return {
      names: names
        .filter(touched)
        .map((column) => ({ column, name: isKnown.has(column) ? 'known' : 'made' })),
      complete,
    };
  }

  #applied(context: Context, side: Side): readonly AppliedMask[] {
    if ((this.open(context) & sides[side]) !== 0) return [];
    return this.#masks
      .filter(
        ({ piece, excepts }) =>
          (piece.in & sides[side]) !== 0 && this.applies(piece.scope, context) && !excepts(context),
      )
      .map(({ applied }) => applied);
  }

  /** The columns of which a set shows more in a context than the other, for either. */
  shown<Column extends { readonly column: string }>(
    context: Context,
    columns: readonly Column[],
  ): Readonly<Record<Direction, readonly Column[]>> {
    const [before, after] = [this.#applied(context, 'before'), this.#applied(context, 'after')];
    const more = (from: readonly AppliedMask[], to: readonly AppliedMask[]) =>
      columns.filter(({ column }) => showsMore(maskOn(from, column), maskOn(to, column)));
    return { loosens: more(before, after), tightens: more(after, before) };
  }

  #bounds(context: Context, side: Side): ReadonlyMap<string, number> {
    const least = new Map<string, number>();
    if ((this.open(context) & sides[side]) !== 0) return least;
    for (const piece of this.#taken.bounds) {
      if ((piece.in & sides[side]) === 0 || !this.applies(piece.scope, context)) continue;
      least.set(piece.name, Math.min(piece.bound, least.get(piece.name) ?? Number.POSITIVE_INFINITY));
    }
    return least;
  }

  /** Whether a set has larger bounds in a context than the other. */
  larger(context: Context): Readonly<Record<Direction, boolean>> {
    const [before, after] = [this.#bounds(context, 'before'), this.#bounds(context, 'after')];
    return {
      loosens: largerBounds(before, after).length > 0,
      tightens: largerBounds(after, before).length > 0,
    };
  }
}
