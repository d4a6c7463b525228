"""Draw docs/report.png, the picture in README, from the real page of the sample form: `python tests/make_picture.py`."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from playwright.sync_api import sync_playwright

from checker.api import check
from checker.render import html

ROOT = Path(__file__).resolve().parent.parent
BROWSER = "/usr/bin/chromium"


def main() -> None:
    """Render the seed's page and photograph its top."""
    results = check([ROOT / "sample_forms" / "minhang_dpf_2023.txt"], as_of=date(2024, 4, 18))
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        page_file = Path(folder) / "report.html"
        page_file.write_text(html.render(results, results.forms[0]), encoding="utf-8")
        browser = play.chromium.launch(executable_path=BROWSER, args=["--no-sandbox", "--disable-background-networking"])
        page = browser.new_page(viewport={"width": 1180, "height": 1560})
        page.goto(page_file.as_uri())
        page.screenshot(path=str(ROOT / "docs" / "report.png"))
        browser.close()


if __name__ == "__main__":
    main()
