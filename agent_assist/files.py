"""Writing a file so that every reader finds the old or the new content, never a part, whatever stops the writer."""

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write_whole(path: Path, parts: Iterable[bytes]) -> None:
    """Replace the file by these parts: written aside, synced, renamed. Readable by its owner only. Raises OSError.

    The folder is not synced: after a power cut the older file may be back, but it is whole.
    """
    handle, aside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            for part in parts:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    except BaseException:
        Path(aside).unlink(missing_ok=True)
        raise
