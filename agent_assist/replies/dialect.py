"""The dialect of Liquid for phrases: a few tags that choose, none that loop, include or read files.

Imports liquid (0.17 s), so it is itself imported only when the first template is parsed.
"""

import functools
from typing import TextIO

from liquid import Environment, RenderContext
from liquid.builtin import assign_tag, case_tag, comment_tag, content, if_tag, illegal, inline_comment_tag, unless_tag
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import Output, OutputNode
from liquid.undefined import Undefined

from agent_assist.replies.context import MarkedBuffer, MissingValue
from agent_assist.replies.filters import FILTERS, in_words
from agent_assist.replies.value_names import canonical_name

TAGS = ("if", "unless", "case", "assign", "comment")


class Print(OutputNode):
    """`{{ … }}`: writes a value, or the gap where one is missing. What is written is never parsed again."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value. A blank is a gap, unless the template spells it out itself, as `{{ "" }}`."""
        value = self.expression.evaluate(context)
        if not isinstance(buffer, MarkedBuffer):
            return 0
        if isinstance(value, MissingValue):
            return buffer.write_gap(value.name, value.reason)
        text = "" if isinstance(value, Undefined) else in_words(value)
        if text.strip():
            return buffer.write_value(text)
        left = self.expression.left if isinstance(self.expression, FilteredExpression) else None
        if isinstance(left, Path):
            return buffer.write_gap(canonical_name(".".join(str(part) for part in left.path)), "empty")
        return buffer.write(text)


class PrintTag(Output):
    """Parses output statements into `Print`."""

    node_class = Print


class Dialect(Environment):
    """Environment with the tags and filters that phrases may use; all others are unknown."""

    block_nesting_limit = 12
    context_depth_limit = 12
    local_namespace_limit = 100_000

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002
        """Register what is allowed, instead of everything that liquid knows."""
        for tag in (
            content.Literal,
            PrintTag,
            illegal.Illegal,
            if_tag.IfTag,
            unless_tag.UnlessTag,
            case_tag.CaseTag,
            assign_tag.AssignTag,
            comment_tag.CommentTag,
            inline_comment_tag.InlineCommentTag,
        ):
            self.add_tag(tag)
        self.filters.update(FILTERS)


@functools.cache
def dialect() -> Environment:
    """Return the one environment of the process."""
    return Dialect()
