"""The environment of the templates: every value is escaped once, wherever it stands."""

from __future__ import annotations

from enum import StrEnum

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from checker.render.templates import environment, written
from checker.resources import template_dir

BAD = "<b a=\"1\" c='2'>&\u202e"
SHOWN = "&lt;b a=&#34;1&#34; c=&#39;2&#39;&gt;&amp;[U+202E]"


class Word(StrEnum):
    BAD = BAD


class Loud:
    def __str__(self) -> str:
        return "<loud>"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(BAD, SHOWN), (BAD * 40, SHOWN * 40), (Word.BAD, SHOWN), (Loud(), "&lt;loud&gt;"), ([BAD[:3]], "[&#39;&lt;b &#39;]"), (Markup("<b>"), "<b>"), (-1, "-1"), (0.50, "0.5"), (None, "None"), (True, "True")],
)  # fmt: skip
def test_a_value_is_escaped_and_its_hidden_characters_are_told(value: object, shown: str) -> None:
    """Text is text whatever its type and length; markup of ours stays markup."""
    assert written(value) == shown
    assert environment().from_string("{{ value }}").render(value=value) == shown


@pytest.mark.parametrize(
    "template",
    [
        "{{ v }}",
        "{{ v|list|join }}",
        "{{ v if v else v }}",
        "{{ o.v }}",
        "{{ o['v'] }}",
        "{{ v ~ '' }}",
        "{% for one in [v] %}{{ one }}{% endfor %}",
        "{% set s = v %}{{ s }}",
        "{% set s %}{{ v }}{% endset %}{{ s }}",
        "{% macro m(x) %}{{ x }}{% endmacro %}{{ m(v) }}",
        "{% macro m(x) %}{{ caller(x) }}{% endmacro %}{% call(y) m(v) %}{{ y }}{% endcall %}",
        "{% filter trim %}{{ v }}{% endfilter %}",
        "{{ fill('{n}', n=v) }}",
    ],
)
def test_no_way_through_a_template_leaves_text_as_markup_or_escapes_it_twice(template: str) -> None:
    assert environment().from_string(template).render(v=BAD, o={"v": BAD}) == SHOWN


def test_autoescape_is_on_and_nothing_is_called_safe() -> None:
    """No template switches escaping off or marks a value as safe."""
    assert environment().autoescape is True
    for template in template_dir().glob("*.j2"):
        text = template.read_text(encoding="utf-8")
        assert "safe" not in text
        assert "autoescape" not in text


def test_a_name_that_is_not_there_is_a_fault() -> None:
    for template in ("{{ gone }}", "{{ labels.gone }}", "{{ labels.there.gone }}"):
        with pytest.raises(UndefinedError):
            environment().from_string(template).render(labels={"there": {}})


def test_an_entry_is_read_before_an_attribute_of_the_mapping() -> None:
    """A label may be called as a method of dict is; without such a label the method is there as ever."""
    shown = environment().from_string("{{ a.items }} {% for k, v in b.items() %}{{ k }}{{ v }}{% endfor %}").render(a={"items": "x"}, b={"k": "v"})
    assert shown == "x kv"
