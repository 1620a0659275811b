#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "$0")/request.sh"
echo "text=$(request | jq -r .output)" >> "$GITHUB_OUTPUT"
