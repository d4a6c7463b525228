"""The nodes of a typed expression and what can be said of a tree without evaluating it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checker.fields import BY_TABLE, Field

if TYPE_CHECKING:
    from checker.language.compiled import Compiled
    from checker.language.known import Known

Scalar = Fraction | str | bool | date
MAX_SIZE = 4_000
"""Nodes of an expression with the `let` names in it written out."""
MAX_DEPTH = 120
"""Nesting of an expression with the `let` names in it written out."""


MAX_COUNT = 10**9
"""Bound of |value| of a count."""
NOTHING = "nothing"
"""The call that stands for what is known to have no value in any row of a batch."""
SUBSTANCE = r"[\p{L}\p{N}]"
"""What makes a text more than blank: a letter, a digit or a Han character."""


class LanguageFault(Exception):
    """An expression that is not in the language, or not well typed.

    `column` counts characters of the expression from 1.
    """

    def __init__(self, message: str, column: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


class Const(Struct, frozen=True):
    """A literal, or a parameter when it has a name; `unit` is "literal" for a number without a partner.

    `value` is a tuple for the list behind `in`. `digits` are the decimals as written.
    """

    value: Scalar | tuple[Scalar, ...]
    unit: str
    digits: int | None = None
    name: str | None = None


class Ref(Struct, frozen=True):
    """A field of the row, of its form (`table` forms) or, inside an aggregate, of the child row.

    The name `as_of` with table "" is the date of the run.
    """

    table: str
    name: str
    unit: str

    @property
    def field(self) -> Field | None:
        """The entry of the field table, None for `as_of`."""
        return BY_TABLE[self.table][self.name] if self.table else None


class Let(Struct, frozen=True):
    """A named step: stands for its whole tree."""

    name: str
    tree: Tree
    unit: str


class Call(Struct, frozen=True):
    """An operator or function applied to its operands."""

    name: str
    args: tuple[Node, ...]
    unit: str


class Aggregate(Struct, frozen=True):
    """A figure over the rows of a child table: those of the form, or of the group when `by_group`.

    `value` is what is taken of each row (None for `rows`), `where` which rows take part.
    """

    kind: str
    table: str
    value: Node | None
    where: Node | None
    unit: str
    by_group: bool = False


Node = Const | Ref | Let | Call | Aggregate


class Tree(Struct, frozen=True, eq=False):
    """A checked expression of one grain; equal texts with equal names give equal trees.

    `known` is what it rests on when it holds of one batch only.
    """

    text: str
    table: str
    root: Node
    unit: str
    known: Known | None = None
    _compiled: list[Compiled] = field(default_factory=list)
    _needs: list[frozenset[tuple[str, str]]] = field(default_factory=list)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Tree) and self._stated == other._stated

    def __hash__(self) -> int:
        return hash(self._stated)

    @property
    def _stated(self) -> tuple[str, str, Node, str]:
        return self.text, self.table, self.root, self.unit

    def part(self, root: Node, unit: str | None = None, table: str | None = None) -> Tree:
        """Return the tree of another root, with nothing worked out yet; unit and grain stay unless given."""
        return Tree(self.text, table or self.table, root, unit or self.unit, self.known)

    @property
    def compiled(self) -> Compiled:
        """The columns of the tree, worked out at first use. Raises LanguageFault when a number could leave 128 bits."""
        if not self._compiled:
            from checker.language.compile import compile_root

            self._compiled.append(compile_root(self.root, self.table, self.known))
        return self._compiled[0]


def children(node: Node) -> tuple[Node, ...]:
    """Return the operands of a node; those of a `let` are its tree."""
    if isinstance(node, Call):
        return node.args
    if isinstance(node, Let):
        return (node.tree.root,)
    if isinstance(node, Aggregate):
        return tuple(n for n in (node.value, node.where) if n is not None)
    return ()


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, `let` names written out, each tree of a `let` once."""
    seen: set[int] = set()
    todo = [node]
    while todo:
        current = todo.pop()
        if isinstance(current, Let):
            if id(current.tree) in seen:
                continue
            seen.add(id(current.tree))
        yield current
        todo.extend(reversed(children(current)))


def measure(node: Node, known: dict[int, tuple[int, int]] | None = None) -> tuple[int, int]:
    """Return (nodes, nesting) with `let` names written out."""
    known = {} if known is None else known
    if isinstance(node, Let):
        if id(node.tree) not in known:
            known[id(node.tree)] = measure(node.tree.root, known)
        return known[id(node.tree)]
    sizes = [measure(child, known) for child in children(node)]
    return 1 + sum(s for s, _ in sizes), 1 + max((d for _, d in sizes), default=0)


def canonical(node: Node) -> str:
    """Return a text that two nodes share when they mean the same; `let` names are written out."""
    match node:
        case Const():
            return f"{node.unit}:{node.value!r}"
        case Ref():
            return f"{node.table}.{node.name}"
        case Let():
            return canonical(node.tree.root)
        case Call():
            return f"{node.name}({','.join(map(canonical, node.args))})"
        case Aggregate():
            value = canonical(node.value) if node.value is not None else ""
            where = canonical(node.where) if node.where is not None else ""
            return f"{node.kind}[{node.table}{'/group' if node.by_group else ''}]({value};{where})"


def fields_of(node: Node) -> tuple[Ref, ...]:
    """Return the distinct fields a node names, inside aggregates too, in order of appearance."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, Ref) and n.table))


def aggregates_of(node: Node) -> tuple[Aggregate, ...]:
    """Return the distinct aggregates of a node, `let` names written out."""
    return tuple(dict.fromkeys(n for n in walk(node) if isinstance(n, Aggregate)))


def cells_behind(ref: Ref) -> tuple[str, ...]:
    """Return the filled fields of the row whose being unreadable makes this field unreadable."""
    if ref.field is None:
        return ()
    return tuple(dict.fromkeys((ref.name, *ref.field.source)))


def needs(tree: Tree) -> frozenset[tuple[str, str]]:
    """Return (table, field) of every filled field and reading the value rests on, worked out at first use."""
    if not tree._needs:
        tree._needs.append(needed((tree,)))
    return tree._needs[0]


def needed(trees: Iterable[Tree]) -> frozenset[tuple[str, str]]:
    """Return (table, field) of all that several trees rest on; what they share is looked at once."""
    found: set[tuple[str, str]] = set()
    seen: set[int] = set()
    todo: list[Node] = [tree.root for tree in trees]
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, Ref):
            if node.table:
                found.add((node.table, node.name))
        else:
            todo.extend(children(node))
    return frozenset(found)


_PRESENCE = frozenset({"filled", "missing", "blank"})
_TOKENS: Mapping[tuple[str, str], str] = {
    ("indicators", "weight"): "weights",
    ("indicators", "score"): "scores",
    ("indicators", "reason"): "reasons",
    ("indicators", "target"): "targets",
    ("indicators", "actual"): "actuals",
    ("indicators", "level1"): "levels",
    ("indicators", "level2"): "levels",
    ("indicator_groups", "level1"): "levels",
    ("indicator_groups", "level2"): "levels",
    ("budget_lines", "rate"): "rates",
    ("budget_lines", "initial"): "initial",
}


def required_columns(tree: Tree) -> frozenset[str]:
    """Return the tokens of `forms.not_applicable` under which the expression has nothing to say.

    A field named only to ask whether it is there (`filled`, `missing`, `blank`) is not required.
    Level columns read in one alternative of an `or` only are not either: the others (the name of an
    indicator, a missing class) can be told without them.
    Of a reading the columns it is first read from count: a measured value asks for the column of
    actual values although it may stand in the reason.
    """
    return _required(tree.root, {})


def _required(node: Node, lets: dict[int, frozenset[str]]) -> frozenset[str]:
    if isinstance(node, Let):
        if (known := lets.get(id(node.tree))) is None:
            known = lets[id(node.tree)] = _required(node.tree.root, lets)
        return known
    if isinstance(node, Ref) and node.table:
        return frozenset(_tokens(node))
    if isinstance(node, Call) and node.name in _PRESENCE:
        return frozenset().union(*(_required(a, lets) for a in node.args if not isinstance(a, Ref)))
    each = [_required(child, lets) for child in children(node)]
    if isinstance(node, Call) and node.name == "or" and not all("levels" in tokens for tokens in each):
        return frozenset().union(*each) - {"levels"}
    return frozenset().union(*each)


def _tokens(ref: Ref) -> set[str]:
    entry = BY_TABLE[ref.table][ref.name]
    if not entry.reading:
        token = _TOKENS.get((ref.table, ref.name))
        return {token} if token else set()
    tokens = {source: _TOKENS[ref.table, source] for source in entry.source if (ref.table, source) in _TOKENS}
    main = {token for token in tokens.values() if token not in ("reasons", "levels")}
    return main or set(tokens.values())
