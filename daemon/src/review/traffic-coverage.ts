import { decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import { CoverageCount, type RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { recordedTraffic, type Traffic } from './recorded-traffic.ts';

/** What recorded requests show of the rules, by the policy files as they stand. */
export interface TrafficCoverage {
  /** In the order of the tests' coverage. */
  readonly rules: readonly RuleCoverage[];
  readonly requests: number;
  /** Of them those that a fact decides which is not in the record. */
  readonly open: number;
}

/** @throws RecordFault `store-corrupt` */
export async function trafficCoverage(index: StoreIndex, traffic: Traffic): Promise<TrafficCoverage> {
  const counted = new CoverageCount();
  let [requests, open] = [0, 0];
  for await (const inputs of recordedTraffic(index, traffic)) {
    requests++;
    const possible = inputs.map((input) => ({ decision: decide(traffic.policies, input), input }));
    if (possible.length === 0 || !counted.addEither(possible)) open++;
  }
  return { rules: counted.of(traffic.policies.set), requests, open };
}
