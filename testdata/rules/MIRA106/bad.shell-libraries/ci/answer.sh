#!/usr/bin/env bash
set -euo pipefail
HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
. "$HERE/lib/mira.sh"

ask "$1"
gh release create v1 --notes-file "$ANSWER" # expect: MIRA106/no-gate
