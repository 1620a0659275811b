request() {
  curl -sf -X POST https://api.mira.network/v1/verified/generate -d @prompt.json
}
