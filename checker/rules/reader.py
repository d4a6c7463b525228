"""One rule of a YAML file → Rule, its expressions parsed and typed; every fault is collected."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from checker.fields import BY_TABLE, TABLES
from checker.fields import GRAINS as ROWS
from checker.language import LanguageFault, Tree, parse, sentence
from checker.language.names import english
from checker.model import Basis, Outcome, Severity
from checker.rules.rule import Example, ParamValue, Rule, Text
from checker.strict_yaml import Node, param_value, plain, suggest, unknown_keys
from checker.wording import slots_only

KEYS = (
    "id", "version", "status", "title", "severity", "severity_when", "kind", "confidence", "forms", "each", "let", "when",
    "expect", "on_missing", "at", "rows_of", "rows", "aggregate", "reported", "expected", "message", "advice", "basis",
    "effective", "params", "waivable", "figure", "not_when", "verify", "draft_reason", "examples", "notes", "replaced_by",
)  # fmt: skip
REQUIRED = ("id", "version", "status", "title", "severity", "kind", "forms", "each", "expect", "at", "message", "advice", "basis", "examples")
DRAFT_REQUIRED = ("id", "version", "status", "title", "severity", "kind", "draft_reason")
STATUSES = ("draft", "active", "deprecated")
KINDS = ("deterministic", "parametric", "heuristic")
FORMS = ("department", "project", "transfer", "other")
GRAINS = (*ROWS, "batch")
ON_MISSING = ("open", "review", "fail", "not_applicable")
MESSAGE_SLOTS = ("line", "place", "count", "lines", "difference", "expected", "reported")

_ID = re.compile(r"[A-Z]{3}-\d{3}")
_SLOT = re.compile(r"\{([^{}]*)\}")


class _Reading(Struct):
    """One rule being read: where it stands, and the faults met so far."""

    node: Node
    file: str
    id: str
    faults: list[str] = field(default_factory=list)

    def fault(self, key: str, what: str, node: Node | None = None) -> None:
        line = (node or self.node.get(key.partition(".")[0]) or self.node).line
        self.faults.append(f"{self.file}:{line} {self.id}.{key}: {what}")


def read_rule(node: Node, file: str, faults: list[str]) -> Rule | None:
    """Read one rule; append its faults and return None when it has any."""
    if not isinstance(node.value, dict):
        faults.append(f"{file}:{node.line} a rule is a mapping that begins with id:")
        return None
    identity = node.get("id")
    reading = _Reading(node, file, (identity.text if identity else None) or "?")
    for line in unknown_keys(node, KEYS, f"{file} {reading.id}"):
        reading.faults.append(line)
    status = _choice(reading, "status", STATUSES, "active")
    required = DRAFT_REQUIRED if status == "draft" else REQUIRED
    for key in required:
        if node.get(key) is None:
            reading.fault(key, "missing", node)
    if not _ID.fullmatch(reading.id):
        reading.fault("id", "family of three capitals and three digits, such as DED-001")
    rule = _build(reading, status)
    faults += reading.faults
    return None if reading.faults else rule


def _build(reading: _Reading, status: str) -> Rule | None:
    node = reading.node
    each = _choice(reading, "each", GRAINS, "forms")
    params = _params(reading)
    lets: dict[str, Tree] = {}
    when = expect = rows = expected = None
    severity_when: list[tuple[Tree, Severity]] = []
    texts: dict[str, str] = {}

    def tree(key: str, text_node: Node | None, table: str = each) -> Tree | None:
        if text_node is None or text_node.value is None:
            return None
        if text_node.text is None:
            reading.fault(key, "an expression is text", text_node)
            return None
        texts[key] = text_node.text
        try:
            return parse(text_node.text, table, lets, params)
        except LanguageFault as fault:
            reading.fault(key, str(fault), text_node)
            return None

    if each != "batch":
        let = node.get("let")
        if let and isinstance(let.value, dict):
            for name, child in let.value.items():
                made = tree(f"let.{name}", child)
                if made is not None:
                    lets[name] = made
        elif let and let.value is not None:
            reading.fault("let", "a mapping of names to expressions")
        when = tree("when", node.get("when"))
        expect = tree("expect", node.get("expect"))
        expected = tree("expected", node.get("expected"))
        rows_of = node.get("rows_of")
        table = rows_of.text if rows_of else None
        if table and table not in TABLES:
            reading.fault("rows_of", f"one of {', '.join(TABLES)}")
            table = None
        rows = tree("rows", node.get("rows"), table or "indicators") if node.get("rows") else None
        for number, item in enumerate((node.get("severity_when") or Node(None, 0)).items):
            level, condition = item.get("severity"), tree(f"severity_when.{number}", item.get("when"))
            if level is None or level.text not in list(Severity):
                reading.fault("severity_when", f"severity: one of {', '.join(Severity)}", item)
            elif condition is not None:
                severity_when.append((condition, Severity(level.text)))
        for key, made in (("when", when), ("expect", expect)):
            if made is not None and made.unit != "bool":
                reading.fault(key, f"must be true or false, not {made.unit}")
    severity = Severity(_choice(reading, "severity", tuple(Severity), "warning"))
    kind = _choice(reading, "kind", KINDS, "deterministic")
    if kind == "heuristic" and (severity is Severity.ERROR or any(s is Severity.ERROR for _, s in severity_when)):
        reading.fault("severity", "a heuristic rule is never an error")
    at = _at(reading, each)
    return Rule(
        id=reading.id,
        version=_whole(reading, "version", 1),
        status=status,
        title=_bilingual(reading, "title"),
        severity=severity,
        kind=kind,
        forms=_forms(reading),
        each=each,
        let=lets,
        when=when,
        expect=expect,
        on_missing=Outcome(_choice(reading, "on_missing", ON_MISSING, "open")),
        at=at,
        message=_bilingual(reading, "message"),
        advice=_bilingual(reading, "advice"),
        basis=_basis(reading),
        effective=_effective(reading),
        params=params,
        examples=_examples(reading, status, each),
        file=reading.file,
        line=node.line,
        aggregate=_flag(reading, "aggregate", False),
        rows=rows,
        rows_of=(node.get("rows_of") or Node(None, 0)).text or ("indicators" if rows is not None else None),
        expected=expected,
        reported=(node.get("reported") or Node(None, 0)).text,
        severity_when=tuple(severity_when),
        confidence=_choice(reading, "confidence", ("high", "low"), "high"),
        waivable=_flag(reading, "waivable", True),
        draft_reason=_bilingual(reading, "draft_reason") if node.get("draft_reason") else None,
        not_when=_texts(reading, "not_when"),
        verify=_texts(reading, "verify"),
        texts=texts,
        slots=_slots(reading, each, lets, params),
        figure=_bilingual(reading, "figure") if node.get("figure") else None,
        said=_said(expect),
    )


def _said(expect: Tree | None) -> Text:
    return {lang: sentence(expect, lang) if expect is not None else "" for lang in ("zh", "en")}


def _choice(reading: _Reading, key: str, allowed: tuple[str, ...], default: str) -> str:
    node = reading.node.get(key)
    if node is None:
        return default
    if node.text not in allowed:
        reading.fault(key, f"{node.text!r} is not one of {', '.join(allowed)}{suggest(str(node.text), allowed)}")
        return default
    return str(node.text)


def _flag(reading: _Reading, key: str, default: bool) -> bool:
    node = reading.node.get(key)
    if node is None:
        return default
    if not isinstance(node.value, bool):
        reading.fault(key, "true or false")
        return default
    return node.value


def _whole(reading: _Reading, key: str, default: int) -> int:
    node = reading.node.get(key)
    if node is None:
        return default
    if node.text is None or not re.fullmatch(r"[1-9]\d{0,5}", node.text):
        reading.fault(key, "a whole number from 1")
        return default
    return int(node.text)


def _bilingual(reading: _Reading, key: str) -> Text:
    node = reading.node.get(key)
    if node is None or node.value is None:
        return {"zh": "", "en": ""}
    texts: dict[str, str] = {}
    for lang in ("zh", "en"):
        child = node.get(lang)
        if child is None or not child.text or not child.text.strip():
            reading.fault(f"{key}.{lang}", "missing: both zh and en are needed", node)
        else:
            texts[lang] = child.text
    reading.faults += unknown_keys(node, ("zh", "en"), f"{reading.file} {reading.id}.{key}")
    return {"zh": texts.get("zh", ""), "en": texts.get("en", "")}


def _texts(reading: _Reading, key: str) -> tuple[str, ...]:
    node = reading.node.get(key)
    items = node.items if node else []
    if any(item.text is None for item in items):
        reading.fault(key, "a list of texts")
    return tuple(item.text for item in items if item.text is not None)


def _forms(reading: _Reading) -> tuple[str, ...]:
    forms = _texts(reading, "forms")
    for form in forms:
        if form not in FORMS:
            reading.fault("forms", f"unknown form type {form!r}{suggest(form, FORMS)}")
    return forms or FORMS


def _at(reading: _Reading, each: str) -> str:
    node = reading.node.get("at")
    text = (node.text if node else None) or ""
    if not text or each == "batch":
        return text
    table, _, name = text.rpartition(".")
    table, name = table or each, english(table or each, name)
    if table not in BY_TABLE or name not in BY_TABLE[table]:
        known = tuple(BY_TABLE.get(table, BY_TABLE[each]))
        reading.fault("at", f"unknown field {text!r}{suggest(name, known)}")
    return f"{table}.{name}" if "." in text else name


def _params(reading: _Reading) -> dict[str, ParamValue]:
    node = reading.node.get("params")
    params: dict[str, ParamValue] = {}
    if node is None or node.value is None:
        return params
    if not isinstance(node.value, dict):
        reading.fault("params", "a mapping of names to values")
        return params
    for name, child in node.value.items():
        value = param_value(child)
        if value is None:
            reading.fault(f"params.{name}", "a number, a text or a list of texts", child)
        else:
            params[name] = value
    return params


def _basis(reading: _Reading) -> tuple[Basis, ...]:
    node = reading.node.get("basis")
    made: list[Basis] = []
    for item in node.items if node else []:
        reading.faults += unknown_keys(item, ("document", "clause", "relation", "verified", "quote", "source"), f"{reading.file} {reading.id}.basis")
        document = item.get("document")
        if document is None or not document.text:
            reading.fault("basis", "each basis names its document", item)
            continue
        verified = item.get("verified")
        if verified is None or not isinstance(verified.value, bool):
            reading.fault("basis", "verified: true only when somebody read the clause, else false", item)
        clause, relation, quote = (item.get(k) for k in ("clause", "relation", "quote"))
        made.append(
            Basis(
                document.text,
                clause.text if clause else None,
                (relation.text if relation else None) or "依据",
                bool(verified and verified.value is True),
                quote.text if quote else None,
            )
        )
    return tuple(made)


def _effective(reading: _Reading) -> tuple[int | None, int | None]:
    node = reading.node.get("effective")
    years: list[int | None] = []
    for key in ("from", "to"):
        child = node.get(key) if node else None
        if child is None or child.value is None:
            years.append(None)
        elif child.text and re.fullmatch(r"\d{4}", child.text):
            years.append(int(child.text))
        else:
            reading.fault(f"effective.{key}", "a year of four digits", child)
            years.append(None)
    return years[0], years[1]


def _examples(reading: _Reading, status: str, each: str) -> tuple[Example, ...]:
    node = reading.node.get("examples")
    made: list[Example] = []
    for item in node.items if node else []:
        reading.faults += unknown_keys(item, ("name", "given", "outcome", "expected", "values", "severity"), f"{reading.file} {reading.id}.examples")
        outcome, given = item.get("outcome"), item.get("given")
        if outcome is None or outcome.text not in list(Outcome):
            reading.fault("examples", f"outcome: one of {', '.join(Outcome)}", item)
            continue
        if given is None or not isinstance(given.value, dict):
            reading.fault("examples", "given: a mapping of fields", item)
            continue
        values, level = item.get("values"), item.get("severity")
        content = plain(given)
        named = plain(values) if values else None
        made.append(
            Example(
                given=content if isinstance(content, dict) else {},
                outcome=Outcome(outcome.text),
                line=item.line,
                name=(item.get("name") or Node(None, 0)).text,
                expected=(item.get("expected") or Node(None, 0)).text,
                values={str(k): str(v) for k, v in named.items()} if isinstance(named, dict) else None,
                severity=Severity(level.text) if level and level.text in list(Severity) else None,
            )
        )
    if status == "active" and each != "batch":
        shown = {example.outcome for example in made}
        missing = reading.node.get("on_missing")
        wanted = [Outcome.FAIL, Outcome.PASS]
        if missing is None or missing.text == "open":
            wanted.append(Outcome.OPEN)
        for outcome_wanted in wanted:
            if outcome_wanted not in shown:
                reading.fault("examples", f"an active rule needs an example that gives {outcome_wanted.value}")
    return tuple(made)


def _slots(reading: _Reading, each: str, lets: Mapping[str, Tree], params: Mapping[str, ParamValue]) -> dict[str, Tree]:
    """Parse what message slots, `figure` and `reported` name: fields of the row or of its form, and `let` names."""
    if each == "batch":
        return {}
    trees: dict[str, Tree] = dict(lets)
    own = tuple(BY_TABLE[each])
    known = (*MESSAGE_SLOTS, *lets, *params, *own)
    wanted = [(f"{key}.{lang}", slot) for key in ("message", "figure") for lang in ("zh", "en") for slot in _SLOT.findall(_template(reading, key, lang))]
    reported = reading.node.get("reported")
    if reported is not None and reported.text:
        wanted.append(("reported", reported.text))
    aggregate = reading.node.get("aggregate") is not None
    for key, slot in wanted:
        name = slot.removeprefix("total_") if aggregate else slot
        if slot in trees or slot in MESSAGE_SLOTS or slot in params:
            continue
        table, _, column = name.partition(".")
        if english(each, name) in own or (table == "forms" and column in BY_TABLE["forms"]):
            trees[name] = parse(name, each, {}, {})
        else:
            reading.fault(key, f"{{{slot}}} is not computed by the rule{suggest(slot, known)}")
    return trees


def _template(reading: _Reading, key: str, lang: str) -> str:
    """Return a text with slots; only a message may hold words for one and for many."""
    text = _scalar(reading, key, lang)
    return slots_only(text) if key == "message" else text


def _scalar(reading: _Reading, key: str, lang: str) -> str:
    node = reading.node.get(key)
    child = node.get(lang) if node else None
    return (child.text if child else None) or ""


def with_params(rule: Rule, params: Mapping[str, ParamValue]) -> Rule:
    """Return the rule with other parameter values, compiled again. Raises LanguageFault for a value that does not fit."""
    merged = {**rule.params, **{k: v for k, v in params.items() if k in rule.params}}
    return rule if merged == rule.params else compiled_again(replace(rule, params=merged))


def compiled_again(rule: Rule) -> Rule:
    """Return the rule with its trees made of its texts and parameters as they are now. Raises LanguageFault."""
    lets: dict[str, Tree] = {}
    for name in rule.let:
        lets[name] = parse(rule.texts[f"let.{name}"], rule.each, lets, rule.params)

    def again(key: str, table: str = rule.each) -> Tree | None:
        return parse(rule.texts[key], table, lets, rule.params) if key in rule.texts else None

    levels = []
    for number, (_, level) in enumerate(rule.severity_when):
        condition = again(f"severity_when.{number}")
        if condition is not None:
            levels.append((condition, level))
    expect = again("expect")
    return replace(
        rule, let=lets, when=again("when"), expect=expect, said=_said(expect), expected=again("expected"),
        rows=again("rows", rule.rows_of or "indicators"), severity_when=tuple(levels), slots={**rule.slots, **lets},
    )  # fmt: skip
