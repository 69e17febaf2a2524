#!/usr/bin/env bash
# Makes `gatehouse` of this checkout ready: its packages, and dist/. Prints nothing but errors on standard output.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ ! -x node_modules/.bin/node ]; then
  npm ci --include=dev --no-audit --no-fund >&2
fi
if [ ! -f dist/gatehouse.js ]; then
  node_modules/.bin/node esbuild.mjs >&2
fi
