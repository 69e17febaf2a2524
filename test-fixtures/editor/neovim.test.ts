import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const server = fileURLToPath(new URL('../../language-server/src/main.ts', import.meta.url));

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    efect: allow
    sql: {actions: [select], tables: [public.orders]}
`;

/** What a person does, as Neovim's own client does it: open, look, mend by the offered fix or by hand, lay out, save. */
const script = (node: string) => `
local function encode(value) return vim.fn.json_encode(value) end
local said = {}
vim.cmd('edit .gatehouse/policies/shop.policy.yaml')
local id = vim.lsp.start_client({
  name = 'gatehouse',
  cmd = { ${JSON.stringify(node)}, ${JSON.stringify(server)}, '--stdio' },
  root_dir = vim.fn.getcwd(),
})
vim.lsp.buf_attach_client(0, id)
local function found(code)
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if each.code == code or (each.user_data and each.user_data.lsp and each.user_data.lsp.code == code) then return each end
  end
end
said.appeared = vim.wait(60000, function() return found('unknown-key') ~= nil end, 50)
local first = found('unknown-key')
if first then said.line = first.lnum; said.column = first.col; said.message = first.message end
vim.api.nvim_buf_set_text(0, 6, 4, 6, 9, { 'effect' })
said.went = vim.wait(60000, function() return found('unknown-key') == nil end, 50)
vim.lsp.buf.formatting_sync({}, 30000)
vim.cmd('write')
vim.fn.writefile({ encode(said) }, 'said.json')
vim.cmd('qall!')
`;

test('Neovim shows findings, loses them when they are mended, and lays the file out', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-nvim-'));
  try {
    const file = path.join(folder, '.gatehouse/policies/shop.policy.yaml');
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, policy);
    writeFileSync(path.join(folder, 'script.lua'), script(process.execPath));
    await promisify(execFile)('nvim', ['--headless', '-n', '-u', 'NONE', '-S', 'script.lua'], {
      cwd: folder,
      timeout: 150_000,
      env: { ...process.env, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder },
    });
    assert.deepEqual(JSON.parse(readFileSync(path.join(folder, 'said.json'), 'utf8')), {
      appeared: true,
      line: 6,
      column: 4,
      message: 'Unknown key `efect`. Did you mean `effect`?',
      went: true,
    });
    assert.equal(
      readFileSync(file, 'utf8'),
      policy
        .replace('efect', 'effect')
        .replace(
          '{actions: [select], tables: [public.orders]}',
          '{ actions: [select], tables: [public.orders] }',
        ),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
