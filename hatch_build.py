"""Build hook: compile the Chinese interface texts, which are kept as `.po` files only.

Runs for wheels and for editable installs (`pip install .`, `-e .`, `uv sync`), also when the wheel is made from an
sdist. Babel, which it needs, stands in `build-system.requires`.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CATALOGUE = "agent_assist/locale/zh.mo"


class CatalogueHook(BuildHookInterface):  # type: ignore[type-arg]
    """Put the compiled catalogue where the installed program looks for it."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile: into the source tree for an editable install, else into the wheel only."""
        if self.target_name != "wheel":
            return
        sys.path.insert(0, self.root)
        from agent_assist.locale import texts

        if version == "editable":
            texts.compile_catalogue(Path(self.root, CATALOGUE))
            return
        self._folder = tempfile.TemporaryDirectory(prefix="agent-assist-")
        compiled = Path(self._folder.name, "zh.mo")
        texts.compile_catalogue(compiled)
        build_data["force_include"][str(compiled)] = CATALOGUE

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Remove what was compiled for the wheel."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
