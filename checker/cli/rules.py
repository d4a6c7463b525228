"""`checker rules …`: the rule set itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from checker.cli.options import LANG, path, place

if TYPE_CHECKING:
    from checker.authoring.lint import Linted
    from checker.rules.rule import Rule


@click.group("rules")
def command() -> None:
    """The rule set: list, show, lint, test, new, schema, docs."""


_RULES = click.option("--rules", "rules", multiple=True, type=path, metavar="PATH", help="Rule file or folder, repeatable; default: the shipped set.")
_ONLY = click.option("-k", "only", metavar="RULE|FAMILY", help="Only this rule or family.")


@command.command("list")
@_RULES
@LANG
def list_rules(rules: tuple[str, ...], lang: str) -> int:
    """One line a rule: id, status, severity, grain, title."""
    from checker import api
    from checker.authoring.show import listing
    from checker.cli.output import write_out

    write_out(listing(api.load_rules(rules).rules, lang))
    return 0


@command.command("show")
@click.argument("rule", metavar="ID")
@_RULES
@LANG
def show_rule(rule: str, rules: tuple[str, ...], lang: str) -> int:
    """One rule whole: sentence, basis, parameters by profile, guards, examples, compiled query."""
    from checker import api
    from checker.authoring.show import show
    from checker.cli.output import write_out
    from checker.rules.profiles import load_profiles

    chosen = api.selected(api.load_rules(rules), (rule,), ())
    profiles = load_profiles()
    write_out("\n\n\n".join(show(found, profiles, lang) for found in chosen.rules))
    return 0


@command.command("lint")
@_RULES
@LANG
@_ONLY
@click.option("--update-lock", is_flag=True, help="Bring rules.lock.json up to date; what changed without a new version stays a fault.")
@click.option("-v", "--verbose", is_flag=True, help="Print notes too.")
def lint_rules(rules: tuple[str, ...], lang: str, only: str | None, update_lock: bool, verbose: bool) -> int:
    """Analyse the rules without any form. Exit 4 when a finding is an error; warnings are printed."""
    from checker import api
    from checker.authoring.lint.lock import load, text, updated
    from checker.authoring.lint.run import homes, lint, refused
    from checker.cli.output import write_file
    from checker.errors import RuleError
    from checker.resources import rules_dir

    try:
        ruleset = api.load_rules(rules)
    except RuleError as error:
        return _told(refused(error), lang, verbose, 0)
    roots = (Path(), rules_dir().parent)
    for home in homes(ruleset.rules, roots) if update_lock else ():
        write_file(home.lock, text(updated(home.rules, load(home.lock))))
    kept = api.selected(ruleset, (only,), ()).rules if only else ruleset.rules
    whole = only is None and all(path == api.BUILTIN or Path(path).is_dir() for path in rules)
    return _told(lint(kept, homes(kept, roots), whole), lang, verbose, len(kept))


def _folder(rules: tuple[str, ...]) -> Path:
    """Return where lock file and profiles of the chosen rules lie: the first folder, else beside the first file."""
    from checker.resources import rules_dir

    own = [Path(path) for path in rules if path != "builtin"]
    return next((path for path in own if path.is_dir()), own[0].parent if own else rules_dir())


def _told(found: Linted, lang: str, verbose: bool, rules: int) -> int:
    from checker.authoring.lint.told import told
    from checker.cli.output import write_out

    write_out(told(found, lang, verbose, rules))
    return 4 if found.errors else 0


@command.command("test")
@_RULES
@LANG
@_ONLY
@click.option("--mutate", is_flag=True, help="Change each rule and report which changes its examples do not notice.")
@click.option("--corrupt", "corrupted", is_flag=True, help="Change the given clean forms cell by cell and report which changes no rule notices.")
@click.option("--at-least", type=click.FloatRange(0, 100), metavar="PERCENT", help="Exit 4 when a smaller share is noticed.")
@click.argument("forms", nargs=-1, type=path, metavar="[FORMS…]")
def test_rules(rules: tuple[str, ...], lang: str, only: str | None, mutate: bool, corrupted: bool, at_least: float | None, forms: tuple[str, ...]) -> int:
    """Run every rule's examples. Exit 4 when one does not come out as stated.

    \b
    checker rules test -k DED --mutate
    checker rules test --corrupt clean.xlsx other.xlsx
    """
    from checker import api
    from checker.errors import UsageError

    if bool(forms) != corrupted:
        raise UsageError("--corrupt takes clean forms, such as: rules test --corrupt clean.xlsx")
    if mutate and corrupted:
        raise UsageError("--mutate and --corrupt are two tests, run one after the other")
    if at_least is not None and not (mutate or corrupted):
        raise UsageError("--at-least goes with --mutate or --corrupt")
    ruleset = api.load_rules(rules)
    chosen = api.selected(ruleset, (only,), ()) if only else ruleset
    if corrupted:
        return _corrupt(chosen.active, forms, lang, at_least)
    failed = _examples(chosen.rules, lang)
    return _mutate(chosen.rules, lang, at_least) if mutate and not failed else failed


_EXAMPLES = {"zh": "示例：对上 {right}，不符 {wrong}", "en": "{right} passed, {wrong} failed"}


def _examples(rules: tuple[Rule, ...], lang: str) -> int:
    from checker.authoring.examples import run_examples
    from checker.cli.output import say, write_out
    from checker.faults import in_language

    results = run_examples(rules)
    failed = [result for result in results if result.fault]
    for result in failed:
        say(in_language(str(result.fault), lang))
    write_out(_EXAMPLES[lang].format(right=len(results) - len(failed), wrong=len(failed)))
    return 4 if failed else 0


def _mutate(rules: tuple[Rule, ...], lang: str, at_least: float | None) -> int:
    from checker.authoring.mutate import run_mutants, share, told
    from checker.cli.output import write_out
    from checker.cli.progress import progress_line

    with progress_line(lang) as progress:
        killed = run_mutants(rules, progress=progress)
    write_out(told(killed, lang))
    return 4 if at_least is not None and share(killed) < at_least else 0


def _corrupt(rules: tuple[Rule, ...], forms: tuple[str, ...], lang: str, at_least: float | None) -> int:
    from datetime import date

    from checker import api
    from checker.authoring.corrupt import corrupt, covered_share, unclean
    from checker.authoring.corrupt.told import told
    from checker.cli.output import say_fault, write_out
    from checker.cli.progress import progress_line
    from checker.errors import ReadError

    reading = api.read(forms)
    for file in reading.unreadable:
        say_fault(file.reason, lang)
    if not reading.forms:
        raise ReadError("no form could be read, give clean forms to --corrupt")
    with progress_line(lang) as progress:
        verdicts = corrupt(reading.forms, rules, date.today(), progress)
    write_out(told(verdicts, unclean(reading.forms, rules, date.today()), lang))
    if at_least is not None and covered_share(verdicts) < at_least:
        return 4
    return ReadError.exit_code if reading.unreadable else 0


@command.command("new")
@click.argument("family", metavar="FAMILY")
@_RULES
@LANG
def new_rule(family: str, rules: tuple[str, ...], lang: str) -> int:
    """Print a rule to fill in, with the next free number of the family (three capitals)."""
    from checker import api
    from checker.authoring.lint.lock import NAME, load
    from checker.authoring.skeleton import skeleton
    from checker.cli.output import write_out

    used = {rule.id for rule in api.load_rules(rules).rules} | set(load(_folder(rules) / NAME))
    write_out(skeleton(family, used))
    return 0


@command.command("schema")
@LANG
def print_schema(lang: str) -> int:
    """Print the JSON Schema of a rule file, for completion in an editor."""
    from checker.authoring.schema import schema
    from checker.cli.output import write_out

    write_out(json.dumps(schema(), ensure_ascii=False, indent=1))
    return 0


@command.command("docs")
@_RULES
@LANG
@click.option("-o", "--output", type=place, metavar="FILE", help="Where the page is written; default: standard output.")
def write_docs(rules: tuple[str, ...], lang: str, output: Path | None) -> int:
    """Write the catalogue of all rules as one HTML page."""
    from checker import api
    from checker.authoring.docs import catalogue
    from checker.cli.output import write_file, write_out
    from checker.cli.targets import check_output
    from checker.rules.profiles import load_profiles

    check_output(output, rules, {})
    page = catalogue(api.load_rules(rules), load_profiles(), lang)
    if output is None:
        write_out(page)
    else:
        write_file(output, page)
    return 0
