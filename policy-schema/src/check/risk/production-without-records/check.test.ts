import { test } from 'node:test';
import { finds, mends, sampleWorkspace, silent } from '../../check.fixture.ts';

const code = 'production-without-records';
const records = (text: string) => ({ 'gatehouse.yaml': `${sampleWorkspace}records:\n  ${text}\n` });

test('records that a power cut may lose are found beside production', () => {
  finds(code, records('durability: «written»'), [/`shop-db`/]);
});

test('results that are not kept are found', () => {
  finds(code, records('results: { rows: «0», bytes: 1KB }'), [/what they saw/]);
  finds(code, records('results: { bytes: «0B» }'), [/what they saw/]);
});

test('durable records with results are no matter', () => {
  silent(code, records('durability: durable'));
  silent(code, records('results: { rows: 10, bytes: 1KB }'));
  silent(code, { 'gatehouse.yaml': sampleWorkspace });
});

test('without production it is a choice', () => {
  const { 'gatehouse.yaml': text } = records('durability: written');
  silent(code, { 'gatehouse.yaml': text.replace('env: prod', 'env: demo') });
});

test('the disk can be waited for', () => {
  mends(code, records('durability: written'), records('durability: durable'), { safety: 'safe' });
});
