"""Two list files, a key, and nginx that serves their site on loopback."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

from cryptography.hazmat.primitives.serialization import load_pem_private_key

CONFIGURATION = """
daemon off;
worker_processes 2;
error_log {folder}/error.log;
pid {folder}/nginx.pid;
events {{ worker_connections 256; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000;
  server {{ listen 127.0.0.1:{port}; root {folder}/site; }}
}}
"""


class Site:
    """`a.slist` (JWT and CWT) and `b.slist` (JWT), published into one folder that nginx serves."""

    def __init__(self, binary, folder, valid_for):
        self.binary, self.folder = binary, Path(folder)
        # nginx's workers may be another user.
        os.chmod(folder, 0o755)
        self.port = free_port()
        self.run("keygen", "key.pem")
        origin = f"http://127.0.0.1:{self.port}"
        for name in ("a", "b"):
            self.run(
                *("init", f"{name}.slist", "--uri", f"{origin}/{name}/{{n}}.jwt", "--bits", "2"),
                *("--size", "20000", "--ttl", "1s", "--valid-for", valid_for, "--spare", "0"),
            )
        self.run("configure", "a.slist", "--add-view", "cwt")
        self.uris = [f"{origin}/{path}" for path in ("a/0.jwt", "a/0.cwt", "b/0.jwt")]
        self.publish()
        self.key = load_pem_private_key((self.folder / "key.pem").read_bytes(), None).public_key()

    def __enter__(self):
        text = CONFIGURATION.format(folder=self.folder, port=self.port)
        (self.folder / "nginx.conf").write_text(text)
        arguments = ["nginx", "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")]
        self.nginx = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError((self.folder / "error.log").read_text())

    def __exit__(self, *_):
        self.nginx.terminate()
        self.nginx.wait()

    def run(self, *arguments, accept=(0,), stdin=None):
        environment = {"PATH": os.environ["PATH"], "STATUSLIST_ACTOR": "race"}
        done = subprocess.run(
            [self.binary, *arguments],
            cwd=self.folder,
            env=environment,
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
        )
        assert done.returncode in accept, f"{arguments}: {done.returncode}: {done.stderr}"
        return done

    def publish(self, *options, files=("a.slist", "b.slist"), accept=(0,)):
        return self.run("publish", *files, "--to", "site", "--key", "key.pem", *options, accept=accept)

    def allocate(self, file, count):
        made = json.loads(self.run("allocate", file, "--count", str(count), "--json").stdout)
        return [entry["idx"] for entry in made["allocations"]]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
