import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LiveDesk } from './live-desk.ts';

const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policy = (to: string): string =>
  `gatehouse: v1\nkind: Policy\nname: a\napplies: { to: [${to}] }\nrules:\n  - name: x\n    effect: deny\n    message: No.\n`;
const file = '.gatehouse/policies/a.policy.yaml';

function live(): LiveDesk {
  const desk = new LiveDesk();
  desk.setDisk('.gatehouse/gatehouse.yaml', workspace);
  desk.setDisk(file, policy('db'));
  return desk;
}

function codes(desk: LiveDesk): readonly string[] {
  return desk.desk.diagnostics(file).map(({ code }) => code);
}

test('what stands in the editor counts, and what lies on the disk when it is closed', () => {
  const desk = live();
  assert.ok(!codes(desk).includes('unknown-resource'));
  desk.setOpen(file, policy('bd'));
  assert.ok(codes(desk).includes('unknown-resource'));
  desk.setDisk(file, policy('db, db'));
  assert.equal(desk.desk.files.get(file)?.text, policy('bd'));
  desk.setOpen(file, undefined);
  assert.equal(desk.desk.files.get(file)?.text, policy('db, db'));
  assert.ok(!codes(desk).includes('unknown-resource'));
});

test('a desk stays what it was when files are edited', () => {
  const desk = live();
  const before = desk.desk;
  desk.setOpen(file, 'x');
  assert.equal(before.files.get(file)?.text, policy('db'));
  assert.ok(!before.diagnostics(file).some(({ code }) => code === 'wrong-type'));
  assert.ok(codes(desk).includes('wrong-type'));
});

test('an edit of one file keeps the others as they are', () => {
  const desk = live();
  const workspaceBefore = desk.desk.files.get('.gatehouse/gatehouse.yaml');
  desk.setOpen(file, policy('db, x'));
  assert.equal(desk.desk.files.get('.gatehouse/gatehouse.yaml'), workspaceBefore);
  assert.equal(desk.desk, desk.desk);
});

test('a file that is gone is gone, unless it is open', () => {
  const desk = live();
  desk.setOpen(file, policy('db'));
  desk.setDisk(file, undefined);
  assert.ok(desk.desk.files.has(file));
  desk.setOpen(file, undefined);
  assert.ok(!desk.desk.files.has(file));
  assert.deepEqual(desk.desk.diagnostics(file), []);
});
