ask() {
  answer="$(curl -sf -X POST https://api.mira.network/v1/verified/generate -d "{\"prompt\": \"$1\"}")"
  CERT="$(printf '%s' "$answer" | jq -r '.cert_hash // empty')"
  if [ -z "$CERT" ]; then
    return 1
  fi
  TEXT="$(printf '%s' "$answer" | jq -r .output)"
}
