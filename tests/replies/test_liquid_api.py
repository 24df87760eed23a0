"""What templates use of liquid beyond its guide; a failure here means that liquid changed, not the phrases."""

import io

from liquid import Environment, RenderContext, Template
from liquid.builtin.expressions import FilteredExpression, Path
from liquid.builtin.output import Output, OutputNode
from liquid.undefined import UNDEFINED, Undefined

from agent_assist.replies.context import MissingValue
from agent_assist.replies.dialect import dialect
from agent_assist.replies.filters import FILTERS

CHANGED = "liquid changed: "


def test_a_context_that_answers_names_itself_is_asked_for_each() -> None:
    asked: list[object] = []

    class Asking(RenderContext):
        __slots__ = ()

        def get(self, path: list[object], *, token: object, default: object = UNDEFINED) -> object:
            asked.append(path)
            assert "own" not in self.locals or path[0] == "own", CHANGED + "RenderContext.locals"
            return "x"

    template = Environment().from_string("{{ a.b }}{% assign own = 'y' %}{{ own }}")
    buffer = io.StringIO()
    template.render_with_context(Asking(template), buffer)
    assert asked == [["a", "b"], ["own"]], CHANGED + "RenderContext.get"
    assert buffer.getvalue() == "xx", CHANGED + "BoundTemplate.render_with_context"


def test_what_is_registered_as_undefined_is_false_and_empty() -> None:
    class Nothing(str):
        __slots__ = ()

        def __liquid__(self) -> str:
            return ""

    Undefined.register(Nothing)
    assert isinstance(Nothing(), Undefined), CHANGED + "Undefined.register"
    shown = Template("{% if a %}yes{% else %}no{% endif %}").render(a=MissingValue("a", "empty"))
    assert shown == "no", CHANGED + "__liquid__"


def test_output_is_parsed_into_the_node_class_of_its_tag() -> None:
    nodes: list[OutputNode] = []

    class Noted(OutputNode):
        __slots__ = ()

        def render_to_output(self, context: RenderContext, buffer: io.TextIOBase) -> int:  # type: ignore[override]
            nodes.append(self)
            return buffer.write("!")

    class NotedTag(Output):
        node_class = Noted

    environment = Environment()
    environment.add_tag(NotedTag)
    assert environment.from_string("{{ a.b | upcase }}").render() == "!", CHANGED + "Output.node_class"
    expression = nodes[0].expression
    assert isinstance(expression, FilteredExpression), CHANGED + "OutputNode.expression"
    assert isinstance(expression.left, Path), CHANGED + "FilteredExpression.left"
    assert [*expression.left.path] == ["a", "b"], CHANGED + "Path.path"


def test_a_filter_is_given_the_context_it_asks_for() -> None:
    def seen(value: object, *, context: RenderContext) -> str:
        return f"{value}{type(context).__name__}"

    seen.with_context = True  # type: ignore[attr-defined]
    environment = Environment()
    environment.filters["seen"] = seen
    assert environment.from_string("{{ 'a' | seen }}").render() == "aRenderContext", CHANGED + "with_context"


def test_the_dialect_has_the_tags_and_filters_that_it_names_and_no_others() -> None:
    environment = dialect()
    assert set(environment.filters) == set(FILTERS), CHANGED + "Environment.setup_tags_and_filters"
    assert "for" not in environment.tags, CHANGED + "Environment.setup_tags_and_filters"
    assert "include" not in environment.tags, CHANGED + "Environment.setup_tags_and_filters"
