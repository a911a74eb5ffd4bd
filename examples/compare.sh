#!/bin/sh
# Makes and reads a status list token of 10^6 entries, 1 % of them revoked, with this program and with what
# one would take in Python (PyJWT, zlib, a bytearray) and in JavaScript (@sd-jwt/jwt-status-list, jose).
#
# Usage: cargo build --release && sh examples/compare.sh
#
# Needs python3 with pip, node with npm, and bash. The libraries are installed once, under target/ci-tools.
#
# Each side starts anew for each run (median of 5), reads the same list, signs it with the same key (ES256), and
# writes the token. statuslist reads the list from its own file, which also holds the history; the others read the
# indexes that are set from a text file, and pack, compress, encode and sign them. Then each side starts anew, checks
# the signature of the same token (the one of statuslist), inflates it, and reads one entry.
set -eu

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
binary=$target/release/statuslist
[ -x "$binary" ] || { echo "compare: there is no $binary: cargo build --release" >&2; exit 1; }
python=$("$root/.ci/interop/install" python)
node=$("$root/.ci/interop/install" node)
place=$(mktemp -d)
trap 'rm -rf -- "$place"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
cd -- "$place"
for name in $(env | sed -n 's/^\(STATUSLIST_[A-Z_]*\)=.*/\1/p'); do
  unset "$name"
done
ln -s "$node/node_modules" node_modules

"$binary" init list.slist --uri 'https://example.com/{n}.jwt' --size 1000000 --quiet >settings.txt 2>&1
"$binary" allocate list.slist --count 10000 --status revoked --json --quiet >allocated.json 2>&1
"$binary" keygen key.pem >key.jwk 2>/dev/null
"$binary" sign list.slist --key key.pem -o statuslist.jwt --quiet

cat >make.py <<'END'
import base64, jwt, time, zlib
entries = bytearray(125_000)
for line in open("set.txt"):
    index = int(line)
    entries[index >> 3] |= 1 << (index & 7)
lst = base64.urlsafe_b64encode(zlib.compress(entries, 9)).rstrip(b"=").decode()
now = int(time.time())
claims = {"sub": "https://example.com/0.jwt", "iat": now, "exp": now + 604800, "ttl": 43200,
          "status_list": {"bits": 1, "lst": lst}}
token = jwt.encode(claims, open("key.pem").read(), "ES256", headers={"typ": "statuslist+jwt"})
open("python.jwt", "w").write(token)
END
cat >read.py <<'END'
import base64, json, jwt, zlib
key = jwt.PyJWK(json.load(open("key.jwk")), "ES256")
claims = jwt.decode(open("statuslist.jwt").read().strip(), key, algorithms=["ES256"])
lst = claims["status_list"]["lst"]
entries = zlib.decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
index = int(open("set.txt").readline())
assert entries[index >> 3] >> (index & 7) & 1 == 1
END
cat >make.mjs <<'END'
import { createPrivateKey } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { StatusList, createHeaderAndPayload } from "@sd-jwt/jwt-status-list";
import { SignJWT } from "jose";
const statuses = new Array(1000000).fill(0);
for (const line of readFileSync("set.txt", "utf8").trim().split("\n")) statuses[Number(line)] = 1;
const now = Math.floor(Date.now() / 1000);
const claims = { sub: "https://example.com/0.jwt", iat: now, exp: now + 604800, ttl: 43200 };
const { header, payload } = createHeaderAndPayload(new StatusList(statuses, 1), claims, { alg: "ES256" });
const key = createPrivateKey(readFileSync("key.pem"));
writeFileSync("node.jwt", await new SignJWT(payload).setProtectedHeader(header).sign(key));
END
cat >read.mjs <<'END'
import { readFileSync } from "node:fs";
import { getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
import { importJWK, jwtVerify } from "jose";
const token = readFileSync("statuslist.jwt", "utf8").trim();
await jwtVerify(token, await importJWK(JSON.parse(readFileSync("key.jwk", "utf8")), "ES256"));
const index = Number(readFileSync("set.txt", "utf8").split("\n")[0]);
if (getListFromStatusListJWT(token).getStatus(index) !== 1) throw new Error("read wrongly");
END

# Times commands in turn, so that a busy machine slows all of them.
cat >compare.py <<'END'
import base64, json, os, statistics, subprocess, sys, time, zlib
binary, packages = sys.argv[1:]
token = open("statuslist.jwt").read().strip()
part = token.split(".")[1]
lst = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["status_list"]["lst"]
packed = zlib.decompress(base64.urlsafe_b64decode(lst + "=" * (-len(lst) % 4)))
indexes = [index for index in range(1_000_000) if packed[index >> 3] >> (index & 7) & 1]
assert len(indexes) == 10_000
open("set.txt", "w").writelines(f"{index}\n" for index in indexes)
sides = {
    "statuslist": ([binary, "sign", "list.slist", "--key", "key.pem", "-o", "statuslist.jwt", "--quiet"],
                   [binary, "inspect", "statuslist.jwt", "--key", "key.jwk", "--entry", str(indexes[0])]),
    "python": (["python3", "make.py"], ["python3", "read.py"]),
    "node": (["node", "make.mjs"], ["node", "read.mjs"]),
}
environment = {**os.environ, "PYTHONPATH": packages}
times = {side: ([], []) for side in sides}
for _ in range(5):
    for step in 0, 1:
        for side, lines in sides.items():
            start = time.perf_counter()
            subprocess.run(lines[step], check=True, stdout=subprocess.DEVNULL, env=environment)
            times[side][step].append((time.perf_counter() - start) * 1e3)
print("            make      read and verify  token")
for side, (made, read) in times.items():
    size = os.path.getsize(f"{side}.jwt")
    print(f"{side:<10}  {statistics.median(made):5.0f} ms  {statistics.median(read):5.0f} ms         {size:>6} bytes")
END
python3 compare.py "$binary" "$python/packages"
