#!/usr/bin/env bash
# What the GitHub Action runs. All else is in github.ts, as what a shell does with names that anybody may give is hard to see.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/prepare.sh"
exec "$here/../node_modules/.bin/node" "$here/github.ts"
