"""R's validate package, as a process of its own: its start counts, since its findings come back as a file."""

from __future__ import annotations

import subprocess
import tempfile
from pathlib import Path
from shutil import which

import polars as pl

SCRIPT = Path(__file__).with_name("validate.R")


def lacking() -> str | None:
    """Return why the script cannot run here, None when it can."""
    if which("Rscript") is None:
        return "Rscript is not installed"
    done = subprocess.run(["Rscript", "-e", "library(validate);library(data.table)"], capture_output=True, text=True, check=False)
    return None if done.returncode == 0 else "the R packages validate and data.table are not installed"


def version() -> str:
    """Return the version of the package."""
    return subprocess.run(["Rscript", "-e", 'cat(format(packageVersion("validate")))'], capture_output=True, text=True, check=True).stdout


def findings(folder: Path) -> pl.DataFrame:
    """Run the script and read its findings; it gives no values."""
    with tempfile.TemporaryDirectory() as kept:
        out = Path(kept) / "found.csv"
        done = subprocess.run(["Rscript", str(SCRIPT), str(folder), str(out)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-400:])
        found = pl.read_csv(out, schema={"rule": pl.String, "form_id": pl.String, "row": pl.UInt32})
    return found.with_columns(reported=pl.lit(None, pl.String), expected=pl.lit(None, pl.String))
