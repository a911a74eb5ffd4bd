"""Lints the scripts inside of the examples of jobs, and reads the times of the cron table.

Usage: scripts.py FOLDER
"""

import pathlib
import re
import subprocess
import sys

import yaml

FOLDER = pathlib.Path(sys.argv[1])


def lint(name, script):
    # What GitHub puts in before a shell sees it.
    script = re.sub(r"\$\{\{[^}]*\}\}", "value", script)
    # Variables come from the job.
    done = subprocess.run(
        ["shellcheck", "--shell=sh", "--exclude=SC2154", "-"], input=script, text=True, capture_output=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{name}:\n{done.stdout}{done.stderr}")
    print(f"examples: {name}: {len(script.splitlines())} lines are linted")


def scripts():
    actions = yaml.safe_load((FOLDER / "github-actions.yml").read_text())
    for step in actions["jobs"]["publish"]["steps"]:
        if "run" in step:
            yield f"github-actions.yml, {step['name']}", step["run"]
    for name, job in yaml.safe_load((FOLDER / "gitlab-ci.yml").read_text()).items():
        if isinstance(job, dict) and "script" in job:
            yield f"gitlab-ci.yml, {name}", "\n".join(job["script"])
    resources = list(yaml.safe_load_all((FOLDER / "kubernetes-cronjob.yml").read_text()))
    pod = resources[0]["spec"]["jobTemplate"]["spec"]["template"]["spec"]
    mounted = {mount["name"] for mount in pod["containers"][0]["volumeMounts"]}
    assert mounted == {volume["name"] for volume in pod["volumes"]}, mounted
    claims = {volume["persistentVolumeClaim"]["claimName"] for volume in pod["volumes"] if "persistentVolumeClaim" in volume}
    assert claims == {one["metadata"]["name"] for one in resources[1:]}, claims
    for script in pod["containers"][0]["args"]:
        yield "kubernetes-cronjob.yml", script
    for line in (FOLDER / "statuslist.cron").read_text().splitlines():
        if line and not line.startswith("#") and not re.match(r"[A-Z]+=", line):
            *times, user, command = line.split(None, 6)
            check_times(times)
            assert user == "statuslist" and "%" not in command, line
            yield f"statuslist.cron, {' '.join(times)}", command
    for name, crons in (("github-actions.yml", [one["cron"] for one in actions[True]["schedule"]]),
                        ("kubernetes-cronjob.yml", [resources[0]["spec"]["schedule"]])):
        for cron in crons:
            check_times(cron.split())
            print(f"examples: {name}: {cron} is a time")


def check_times(fields):
    """As crontab(5) has it: numbers, ranges, steps and lists."""
    bounds = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)]
    assert len(fields) == len(bounds), fields
    for field, (low, high) in zip(fields, bounds):
        for part in field.split(","):
            found = re.fullmatch(r"(?:\*|(\d+)(?:-(\d+))?)(?:/(\d+))?", part)
            assert found, (field, part)
            first, last, step = (int(one) if one else None for one in found.groups())
            assert first is None or low <= first <= (last if last is not None else high) <= high, field
            assert step is None or 1 <= step <= high, field


for name, script in scripts():
    lint(name, script)
