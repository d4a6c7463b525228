"""Reports of a batch once its findings exist: processor time of a page, of the index, of JSON and Excel, of pages and index alone for 1,000 forms, and the size of the index.

    python bench/pages.py [--forms 50]

The forms are those of `bench/generate.py`; reading and checking them does not count.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "bench")]


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Return (milliseconds of processor time, what the work gave)."""
    start = time.process_time()
    made = work()
    return 1000 * (time.process_time() - start), made


def measure(forms: int) -> dict[str, float]:
    """Return milliseconds a form, and bytes of the index a form."""
    import generate

    from checker import check
    from checker.cli.reports import page_names
    from checker.render import html, workbook
    from checker.render import json as plain

    with tempfile.TemporaryDirectory() as folder:
        generate.generate(forms, Path(folder))
        results = check([folder], as_of=date(2024, 4, 18))
    links = page_names(results)
    html.render(results, results.forms[0], index="index.html")  # templates are compiled once
    pages, _ = timed(lambda: [html.render(results, form, index="index.html") for form in results.forms])
    index, text = timed(lambda: html.render_index(results, links))
    return {
        "page, ms": pages / forms,
        "index, ms a form": index / forms,
        "index, bytes a form": len(str(text).encode()) / forms,
        "json, ms a form": timed(lambda: plain.render(results))[0] / forms,
        "xlsx, ms a form": timed(lambda: workbook.render(results))[0] / forms,
        "pages and index alone, s for 1,000 forms": (pages + index) / forms,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=50)
    print(json.dumps(measure(parser.parse_args().forms), indent=1))
