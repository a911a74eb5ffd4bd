#!/usr/bin/env python3
"""Starts nginx, Apache and Caddy with what `publish --host` generates, and asks each for every file of a site. What is
generated for S3 uploads to an emulator of it. The program's own `check` must say the same as this script.

Usage: check.py BINARY VENV     the folder of a Python environment with what requirements.txt names

Nothing is installed, no port is fixed, and no other server is disturbed: each runs with a main configuration, a folder
and a free port of its own on loopback, and is killed at the end. Python's plain http.server must fail.
"""

import contextlib
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

BINARY = pathlib.Path(sys.argv[1]).resolve()
VENV = pathlib.Path(sys.argv[2]).resolve()
MODULES = "/usr/lib/apache2/modules"

# What must be served as what, said here once more: by the end of the path.
TYPES = [
    ("jwks.json", "application/jwk-set+json"),
    ("did.json", "application/did+json"),
    ("statuslist-manifest.json", "application/json"),
    ("lists.json", "application/json"),
    ("index.html", "text/html"),
    (".jwt", "application/statuslist+jwt"),
    (".cwt", "application/statuslist+cwt"),
    (".vcjwt", "application/vc+jwt"),
    (".vccose", "application/vc+cose"),
    ("default.json", "application/json"),
    (".json", "application/vc"),
]
# The settings of the host are not for readers.
NOT_SERVED = {"_headers", "_redirects", "staticwebapp.config.json", ".nojekyll"}
HASH = "a" * 64


def media_type(path):
    if "/hidden/" in f"/{path}" and "." not in path.rsplit("/", 1)[-1]:
        return "application/statuslist+jwt"
    if "/ocsp/" in f"/{path}":
        return "application/json"
    return next(kind for end, kind in TYPES if path.endswith(end))


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Site:
    """A site with every format, whose lists are at this origin and below this path."""

    def __init__(self, folder, origin, prefix):
        self.folder, self.origin, self.prefix = folder, origin, prefix
        self.root = folder / "site"
        (folder / "public.jwk").write_text(self.run("keygen", "key.pem"))
        uri = f"{origin}{prefix}"
        did = ["--issuer", "did:web:example.com", "--verification-method", "did:web:example.com#key"]
        embedded = ["--proof", "ecdsa-jcs-2019"]
        aggregated = ["--aggregation-uri", f"{uri}/lists.json"]
        self.files = []
        self.init("tokens", f"{uri}/statuslists/{{n}}.jwt", "jwt,cwt", aggregated)
        self.init("hidden", f"{uri}/hidden/{{id}}", "jwt", aggregated)
        self.init("vc", f"{uri}/vc/{{n}}.{{purpose}}.json", "bitstring", did + embedded)
        self.init("vcjwt", f"{uri}/vcjwt/{{n}}.vcjwt", "bitstring.revocation", did + ["--proof", "jwt"])
        self.init("vccose", f"{uri}/vccose/{{n}}.vccose", "bitstring.revocation", did + ["--proof", "cose"])
        old = "statuslist2021.revocation,revocationlist2020"
        self.init("old", f"{uri}/old/{{n}}.2021.revocation.json", old, did + embedded)
        self.init("ocsp", f"{uri}/ocsp/{{n}}", "oa-ocsp", [])
        self.run("allocate", "ocsp.slist", "--document-hash", HASH, "--token-id", "document")
        self.run("set", "ocsp.slist", "id:document", "revoked")
        self.run("allocate", "tokens.slist", "--count", "1000")

    def init(self, name, uri, views, rest):
        file = f"{name}.slist"
        self.run("init", file, "--uri", uri, "--as", views, "--bits", "1" if name == "vc" else "2", *rest)
        self.files.append(file)

    def check(self):
        """What the program's own check says of the host, asked for every list file and for the site as a whole."""
        base = ["--base-url", f"{self.origin}{self.prefix}"]
        key = ["--key", "public.jwk"]
        said = []
        for targets in ([*self.files, "--to", "site"], ["site"], [f"{self.origin}{self.prefix}/"]):
            done = self.call("check", *targets, "--http", *key, *(base if self.prefix or targets == ["site"] else []))
            said.append((done.returncode, done.stdout + done.stderr))
        return said

    def call(self, *arguments):
        return subprocess.run([BINARY, *arguments], cwd=self.folder, capture_output=True, text=True, check=False)

    def run(self, *arguments, code=0):
        """Runs the program, and returns what it prints."""
        done = self.call(*arguments)
        if done.returncode != code:
            sys.exit(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def publish(self, host):
        base = ["--base-url", f"{self.origin}{self.prefix}"] if self.prefix else []
        hosting = ["--host", host, "--host-config", f"{host}.conf"] if host else []
        line = ["publish", *self.files, "--to", "site", "--key", "key.pem", "--enveloped", *base, *hosting, "--json"]
        return json.loads(self.run(*line))

    def paths(self):
        manifest = json.loads((self.root / "statuslist-manifest.json").read_text())
        return sorted({*manifest["entries"], "statuslist-manifest.json"} - NOT_SERVED)


class Server:
    """A server as a process of its own."""

    def __init__(self, command, port, log, rights=None):
        self.port = port
        with open(log, "wb") as out:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, preexec_fn=rights
            )
        end = time.monotonic() + 20
        while time.monotonic() < end:
            if self.process.poll() is not None:
                sys.exit(f"{command[0]} ended:\n{pathlib.Path(log).read_text()}")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                return
            time.sleep(0.05)
        self.stop()
        sys.exit(f"{command[0]} does not listen:\n{pathlib.Path(log).read_text()}")

    def stop(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def get(self, path, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()


def drop_rights():
    """Servers do not run as root, as which some refuse to run at all."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)


def nginx(site, port, work):
    conf = work / "nginx.conf"
    conf.write_text(f"""
daemon off; pid {work}/pid; error_log stderr; events {{ }}
http {{
    access_log off; include /etc/nginx/mime.types;
    client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
    uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
    server {{ listen 127.0.0.1:{port}; root {site.root}; include {site.folder}/nginx.conf; }}
}}
""")
    return ["nginx", "-p", str(work), "-e", "stderr", "-c", str(conf)]


def apache(site, port, work):
    conf = work / "apache.conf"
    modules = "mpm_event authz_core alias deflate dir filter headers mime rewrite".split()
    load = "".join(f"LoadModule {name}_module {MODULES}/mod_{name}.so\n" for name in modules)
    alias = f"Alias {site.prefix} {site.root}\n" if site.prefix else ""
    conf.write_text(f"""{load}
ServerRoot {work}
ServerName 127.0.0.1
Listen 127.0.0.1:{port}
PidFile {work}/pid
ErrorLog {work}/error.log
TypesConfig /etc/mime.types
<VirtualHost 127.0.0.1:{port}>
    DocumentRoot {site.root}
    {alias}<Directory {site.root}>
        Require all granted
    </Directory>
    Include {site.folder}/apache.conf
</VirtualHost>
""")
    return ["apache2", "-f", str(conf), "-DFOREGROUND"]


def caddy(site, port, work):
    conf = work / "Caddyfile"
    conf.write_text(f"""
{{
\tadmin off
\tauto_https off
\tstorage file_system {work}
}}
http://127.0.0.1:{port}, http://example.com:{port} {{
\tbind 127.0.0.1
\troot * {site.root}
\timport {site.folder}/caddy.conf
}}
""")
    return ["env", f"HOME={work}", "caddy", "run", "--adapter", "caddyfile", "--config", str(conf)]


def faults(server, site, path):
    """What is wrong with the answers for one file."""
    uri = f"{site.prefix}/{path}"
    expected = (site.root / path).read_bytes()
    status, headers, body = server.get(uri)
    wanted = {
        "content-type": media_type(path),
        "access-control-allow-origin": "*",
        "x-content-type-options": "nosniff",
        "cache-control": "no-cache" if path == "statuslist-manifest.json" else "public, max-age=3600",
    }
    found = [f"{path}: {name} is {headers.get(name)!r}" for name, value in wanted.items() if headers.get(name) != value]
    if status != 200 or body != expected:
        found.append(f"{path}: status {status}, {len(body)} bytes, expected {len(expected)}")
    if "content-encoding" in headers:
        found.append(f"{path}: encoded without being asked for")

    status, headers, body = server.get(uri, Accept_Encoding="gzip")
    if headers.get("content-encoding") == "gzip":
        if media_type(path) == "application/statuslist+cwt":
            found.append(f"{path}: a CWT is compressed twice")
        if "accept-encoding" not in headers.get("vary", "").lower():
            found.append(f"{path}: no Vary")
        body = gzip.decompress(body)
    elif media_type(path) != "application/statuslist+cwt" and len(expected) > 1000:
        found.append(f"{path}: not compressed")
    if body != expected:
        found.append(f"{path}: other bytes with gzip")
    if headers.get("content-type") != media_type(path):
        found.append(f"{path}: content-type is {headers.get('content-type')!r} with gzip")

    status, headers, _ = server.get(f"{uri}?time=1700000000")
    if status != 501 or headers.get("access-control-allow-origin") != "*":
        found.append(f"{path}: ?time= is answered with {status}")
    return found


def missing_faults(server, site):
    """What is wrong with the answers where there is no file."""
    found = []
    status, headers, _ = server.get(f"{site.prefix}/statuslists/99.jwt")
    if (status, headers.get("access-control-allow-origin")) != (404, "*"):
        found.append(f"a missing list: {status}, {headers}")
    if "max-age" in headers.get("cache-control", ""):
        found.append("a missing list is kept")
    default = (site.root / "ocsp/0/default.json").read_bytes()
    status, headers, body = server.get(f"{site.prefix}/ocsp/0/0x{'b' * 64}")
    if (status, body, headers.get("content-type")) != (200, default, "application/json"):
        found.append(f"a missing document: {status}, {headers}")
    status, _, _ = server.get(f"{site.prefix}/ocsp/99/0x{'b' * 64}")
    if status != 404:
        found.append(f"a document of a missing list: {status}")
    _, headers, _ = server.get(f"{site.prefix}/statuslists/0.jwt")
    if "last-modified" in headers:
        status, headers, body = server.get(f"{site.prefix}/statuslists/0.jwt", If_Modified_Since=headers["last-modified"])
        if (status, body) != (304, b""):
            found.append(f"an unchanged list: {status}")
    return found


def all_faults(server, site):
    found = [fault for path in site.paths() for fault in faults(server, site, path)]
    return found + missing_faults(server, site)


def serve(name, make, prefix, folder):
    port = free_port()
    site = Site(folder, f"http://127.0.0.1:{port}", prefix)
    site.publish(name)
    work = folder / "server"
    work.mkdir()
    open_up(folder)
    server = Server(make(site, port, work), port, folder / "log", drop_rights)
    try:
        found = all_faults(server, site)
        # New lists are served right by the server as it runs, and its settings stay.
        before = (folder / f"{name}.conf").read_bytes()
        for file in site.files:
            site.run("roll", file)
        published = site.publish(name)
        open_up(folder)
        if published["host"]["config"]["written"] or before != (folder / f"{name}.conf").read_bytes():
            found.append("the settings changed with the lists")
        if "statuslists/2.jwt" not in site.paths():
            found.append("there is no new list")
        found += all_faults(server, site)
        found += [f"check exits with {code}:\n{said}" for code, said in site.check() if code != 0]
    finally:
        server.stop()
    if found:
        sys.exit(f"{name}, uris below '{prefix}/':\n" + "\n".join(found) + (folder / "log").read_text())
    print(f"hosts: {name} serves {len(site.paths())} files with the right headers, uris below '{prefix}/'")


def plain_server(folder):
    """The control: a server that knows nothing of lists must be found out."""
    port = free_port()
    site = Site(folder, f"http://127.0.0.1:{port}", "")
    site.publish(None)
    open_up(folder)
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(site.root)]
    server = Server(command, port, folder / "log")
    try:
        found = "\n".join(all_faults(server, site))
        checks = site.check()
    finally:
        server.stop()
    for fault in [
        "statuslists/0.jwt: content-type is",
        "statuslists/0.jwt: access-control-allow-origin is None",
        "statuslists/0.jwt: x-content-type-options is None",
        "statuslists/0.jwt: cache-control is None",
        "statuslists/0.jwt: ?time= is answered with 200",
        "vc/0.revocation.json: content-type is 'application/json'",
        "a missing document: 404",
    ]:
        if fault not in found:
            sys.exit(f"http.server: not found: {fault}\n{found}")
    for code, said in checks:
        if code != 1:
            sys.exit(f"http.server: check exits with {code}:\n{said}")
    # Of the site, and of what is served, each fault of each file is named.
    for _, said in checks[1:]:
        for path in set(site.paths()) - {"statuslist-manifest.json"}:
            named = "\n".join(line for line in said.splitlines() if line.startswith(f"fault      {site.origin}/{path}:"))
            wanted = ["no Access-Control-Allow-Origin", "no Cache-Control"]
            if not path.endswith(".json") or media_type(path) != "application/json":
                wanted.append(f"in the place of {media_type(path)}")
            for fault in wanted:
                if fault not in named:
                    sys.exit(f"http.server: check does not name '{fault}' of {path}:\n{said}")
    print("hosts: http.server is found out, by check too")


def bucket(folder):
    """The script for S3 uploads each file with its type, and the manifest last."""
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    site = Site(folder, "https://example.com", "/status")
    site.publish("s3")
    server = Server([VENV / "bin/moto_server", "-H", "127.0.0.1", "-p", str(port)], port, folder / "log")
    names = {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": "us-east-1", "ENDPOINT_URL": endpoint}
    environment = {**{f"AWS_{name}": value for name, value in names.items()}, "PATH": f"{VENV}/bin:/usr/bin:/bin", "HOME": str(folder)}

    def aws(*arguments):
        done = subprocess.run(arguments, env=environment, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(f"{arguments}: exit {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    try:
        aws("aws", "s3api", "create-bucket", "--bucket", "lists")
        printed = aws("sh", "s3.conf", "site", "s3://lists/below")
        uploaded = [line.split("s3://lists/below/")[1] for line in printed.splitlines() if line.startswith("upload:")]
        paths = site.paths()
        found = [] if sorted(uploaded) == paths else [f"uploaded {sorted(uploaded)}, published {paths}"]
        if uploaded[-1] != "statuslist-manifest.json" or not uploaded[0].startswith(("hidden", "statuslists", "vc", "old", "ocsp")):
            found.append(f"uploaded in the order {uploaded}")
        for path in paths:
            head = json.loads(aws("aws", "s3api", "head-object", "--bucket", "lists", "--key", f"below/{path}"))
            cache = "no-cache" if path == "statuslist-manifest.json" else "public, max-age=3600"
            if (head["ContentType"], head["CacheControl"]) != (media_type(path), cache):
                found.append(f"{path}: {head}")
    finally:
        server.stop()
    if found:
        sys.exit("s3:\n" + "\n".join(found))
    print(f"hosts: {len(paths)} files are uploaded to S3 with the right types, the manifest last")


def open_up(folder):
    """Lets servers without rights read the site and write into their folder."""
    os.chmod(folder, 0o755)
    for name in ("site", "server"):
        for path in [folder / name, *(folder / name).rglob("*")]:
            if path.is_dir():
                os.chmod(path, 0o777 if name == "server" else 0o755)
    for path in folder.glob("*.conf"):
        os.chmod(path, 0o644)


def main():
    for name in list(os.environ):
        if name.startswith("STATUSLIST_"):
            del os.environ[name]
    # Not below a folder that only we may enter.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="statuslist-hosts-", dir="/tmp"))
    os.chmod(folder, 0o755)
    try:
        for name, make in (("nginx", nginx), ("apache", apache), ("caddy", caddy)):
            for number, prefix in enumerate(("", "/status")):
                place = folder / f"{name}{number}"
                place.mkdir()
                serve(name, make, prefix, place)
        place = folder / "s3"
        place.mkdir()
        bucket(place)
        place = folder / "plain"
        place.mkdir()
        plain_server(place)
    finally:
        shutil.rmtree(folder)


main()
