"""How bad an outage is, from SEV1, the worst, to SEV4. Rules of a policy name severities as incidents do."""

from typing import Literal, get_args

Severity = Literal["SEV1", "SEV2", "SEV3", "SEV4"]
SEVERITIES: tuple[Severity, ...] = get_args(Severity)
