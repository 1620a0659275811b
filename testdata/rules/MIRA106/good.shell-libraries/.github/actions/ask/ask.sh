#!/usr/bin/env bash
set -euo pipefail
source "$(dirname "$0")/request.sh"
ANSWER="$(request)"
jq -e .cert_hash <<< "$ANSWER" > /dev/null
echo "text=$(jq -r .output <<< "$ANSWER") ($(jq -r .cert_hash <<< "$ANSWER"))" >> "$GITHUB_OUTPUT"
