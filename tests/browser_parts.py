"""Pages in a real browser: what they complain of, what they ask for, and what axe-core says against them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checker.model import Results
from checker.render import html

Open = Callable[..., Any]
"""The fixture `show`: a page opened in a tab, watched."""

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
EVERYTHING = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
"""Every check is made; of what passes one node a rule is told, for to name thousands of them takes longer than the checks."""

UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
SAMPLE = """() => {
  const numbers = new Map(), seen = new Map();
  const number = text => numbers.get(text) || numbers.set(text, numbers.size + 1).get(text);
  const paint = ["color", "backgroundColor", "backgroundImage", "opacity", "textShadow", "fontSize", "fontWeight", "position", "float", "clip", "display", "visibility"];
  const walk = (element, above) => {
    const style = getComputedStyle(element), own = [...element.childNodes].filter(n => n.nodeType === 3).map(n => n.data).join("");
    const look = number([above, element.tagName, ...paint.map(name => style[name])].join("|"));
    if (own.trim() || !element.children.length) {
      const kind = look + "/" + (own.match(/[\\p{L}\\p{N}]/gu) || []).slice(0, 2).length;
      seen.set(kind, (seen.get(kind) || 0) + 1);
      if (seen.get(kind) <= 2) element.setAttribute("sampled", "");
    }
    for (const child of element.children) walk(child, look);
  };
  walk(document.body, 0);
  axe.configure({rules: [{id: "color-contrast", selector: "[sampled]"}]});
}"""
"""Has contrast measured on two of all elements that look alike: the same elements from the body down, each with the same colours,
backgrounds, size and weight as computed, and as many letters (none, one or more: axe does not judge a single sign)."""


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

    Contrast, which takes most of the time, is measured on two of all elements that look alike, with `every_row` on each of them;
    everything else always on all of them.
    Without `other_than_contrast` only colours are looked at: for a page that differs from one checked before in nothing else.
    """
    page.evaluate(UNFOLD)
    page.evaluate(f"{axe}; undefined")
    if not every_row:
        page.evaluate(SAMPLE)
    result = page.evaluate("options => axe.run(document, options)", EVERYTHING if other_than_contrast else COLOURS)
    assert "color-contrast" in {rule["id"] for rule in result["passes"]}
    return [(v["id"], [n["target"] for n in v["nodes"][:3]], v["nodes"][0]["failureSummary"]) for v in result["violations"]]
