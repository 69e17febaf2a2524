import type { Limits, Mask, MaskKind, Policy } from '../../model/policy.ts';
import { listMutants } from './list-mutants.ts';
import type { PolicyChange } from './policy-mutant.ts';

/** A kind that shows of a value what the other hides. Tests tell kinds apart, and nothing else about a mask. */
const weaker: Readonly<Record<MaskKind, Pick<Mask, 'with' | 'keep'>>> = {
  null: { with: 'redact' },
  redact: { with: 'hash' },
  hash: { with: 'partial', keep: { first: 4, last: 4 } },
  tokenize: { with: 'partial', keep: { first: 4, last: 4 } },
  range: { with: 'hash' },
  partial: { with: 'hash' },
};

/** What can be done to each mask of a policy. */
export function* maskMutants(policy: Policy): Generator<PolicyChange> {
  for (const [at, mask] of policy.masks.entries()) {
    const with_ = (made: Mask | undefined): Policy => ({
      ...policy,
      masks: policy.masks.flatMap((each) => (each !== mask ? [each] : made === undefined ? [] : [made])),
    });
    const about = { part: `mask ${mask.with} on ${mask.columns.join(', ')}`, location: mask.location };
    const path = ['masks', at] as const;
    const was = `with: ${mask.with}`;
    yield {
      ...about,
      mutation: 'removed',
      path,
      was: `mask on ${mask.columns.join(', ')}`,
      made: with_(undefined),
    };
    const { columns, unless, location } = mask;
    const form = weaker[mask.with];
    yield {
      ...about,
      mutation: 'mask weakened',
      path: [...path, 'with'],
      was,
      now: `with: ${form.with}`,
      made: with_({ columns, ...form, ...(unless && { unless }), location }),
    };
    for (const { items, ...change } of listMutants([...path, 'columns'], 'columns', columns))
      yield { ...about, ...change, made: with_({ ...mask, columns: items }) };
    for (const key of ['groups', 'people'] as const) {
      const excepted = unless?.[key];
      if (excepted === undefined) continue;
      for (const { items, ...change } of listMutants([...path, 'unless', key], key, excepted)) {
        const mutation = change.mutation === 'list widened' ? 'exception widened' : change.mutation;
        yield {
          ...about,
          ...change,
          mutation,
          made: with_({ ...mask, unless: { ...unless, [key]: items } }),
        };
      }
    }
  }
}

const raisedBy = 10;

/** Each limit raised. Budgets are counted over many requests, so no test of one can tell them. */
export function* limitMutants(policy: Policy): Generator<PolicyChange> {
  for (const key of Object.keys(policy.limits) as (keyof Limits)[]) {
    const bound = policy.limits[key];
    if (bound === undefined) continue;
    yield {
      part: 'limits',
      location: policy.boundPlaces?.[`limits.${key}`] ?? policy.location,
      mutation: 'limit raised',
      path: ['limits', key],
      was: `${key}: ${bound}`,
      now: `${key}: ${bound * raisedBy}`,
      made: { ...policy, limits: { ...policy.limits, [key]: bound * raisedBy } },
    };
  }
}

/** Each list of what the policy applies to, narrowed and widened. */
export function* scopeMutants(policy: Policy): Generator<PolicyChange> {
  for (const key of ['to', 'agents', 'groups'] as const) {
    const items = policy.applies[key];
    if (items === undefined) continue;
    for (const { items: others, ...change } of listMutants(['applies', key], key, items)) {
      const made = { ...policy, applies: { ...policy.applies, [key]: others } };
      yield { part: 'applies', location: policy.location, ...change, made };
    }
  }
}
