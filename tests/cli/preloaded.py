"""Runs the real command in forked processes that need no second for imports, so that many can be killed in a few.

Reads one JSON line per run, `{"arguments": […], "output": FILE}`, answers with the process id, waits for its end, and
answers `ended`.
"""

import json
import os
import sys

import agent_assist.services
import agent_assist.store.opening
from agent_assist.cli import main

assert agent_assist.services  # imported before the fork, for its time
assert agent_assist.store.opening

for line in sys.stdin:
    run = json.loads(line)
    child = os.fork()
    if child == 0:
        output = os.open(run["output"], os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
        os.dup2(output, 1)
        os._exit(main(run["arguments"]))
    print(child, flush=True)
    os.waitpid(child, 0)
    print("ended", flush=True)
