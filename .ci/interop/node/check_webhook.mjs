// Has the binary tell a receiver on loopback what happens, and verifies each message with standardwebhooks.
// Usage: node check_webhook.mjs BINARY FOLDER

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { promisify } from "node:util";
import { Webhook } from "standardwebhooks";

const [binary, folder] = process.argv.slice(2);
const SECRET = `whsec_${randomBytes(32).toString("base64")}`;
const webhook = new Webhook(SECRET);
const other = new Webhook(`whsec_${randomBytes(32).toString("base64")}`);
const events = new Map();
let refusals = 1;

const server = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  try {
    const message = webhook.verify(body, request.headers);
    assert.throws(() => other.verify(body, request.headers));
    assert.throws(() => webhook.verify(`${body} `, request.headers));
    // The first is refused once, and comes again under the same id.
    if (refusals-- <= 0) events.set(request.headers["webhook-id"], message);
    response.writeHead(refusals >= 0 ? 500 : 204).end();
  } catch (error) {
    console.error(error);
    response.writeHead(400).end();
  }
});
await promisify((port, host, done) => server.listen(port, host, done))(0, "127.0.0.1");

const settings = `
[[webhook]]
url = "http://127.0.0.1:${server.address().port}/in"
events = ["status_list.regenerated", "index.status_changed", "index.allocated"]
secret = "secret"
token-ids = true
`;
writeFileSync(`${folder}/secret`, `${SECRET}\n`, { mode: 0o600 });
writeFileSync(`${folder}/told.toml`, settings);
const run = promisify(execFile);
const statuslist = (...line) => run(binary, ["--config", "told.toml", ...line], { cwd: folder });
await statuslist("init", "list.slist", "--uri", "https://example.com/{n}.jwt");
await statuslist("keygen", "key.pem");
const { stderr } = await statuslist("allocate", "list.slist", "--token-id", "Zoë 🎓");
assert.match(stderr, /it answered 500; the next command sends the rest/);
await statuslist("set", "list.slist", "id:Zoë 🎓", "revoked");
const published = await statuslist("publish", "list.slist", "--to", "site", "--key", "key.pem");
assert.doesNotMatch(published.stderr, /not told/);

const told = [...events.values()];
assert.deepEqual(
  told.map(({ event }) => event),
  ["index.allocated", "index.status_changed", "status_list.regenerated", "status_list.regenerated"],
);
assert.equal(told[0].data.allocations[0].tokenId, "Zoë 🎓");
assert.equal(told[1].data.changes[0].currentStatus, 1);
server.close();
console.log(`standardwebhooks: ${told.length} messages are genuine`);
