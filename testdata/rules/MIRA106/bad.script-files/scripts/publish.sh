#!/usr/bin/env bash
set -euo pipefail
gh release create v1 --notes "$1" # expect: MIRA106/no-gate
