#!/usr/bin/env python3
"""The client of the status-issuer integration guide, over the command line of statuslist.

Needs nothing but Python's standard library and the program. What the guide does by HTTP requests is
done by runs of the program: bodies go in on standard input, responses come out as JSON, and an error
is the JSON object on standard error, raised as one exception class for each code.

    from issuer import StatusIssuer

    issuer = StatusIssuer("list.slist")
    entry = issuer.allocate_index(token_id="cred-xyz789", expires_at="2027-02-02T10:00:00Z")
    credential["status"] = entry["claims"]["jwt"]["status"]
    issuer.update_status(entry["listId"], entry["idx"], StatusIssuer.INVALID, reason="keyCompromise")

As a program it shows what each operation gives: python3 issuer.py LIST.slist
"""

import json
import os
import random
import subprocess
import sys
import time
import uuid


class StatusListError(Exception):
    """What the program answers when it cannot do what was asked."""

    code = None

    def __init__(self, body):
        super().__init__(body.get("message", "no message"))
        self.error = body.get("error")
        self.code = body.get("code", self.code)
        self.message = body.get("message")
        self.details = body.get("details") or {}
        self.timestamp = body.get("timestamp")
        self.request_id = body.get("requestId")

    @property
    def hint(self):
        """The way out, if there is one."""
        return self.details.get("hint")

    @property
    def outcome(self):
        """Whether the change is on the disk: none, committed or unknown."""
        return self.details.get("outcome")


class ListNotFound(StatusListError):
    code = "LIST_NOT_FOUND"


class IndexNotFound(StatusListError):
    code = "INDEX_NOT_FOUND"


class CapacityExceeded(StatusListError):
    code = "CAPACITY_EXCEEDED"


class InvalidStatus(StatusListError):
    code = "INVALID_STATUS"


class DoubleAllocation(StatusListError):
    code = "DOUBLE_ALLOCATION"


class Unauthorized(StatusListError):
    """Never raised: who may do what is a matter of file permissions, which fail as Io."""

    code = "UNAUTHORIZED"


class Forbidden(StatusListError):
    """Never raised: who may do what is a matter of file permissions, which fail as Io."""

    code = "FORBIDDEN"


class RateLimited(StatusListError):
    """Raised as Busy: nobody is limited, but one writer at a time holds a list file."""

    code = "RATE_LIMITED"


class Busy(RateLimited):
    """Somebody else held the list file for longer than was waited."""

    code = "BUSY"


class Io(StatusListError):
    """A file could not be read or written. `outcome` says whether the change is made."""

    code = "IO"


ERRORS = {
    kind.code: kind
    for kind in (
        ListNotFound,
        IndexNotFound,
        CapacityExceeded,
        InvalidStatus,
        DoubleAllocation,
        Unauthorized,
        Forbidden,
        RateLimited,
        Busy,
        Io,
    )
}


class StatusIssuer:
    """A list file, and how it is asked."""

    VALID, INVALID, SUSPENDED = 0, 1, 2

    def __init__(self, list_file, program="statuslist", attempts=5, first_pause=0.1, longest_pause=5.0):
        self.list_file = str(list_file)
        self.program = program
        self.attempts = attempts
        self.first_pause = first_pause
        self.longest_pause = longest_pause

    def allocate_index(self, token_id=None, initial_status=None, expires_at=None, operation_id=None):
        """Takes one entry. Its `claims` say what the credential embeds."""
        body = given(tokenId=token_id, initialStatus=initial_status, expiresAt=expires_at)
        return self._run("allocate", ["--body", "-"], body, operation_id)

    def update_status(self, list_id, idx, status, reason=None, revoked_at=None, operation_id=None):
        """Changes one status. Readers see it once the list is published."""
        body = given(status=status, reason=reason, revokedAt=revoked_at)
        return self._run("set", [f"{list_id}/{idx}", "--body", "-"], body, operation_id)

    def batch_allocate(
        self, count=None, token_ids=None, initial_status=None, expires_at=None, claim=None, operation_id=None
    ):
        """Takes many entries, all or none. With `claim`, such as "jwt", each has its `claims`."""
        body = given(
            operation="allocate",
            count=count,
            tokenIds=token_ids,
            initialStatus=initial_status,
            expiresAt=expires_at,
        )
        return self._run("batch", ["-", *(["--claim", claim] if claim else [])], body, operation_id)

    def batch_update(self, updates, reason=None, operation_id=None):
        """Changes many statuses, all or none: [{"listId": …, "idx": …, "status": …}, …]."""
        body = given(operation="update", updates=updates, reason=reason)
        return self._run("batch", ["-"], body, operation_id)

    def _run(self, command, arguments, body, operation_id):
        """Runs a command, and again where that can help.

        Every attempt has the same operation id, so however many of them got through, the change is
        made once, and what the first one answered is the answer. Only who was kept waiting (BUSY) or
        failed at a file (IO) tries again, a bounded number of times, after pauses that double. What
        was refused would be refused again.
        """
        operation_id = operation_id or str(uuid.uuid4())
        arguments = [command, self.list_file, *arguments, "--json", "--quiet", "--op-id", operation_id]
        pause = self.first_pause
        for attempt in range(1, self.attempts + 1):
            try:
                return self._attempt(arguments, body)
            except (Busy, Io):
                if attempt == self.attempts:
                    raise
            # Not all who waited come back at the same moment.
            time.sleep(pause * random.uniform(0.5, 1.0))
            pause = min(pause * 2, self.longest_pause)
        raise ValueError("at least one attempt is needed")

    def _attempt(self, arguments, body):
        done = subprocess.run(
            [self.program, *arguments], input=json.dumps(body), capture_output=True, encoding="utf-8", check=False
        )
        if done.returncode == 0:
            return json.loads(done.stdout)
        raise error_of(done)


def given(**members):
    """The members of a body that somebody gave."""
    return {name: value for name, value in members.items() if value is not None}


def error_of(done):
    """The error that a run printed: the last object on standard error; warnings stand before it."""
    for line in reversed(done.stderr.splitlines()):
        try:
            body = json.loads(line)
        except ValueError:
            continue
        if isinstance(body, dict) and "code" in body:
            return ERRORS.get(body["code"], StatusListError)(body)
    said = done.stderr.strip() or f"the program ended with {done.returncode} and no word"
    return StatusListError({"message": said})


def main(arguments):
    """Shows each operation once."""
    if len(arguments) != 1:
        print("usage: issuer.py LIST.slist", file=sys.stderr)
        return 2
    issuer = StatusIssuer(arguments[0], program=os.environ.get("STATUSLIST", "statuslist"))
    try:
        entry = issuer.allocate_index()
        print("embed", json.dumps(entry["claims"]))
        batch = issuer.batch_allocate(count=2)
        print("took", [one["idx"] for one in batch["allocations"]])
        changed = issuer.update_status(entry["listId"], entry["idx"], issuer.INVALID, reason="demonstration")
        print("status", changed["previousStatus"], "->", changed["currentStatus"])
    except StatusListError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        if error.hint:
            print(f"hint: {error.hint}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
