const fs = require("node:fs");

const reply = await fetch("https://api.mira.network/v1/verified/generate", { method: "POST" });
fs.writeFileSync("answer.json", JSON.stringify(await reply.json()));
