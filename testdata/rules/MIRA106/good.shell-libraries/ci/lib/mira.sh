ANSWER=answer.json

ask() {
  curl -sf -X POST https://api.mira.network/v1/verified/generate -d "{\"prompt\": \"$1\"}" -o "$ANSWER"
  CERT="$(jq -er .cert_hash "$ANSWER")" || exit 1
}

publish() {
  gh issue comment 1 --body "$1 ($CERT)"
}
