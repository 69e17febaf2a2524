#!/bin/sh
# Asks Gatehouse about what an agent is about to do. Where its editor has not set it up, the agent goes on as it is.
case "$(uname)" in
  Darwin) state="$HOME/Library/Application Support/gatehouse" ;;
  *) state="${XDG_STATE_HOME:-$HOME/.local/state}/gatehouse" ;;
esac
launcher="${GATEHOUSE_STATE:-$state}/bin/hook"
if [ -x "$launcher" ]; then exec "$launcher" "${1:-auto}"; fi
exit 0
