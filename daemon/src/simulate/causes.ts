import { compilePattern } from '@gatehouse/policy-schema/model/pattern.ts';
import type { Effect, Location, Policy, PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { RuleRow } from '../recordings/index-rows.ts';
import type { Redecided, ToldMask } from '../review/questions.ts';
import type { Cause, Flip } from './simulation.ts';

type Changed = Extract<Redecided, { kind: 'changed' }>;

/** Rules that spoke for any of a request's actions, each `policy\nrule`. */
export interface Spoke {
  readonly before: ReadonlySet<string>;
  readonly after: ReadonlySet<string>;
}

export function spokeIn(
  actions: readonly { readonly rules: readonly { readonly policy: string; readonly rule: string }[] }[],
): ReadonlySet<string> {
  return new Set(actions.flatMap(({ rules }) => rules.map(({ policy, rule }) => `${policy}\n${rule}`)));
}

export function flipOf({ before, after }: Changed): Flip {
  if (before.effect === after.effect) return 'bounds';
  const flips: Readonly<Record<Effect, Flip>> = { allow: 'allowed', approve: 'held', deny: 'denied' };
  return flips[after.effect];
}

const strictness: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };

/** Names the rules, masks and limits that make a difference, with their places as the files are now. */
export class Causes {
  readonly #policies: ReadonlyMap<string, Policy>;

  constructor({ policies }: PolicySet) {
    this.#policies = new Map(policies.map((policy) => [policy.name, policy]));
  }

  /**
   * The stricter of two answers needs a reason: what makes the difference is the rule behind it, or, where it is a denial
   * by default, the rule behind the other one.
   */
  of(changed: Changed, spoke: Spoke): readonly Cause[] {
    const { before, after, masks, limits } = changed;
    if (before.effect === after.effect) {
      return [
        ...(masks?.gone ?? []).map((mask) => this.#mask(mask, 'gone')),
        ...(masks?.come ?? []).map((mask) => this.#mask(mask, 'now')),
        ...(limits ?? []).map((limit) => this.#limit(limit)),
      ];
    }
    const isLaxer = strictness[after.effect] < strictness[before.effect];
    const [strict, lax] = isLaxer ? [before, after] : [after, before];
    const isBehind = strict.rules.length > 0 ? strict : lax;
    const side = isBehind === after ? 'now' : 'gone';
    // Of rules that let pass, those that said so all the time make no difference.
    const others = side === 'now' ? spoke.before : spoke.after;
    const own = isBehind.rules.filter(({ policy, rule }) => !others.has(`${policy}\n${rule}`));
    const causes = (own.length > 0 ? own : isBehind.rules).map((rule): Cause => {
      const { effect } = rule;
      return { kind: 'rule', name: rule.rule, policy: rule.policy, effect, side, ...this.placeOf(rule) };
    });
    // Neither has a rule: what could not be decided, a bound of the plan.
    return causes.length > 0
      ? causes
      : [{ kind: 'default', name: strict.reason, side: isLaxer ? 'gone' : 'now' }];
  }

  /** Where a rule stands now, or stood. */
  placeOf({ policy, rule, file, line }: RuleRow): { readonly file: string; readonly line: number } {
    const now = this.#policies.get(policy)?.rules.find(({ name }) => name === rule)?.location;
    return { file: now?.file ?? file, line: now?.line ?? line };
  }

  #mask({ columns, with: kind, policy }: ToldMask, side: Cause['side']): Cause {
    const own = this.#policies.get(policy);
    const names = new Set(columns);
    const mask =
      own?.masks.find((each) => each.with === kind && each.columns.some((column) => names.has(column))) ??
      own?.masks.find((each) =>
        each.columns.some((pattern) => columns.some((column) => compilePattern(pattern)(column))),
      );
    const place = mask?.location ?? own?.location;
    return { kind: 'mask', name: `${columns.join(', ')} ${kind}`, policy, side, ...placed(place) };
  }

  #limit({ limit, before, after }: NonNullable<Changed['limits']>[number]): Cause {
    const name = `${limit} ${before ?? 'none'} → ${after ?? 'none'}`;
    if (after === undefined) return { kind: 'limit', name, side: 'gone' };
    const own = [...this.#policies.values()].find(({ limits }) => limits[limit] === after);
    const place = own?.boundPlaces?.[`limits.${limit}`] ?? own?.location;
    return { kind: 'limit', name, side: 'now', ...(own && { policy: own.name }), ...placed(place) };
  }
}

function placed(place: Location | undefined): Pick<Cause, 'file' | 'line'> {
  return place === undefined ? {} : { file: place.file, line: place.line };
}
