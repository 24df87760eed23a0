"""The parts of `tests.benchmarks.outage_day`: the plan, one agent's desk, the server, the checks and the report."""
