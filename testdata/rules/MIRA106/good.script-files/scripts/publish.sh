#!/usr/bin/env bash
set -euo pipefail
gh release create v1 --notes "$1 (certificate $2)"
