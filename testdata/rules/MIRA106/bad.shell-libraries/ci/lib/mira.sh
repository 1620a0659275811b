ANSWER=answer.json

ask() {
  curl -sf -X POST https://api.mira.network/v1/verified/generate -d "{\"prompt\": \"$1\"}" -o "$ANSWER"
}

publish() {
  gh issue comment 1 --body "$1" # expect: MIRA106/no-gate
}
