"""What can go wrong, as one small tree.

AgentAssistError
├── Refused           a rule says no (bad input, policy, wrong state); nothing was written        exit 1
│   ├── Usage         the call itself is wrong                                                    exit 2
│   └── NotFound      no such incident, phrase, chat or offer                                     exit 1
├── NotSaved          the storage could not write; nothing was written                            exit 1
├── MaybeSaved        the storage did not answer in time; ask again with the same `op_id`         exit 1
├── Unreachable       the database is away; what needs none goes on                               exit 1
└── Damaged           stored data contradicts itself (hash chain, file format, foreign file)      exit 5

Mistakes in users' files are values (`Problem` with file and line), not exceptions: one bad file never stops the rest.
"""

from agent_assist.exit_code import ExitCode


class AgentAssistError(Exception):
    """A failure with a sentence for the user: what happened, where, and the way out."""

    exit_code = ExitCode.FAILED

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class Refused(AgentAssistError):
    """A rule says no; nothing was written."""


class Usage(Refused):
    """The call itself is wrong."""

    exit_code = ExitCode.USAGE


class NotFound(Refused):
    """What was named does not exist."""


class NotSaved(AgentAssistError):
    """Nothing was written."""


class MaybeSaved(AgentAssistError):
    """The write may have happened; the same `op_id` settles it."""

    def __init__(self, message: str, *, op_id: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.op_id = op_id


class Unreachable(AgentAssistError):
    """The database is away for now; it is asked again, and what needs no database goes on."""


class Damaged(AgentAssistError):
    """Stored data contradicts itself."""

    exit_code = ExitCode.DAMAGED
