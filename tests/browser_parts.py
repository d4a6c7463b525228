"""Pages in a real browser: what they complain of, what they ask for, and what axe-core says against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.model import Results
from checker.render import html

Open = Callable[..., Any]
"""The fixture `show`: a page opened in a tab, watched."""

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
OTHERS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": False}}}
"""Every check is made; of what passes one node a rule is told, for to name thousands of them takes longer than the checks."""

UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
THIN_OUT = """() => {
  const seen = {}, kind = e => e.tagName + "." + e.className + "[" + Object.values(e.dataset) + e.style.cssText + "](" + [...e.children].map(kind).join() + ")";
  for (const row of document.querySelectorAll("tr, tbody, li, p, dt, dd, details")) {
    const key = row.isConnected && (row.parentElement.closest("[class]") || document.body).className + ">" + kind(row);
    seen[key] = (seen[key] || 0) + 1;
    if (key && seen[key] > 2) row.remove();
  }
}"""
"""Leaves two of all rows and paragraphs that are built of the same elements with the same classes: they have the same colours."""


class Watched:
    """A page together with everything it complained about or asked the network for."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.said: list[str] = []
        self.asked: list[str] = []
        self.heard = {
            "console": lambda message: self.said.append(message.text),
            "pageerror": lambda error: self.said.append(str(error)),
            "request": lambda request: self.asked.append(request.url),
        }
        for event, told in self.heard.items():
            page.on(event, told)

    def leave(self) -> None:
        """Hear no more: another one watches the same tab."""
        for event, told in self.heard.items():
            self.page.remove_listener(event, told)


def form_page(made: Results) -> str:
    return html.render(made, made.forms[0])


def shown(page: Any) -> list[str]:
    """The anchors of the findings that are seen."""
    return list(page.evaluate("[...document.querySelectorAll('tbody[data-status]')].filter(e => e.offsetParent !== null).map(e => e.id)"))


def outside(watched: Watched) -> list[str]:
    """What the page asked of the network."""
    return [url for url in watched.asked if not url.startswith(("file:", "data:"))]


def faults(page: Any, axe: str, *, other_than_contrast: bool = True, every_row: bool = False) -> list[tuple[str, list[Any]]]:
    """What axe-core says against a page with every fold open.

    Contrast, which takes most of the time, is measured on two of all rows that are built alike, with `every_row` on the page as it is;
    everything else always on the page as it is.
    Without `other_than_contrast` only colours are looked at: for a page that differs from one checked before in nothing else.
    """
    page.evaluate(UNFOLD)
    page.add_script_tag(content=axe)
    found = _found(page, OTHERS) if other_than_contrast else []
    if not every_row:
        page.evaluate(THIN_OUT)
    return found + _found(page, CONTRAST)


def _found(page: Any, options: dict[str, Any]) -> list[tuple[str, list[Any]]]:
    result = page.evaluate("options => axe.run(document, options)", options)
    assert result["passes"]
    return [(v["id"], [n["target"] for n in v["nodes"][:3]], v["nodes"][0]["failureSummary"]) for v in result["violations"]]
