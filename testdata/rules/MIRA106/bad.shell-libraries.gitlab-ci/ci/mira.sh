ask() {
  answer="$(curl -sf -X POST https://api.mira.network/v1/verified/generate -d "{\"prompt\": \"$1\"}")"
  TEXT="$(printf '%s' "$answer" | jq -r .output)"
}
