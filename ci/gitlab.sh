#!/usr/bin/env bash
# What the GitLab job runs; see gitlab.ts.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$here/prepare.sh"
exec "$here/../node_modules/.bin/node" "$here/gitlab.ts"
