"""`checker rules …`: the rule set itself."""

from __future__ import annotations

import click


@click.group("rules")
def command() -> None:
    """The rule set: list, show, test, lint, new, schema, docs."""


_RULES = click.option("--rules", "rules", multiple=True, metavar="PATH", help="Rule file or folder, repeatable; default: the shipped set.")
_LANG = click.option("--lang", type=click.Choice(("zh", "en")), default="zh")


@command.command("list")
@_RULES
@_LANG
def list_rules(rules: tuple[str, ...], lang: str) -> int:
    """One line a rule: id, status, severity, grain, title."""
    from checker import api
    from checker.cli.output import write_out

    lines = [
        f"{rule.id}  {rule.status:<10} {rule.severity.value:<8} {rule.each:<17} {rule.title[lang]}"
        for rule in api.load_rules(rules).rules
    ]
    write_out("\n".join(lines))
    return 0


@command.command("test")
@_RULES
@click.option("-k", "only", metavar="RULE|FAMILY", help="Only this rule or family.")
def test_rules(rules: tuple[str, ...], only: str | None) -> int:
    """Run every rule's examples. Exit 4 when one does not come out as stated."""
    from checker import api
    from checker.cli.output import say, write_out
    from checker.examples import run_examples

    ruleset = api.load_rules(rules)
    chosen = api.selected(ruleset, (only,), ()) if only else ruleset
    results = run_examples(chosen.rules)
    failed = [result for result in results if result.fault]
    for result in failed:
        say(str(result.fault))
    write_out(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return 4 if failed else 0
