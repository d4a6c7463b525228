"""The frozen values every stage exchanges. Imports nothing of ours.

Words follow SARIF 2.1.0 where it has them and the form's own columns elsewhere. Values are `msgspec.Struct`: declared like a
dataclass, but the class is made in a thirtieth of the time (a hundred of them are made at every start) and each value in a
tenth. What is made once a cell is left out of the search for rings: it holds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct, field

EMPTY: Mapping[str, object] = MappingProxyType({})

FieldValue = str | Decimal | int | date | bool | None


class Outcome(StrEnum):
    """What a rule says of one row. Only PASS means that the rule was applied and holds."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "open"
    REVIEW = "review"
    NOT_APPLICABLE = "not_applicable"
    ERROR = "error"


class Severity(StrEnum):
    """SARIF `level`: error must be corrected, warning explained or proved, note is an observation."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Verdict(StrEnum):
    """What policy recommends for a form: 通过、人工复核、退回修改."""

    ACCEPT = "accept"
    REVIEW = "review"
    RETURN = "return"


class Locator(Struct, frozen=True, gc=False):
    """Where something stands in the source file; the parts a format lacks are None.

    `line`, `column` and `page` count from 1; `cell` is A1 style within `sheet`.
    """

    file: str = ""
    sheet: str | None = None
    cell: str | None = None
    page: int | None = None
    line: int | None = None
    column: int | None = None
    table: int | None = None


class Source(Struct, frozen=True):
    """The file as it came: its path as given, digest, detected format and text encoding."""

    path: str
    sha256: str
    format: str
    size: int = 0
    encoding: str | None = None


class Cell(Struct, frozen=True, gc=False):
    """One cell as a person sees it.

    `row` and `column` are 0-based grid positions of the top left corner; merged cells appear
    once, with their spans. `text` is the text shown ("99.18%", not 0.9918). `unread` says why a
    cell that holds something cannot be read (then `text` is what can be quoted, perhaps "").
    """

    row: int
    column: int
    text: str
    locator: Locator
    rowspan: int = 1
    colspan: int = 1
    unread: str | None = None


class Grid(Struct, frozen=True):
    """One sheet or table: cells in reading order, with places.

    `ragged` marks grids whose merged cells were lost on export (tab separated text), so that
    columns cannot be trusted across rows. `before` holds the text lines that stand before the
    table (titles, years, units), `after` those behind it, each with its place.
    """

    name: str
    cells: tuple[Cell, ...]
    ragged: bool = False
    before: tuple[Cell, ...] = ()
    after: tuple[Cell, ...] = ()
    hidden: bool = False


class Document(Struct, frozen=True):
    """What a reader makes of one file: its grids in order, and notes for the person."""

    source: Source
    grids: tuple[Grid, ...]
    notes: tuple[str, ...] = ()


class Place(Struct, frozen=True, gc=False):
    """The cell behind one field of a form; `unread` is the reason when its value is null but not blank."""

    locator: Locator
    text: str = ""
    unread: str | None = None


PlaceKey = tuple[str, int, str]
"""(table, row counted from 1, field); the table `forms` always has row 1."""


class Form(Struct, frozen=True):
    """One normalized form (CONTRACT section 4) in the form's own digits.

    Row mappings hold only filled fields of `checker.fields`; numbers are `Decimal` with their
    printed digits, blank cells are absent. `not_applicable` names what the layout does not have
    (weights, scores, reasons, rates, levels, initial, targets, actuals). `recognition` is
    "strong" or "weak"; a weak form can never get a better verdict than review. `cues` tells
    what the layout was recognised by and how columns were read, for `normalize --explain`.
    """

    form_id: str
    source: Source
    header: Mapping[str, FieldValue]
    budget_lines: tuple[Mapping[str, FieldValue], ...] = ()
    indicators: tuple[Mapping[str, FieldValue], ...] = ()
    indicator_groups: tuple[Mapping[str, FieldValue], ...] = ()
    places: Mapping[PlaceKey, Place] = field(default_factory=dict)
    not_applicable: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    recognition: str = "strong"
    cues: tuple[str, ...] = ()


class Basis(Struct, frozen=True):
    """A document behind a rule. `verified` is true only when somebody read the clause."""

    document: str
    clause: str | None = None
    relation: str = "依据"
    verified: bool = False
    quote: str | None = None

    def relation_in(self, lang: str) -> str:
        """Return how the document stands to the rule, in zh or en; a word of the writer's own stays."""
        return self.relation if lang == "zh" else _RELATIONS.get(self.relation, self.relation)


_RELATIONS: Mapping[str, str] = {"依据": "basis", "参照": "by analogy", "实务": "audit practice"}


class Location(Struct, frozen=True):
    """A cell a finding points at (`primary`) or used (`related`)."""

    role: str
    table: str
    row: int
    field: str
    text: str
    locator: Locator

    @property
    def spot(self) -> Locator | PlaceKey:
        """What tells the cell from others: its place in the file where that is one cell, else the field of its row."""
        exact = self.locator.cell is not None or self.locator.column is not None
        return self.locator if exact else (self.table, self.row, self.field)


class Step(Struct, frozen=True):
    """One line of a finding's arithmetic: a name and the sum worked out, e.g. "扣分 = 1.00 − 0.80 = 0.20"."""

    name: str
    text: str


class Finding(Struct, frozen=True):
    """One failed, open or reviewable row of one rule, complete in itself: an output needs nothing else.

    `kind` is fail, open, review or error (SARIF `kind` where it has the word). Texts are in the
    language of the run. `arithmetic` is one line; `steps` the same in detail. `fingerprint`
    depends on rule, form and row identity only. `waiver`, `baseline` and `response` are set when
    one applies.
    """

    fingerprint: str
    rule: str
    severity: Severity
    kind: Outcome
    title: str
    message: str
    locations: tuple[Location, ...]
    reported: str | None = None
    expected: str | None = None
    difference: str | None = None
    arithmetic: str | None = None
    steps: tuple[Step, ...] = ()
    basis: tuple[str, ...] = ()
    advice: str | None = None
    heuristic: bool = False
    value_digest: str = ""
    waiver: Mapping[str, str] | None = None
    baseline: bool = False
    response: Mapping[str, str] | None = None


class RuleOutcome(Struct, frozen=True):
    """What one rule came to on one form: the worst outcome and how many rows had which."""

    rule: str
    outcome: Outcome
    checked: int = 0
    failed: int = 0
    open: int = 0
    review: int = 0
    not_applicable: int = 0
    reason: str | None = None


class RuleInfo(Struct, frozen=True):
    """What outputs say of a rule, in the language of the run."""

    id: str
    version: int
    title: str
    severity: Severity
    kind: str
    family: str
    sentence: str = ""
    basis: tuple[str, ...] = ()
    advice: str = ""
    waivable: bool = True


class FormResult(Struct, frozen=True):
    """Everything found on one form; `form` is kept so that a report can print it with marks.

    `unread` are the cells that hold something nobody could read, whether a rule asks for them or not; those of which all
    findings were accepted are left out.
    """

    form: Form
    verdict: Verdict
    profile: str | None
    findings: tuple[Finding, ...]
    rules: tuple[RuleOutcome, ...]
    corrections: tuple[Mapping[str, object], ...] = ()
    figures: tuple[Mapping[str, object], ...] = ()
    unread: tuple[Location, ...] = ()


class Unreadable(Struct, frozen=True):
    """A file that gave no form, and why."""

    path: str
    reason: str


class RulesetInfo(Struct, frozen=True):
    """Which rules were run: identity, version and the digest of their text."""

    id: str
    version: str
    digest: str
    rules: tuple[RuleInfo, ...]


class Results(Struct, frozen=True):
    """One run. Rendering needs nothing else.

    `batch` are findings over several forms, each with places in all of them; `batch_rules` what the rules over several
    forms came to, with the reason where they could not be applied.
    """

    as_of: date
    lang: str
    checker: str
    ruleset: RulesetInfo
    forms: tuple[FormResult, ...]
    unreadable: tuple[Unreadable, ...] = ()
    notes: tuple[str, ...] = ()
    batch: tuple[Finding, ...] = ()
    batch_rules: tuple[RuleOutcome, ...] = ()
