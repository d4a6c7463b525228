"""Random well-typed expressions of the rule language."""

from __future__ import annotations

from functools import cache
from random import Random

from checker.fields import BY_TABLE
from checker.language import Tree, parse

NUMERIC = ("score", "money", "percent", "count", "number", "quantity")
CHILDREN = ("budget_lines", "indicator_groups", "indicators")
_TEXTS = ("产出", "时效", "a", "元", "10", "—", "%", "A.b", "率")
_PATTERNS = (r"([0-9]+)", "(a)", r"([0-9]+)人", "[.]([0-9][0-9])", "([0-9]*)")
_NAMED = {"budget_lines": "label", "indicator_groups": "level1", "indicators": "name"}
_LITERALS = ("0", "1", "2", "0.8", "3", "100", "0.01", "0.005", "97.84", "12.5", "7")


@cache
def of_unit(table: str, unit: str) -> tuple[str, ...]:
    """Return the fields of a table that have a unit."""
    return tuple(field.name for field in BY_TABLE[table].values() if field.unit == unit)


class Generator:
    """Draws an expression of a wanted unit; `child` is the table inside a figure over rows."""

    def __init__(self, rng: Random, table: str) -> None:
        self.rng = rng
        self.table = table
        self.child: str | None = None
        self.lets: dict[str, tuple[str, str]] = {}

    def expression(self, unit: str, depth: int, units: tuple[str, ...]) -> str | None:
        """Return an expression over up to three named steps; None when the table has no field of the unit, or when it is long."""
        if unit not in ("bool", "count", "number", "text", "date") and not self.field(unit):
            return None
        for _ in range(self.rng.choice((0, 0, 1, 3))):
            step = self.rng.choice(units)
            if step in ("bool", "text") or self.field(step):
                self.step(step, self.rng.choice((0, 1, 2)))
        text = self.any(unit, depth)
        return text if len(text) < 2000 else None

    def parsed(self, text: str) -> Tree:
        """Return the tree of an expression with its named steps. Raises LanguageFault."""
        lets: dict[str, Tree] = {}
        for name, (_, step) in self.lets.items():
            lets[name] = parse(step, self.table, lets)
        return parse(text, self.table, lets)

    def step(self, unit: str, depth: int) -> str:
        """Name an expression of the row as a let, to be used by what is drawn later."""
        name = f"step{len(self.lets)}"
        text = self.any(unit, depth)
        self.lets[name] = (unit, text)
        return name

    def any(self, unit: str, depth: int) -> str:
        """Return an expression of a unit."""
        if unit == "bool":
            return self.condition(depth)
        if unit == "text":
            return self.text(depth)
        if unit == "date":
            return self.field("date") or "as_of"
        return self.number(unit, depth)

    def field(self, unit: str) -> str | None:
        """Return a field or let of a unit that may stand here, None when there is none."""
        steps = [name for name, (of, _) in self.lets.items() if of == unit]
        if self.child:
            steps = [name for name in steps if self.table == "forms" and self.of_form(name)]
        if steps and self.rng.random() < 0.5:
            return self.rng.choice(steps)
        if self.child:
            names = [f"{self.child}.{name}" for name in of_unit(self.child, unit)] or [f"forms.{name}" for name in of_unit("forms", unit)]
        else:
            names = [*of_unit(self.table, unit), *(f"forms.{name}" for name in of_unit("forms", unit) if self.rng.random() < 0.2)]
        return self.rng.choice(names) if names else None

    def of_form(self, name: str) -> bool:
        """Return whether a let reads no child row, itself or through others."""
        text = self.lets[name][1]
        inner = [other for other in self.lets if other != name and other in text]
        return not any(table in text for table in CHILDREN) and all(self.of_form(other) for other in inner)

    def printed(self, unit: str) -> str | None:
        """Return a field of a unit, never a let: what has printed digits."""
        name = self.field(unit)
        while name in self.lets:
            name = self.field(unit)
        return name

    def number(self, unit: str, depth: int) -> str:
        rng = self.rng
        field = self.field(unit)
        if depth <= 0:
            if field:
                return field
            return f"({self.field('score') or '1'} / {rng.choice(_LITERALS[1:])} / {self.field('score') or '3'})" if unit == "number" and self.field("score") else rng.choice(_LITERALS)
        d = depth - 1
        options = [
            lambda: field or self.number(unit, d),
            lambda: f"({self.number(unit, d)} {rng.choice('+-')} {self.number(unit, d)})",
            lambda: f"({self.number(unit, d)} * {rng.choice(_LITERALS)})",
            lambda: f"({self.number(unit, d)} / {rng.choice(_LITERALS[1:])})",
            lambda: f"abs({self.number(unit, d)})",
            lambda: f"-{self.number(unit, d)}" if unit != "count" else self.number(unit, d),
            lambda: f"{rng.choice(('least', 'greatest'))}({self.number(unit, d)}, {self.number(unit, d)})",
            lambda: f"coalesce({field or self.number(unit, d)}, {self.number(unit, d)})",
            lambda: f"({self.number(unit, d)} if {self.condition(d)} else {self.number(unit, d)})",
            lambda: f"{rng.choice(('round_half_up', 'round_half_even', 'truncate'))}({self.number(unit, d)}, {rng.randint(0, 4)})",
        ]
        if unit == "number":
            x = rng.choice([u for u in ("score", "money", "quantity") if self.field(u)] or ["number"])
            options += [lambda: f"({self.number(x, d)} / {self.number(x, d)})"] * 3 if x != "number" else []
            options += [lambda: f"share({self.number('percent', d)})"] if self.field("percent") else []
        if unit == "percent":
            options += [lambda: f"percent({self.number('number', d)})"] * 2
            stated = self.printed("percent")
            if stated:
                options.append(lambda: f"round_half_up({self.number('percent', d)}, digits({stated}))")
        if unit == "count":
            options += [lambda: f"length({self.text(d)})", lambda: f"number_in({self.text(d)}, '{rng.choice(_PATTERNS)}')", lambda: f"days({self.any('date', d)}, {self.any('date', d)})", lambda: f"year({self.any('date', d)})"]
        if self.child is None:
            options += [lambda: self.figure(unit, d)] * 3
        return rng.choice(options)()

    def figure(self, unit: str, depth: int) -> str:
        """Return a figure over child rows."""
        rng = self.rng
        self.child = rng.choice(CHILDREN)
        try:
            where = f", {self.condition(min(depth, 1))}" if rng.random() < 0.5 else ""
            if unit == "count":
                mark = f"{self.child}.{rng.choice(list(BY_TABLE[self.child]))}"
                made = rng.choice([
                    f"count(filled({mark}) and {self.condition(depth)})", f"count_missing({mark}{where})", f"known_count(filled({mark}) and {self.condition(depth)}{where})", f"rows({self.child})", f"rows({self.child}{where})", f"distinct({self.child}.{_NAMED[self.child]}{where})", f"distinct({mark}{where})" if BY_TABLE[self.child][mark.partition(".")[2]].unit != "bool" else f"rows({self.child})",
                ])  # fmt: skip
            elif unit == "bool":
                mark = f"{self.child}.{rng.choice(list(BY_TABLE[self.child]))}"
                made = f"{rng.choice(('all_of', 'any_of'))}(filled({mark}) or {self.condition(depth)}{where})"
            else:
                names = [f"{self.child}.{f.name}" for f in BY_TABLE[self.child].values() if f.unit == unit]
                if not names:
                    self.child = None
                    return self.any(unit, 0) if unit != "number" else "rows(indicators)"
                field = rng.choice(names)
                kinds = ["only"] if unit in ("text", "date") else ["total", "known_total", "lowest", "highest", "only"]
                kinds += ["lowest", "highest"] if unit == "date" else []
                value = field if unit in ("text", "date") or rng.random() < 0.6 else f"({field} * {rng.choice(_LITERALS)} - {field})"
                made = f"{rng.choice(kinds)}({value}{where})"
        finally:
            self.child = None
        return made

    def text(self, depth: int) -> str:
        """Return a text."""
        rng = self.rng
        options = [self.field("text") or '"a"'] * 3 + [f'"{rng.choice(_TEXTS)}"']
        if depth > 0:
            options += [f"coalesce({self.field('text')}, {self.text(depth - 1)})", f"({self.text(depth - 1)} if {self.condition(depth - 1)} else {self.text(depth - 1)})"]
            if self.child is None:
                options.append(self.figure("text", depth - 1))
        return rng.choice(options)

    def condition(self, depth: int) -> str:
        """Return a condition."""
        rng = self.rng
        flag = self.field("bool")
        if depth <= 0:
            return rng.choice([flag or f"filled({self.field('text')})", f"missing({self.field('score') or self.field('text')})", f"blank({self.field('text')})", f"{self.field('text')} == \"{rng.choice(_TEXTS)}\""])
        d = depth - 1
        unit = rng.choice([u for u in NUMERIC if u == "number" or self.field(u)])
        sign = rng.choice(("<", "<=", ">", ">=", "==", "!="))
        options = [
            lambda: f"({self.number(unit, d)} {sign} {self.number(unit, d)})",
            lambda: f"({self.number(unit, d)} {sign} {rng.choice(_LITERALS)})",
            lambda: f"({rng.choice(_LITERALS)} <= {self.number(unit, d)} <= {self.number(unit, d)})",
            lambda: f"({self.condition(d)} {rng.choice(('and', 'or'))} {self.condition(d)})",
            lambda: f"(not {self.condition(d)})",
            lambda: f"({self.text(d)} {rng.choice(('==', '!='))} {self.text(d)})",
            lambda: f"({self.text(d)} {rng.choice(('in', 'not in'))} [\"产出\", \"a\", \"元\"])",
            lambda: f"({self.number(unit, d)} in [0, 1, 100])",
            lambda: f"{rng.choice(('contains', 'starts_with', 'ends_with'))}({self.text(d)}, {self.text(0)})",
            lambda: f"{rng.choice(('filled', 'missing'))}({self.any(rng.choice((unit, 'text')), d if rng.random() < 0.5 else 0)})",
            lambda: f"({self.any('date', d)} {sign} {self.any('date', d)})",
            lambda: f"({self.condition(d)} if {self.condition(d)} else {self.condition(d)})",
        ]
        stated = self.printed("percent")
        if stated:
            x = rng.choice([u for u in ("score", "money", "quantity") if self.field(u)] or ["percent"])
            options += [
                lambda: f"ratio_matches({self.number(x, min(d, 1))}, {self.number(x, min(d, 1))}, {stated})",
                lambda: f"rounding_fits({self.number(x, 0)}, {self.number(x, 0)}, {stated}, \"{rng.choice(('half_up', 'half_even', 'truncate'))}\")",
            ]
        score = self.printed("score")
        if score and self.field("money"):
            options.append(lambda: f"product_matches({self.field('money')}, {self.field('money')}, {self.field('score')}, {score})")
        if self.table == "budget_lines" and self.child is None:
            options.append(lambda: f"(abs({self.number('money', d)} - {self.number('money', d)}) <= slack({rng.choice(('budget', 'executed'))}, budget_lines.budget))")
        if self.child is None:
            options += [lambda: self.figure("bool", d)] * 2
        return rng.choice(options)()
