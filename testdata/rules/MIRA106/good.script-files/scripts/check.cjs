const fs = require("fs");

const answer = JSON.parse(fs.readFileSync("answer.json", "utf8"));
if (!answer.cert_hash) {
  process.exit(1);
}
