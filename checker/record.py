"""The run record: one JSON a run, each holding the digest of the one before, so that none can be changed unseen.

A record says who ran what, when, with which versions, rules and options, on which bytes, and what
came out, with the digest of the findings JSON: the same inputs, rules and options must give those bytes again.
The chain shows every change inside it, and `HEAD`, the number and digest of the last record, that its end was cut off. Whoever
rewrites both is only found out by a digest kept elsewhere (`verify(…, head=…)`).
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
import platform
import re
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from checker import __version__
from checker.errors import ReadError, UsageError
from checker.model import Finding, FormResult, Outcome, Results, Severity
from checker.settle import SHANGHAI

VERSION = 1
LIBRARIES = ("polars", "lxml", "python-calamine", "selectolax", "pypdfium2", "pdfplumber", "openpyxl", "chinesecalendar")

HEAD = "HEAD"

_NAME = re.compile(r"[0-9]{6,}\.json")
_SURROGATE = re.compile("[\ud800-\udfff]")

Entry = Mapping[str, Any]
Options = Mapping[str, str | int | bool | Sequence[str] | None]


@dataclass(frozen=True, slots=True)
class Chain:
    """What verifying found: how many records, the digest of the last, and every fault, one line each."""

    records: int
    head: str | None
    faults: tuple[str, ...]


def default_who() -> str:
    """Return who runs: CHECKER_WHO, the actor of the CI job, or the account; "unknown" when nothing tells."""
    for name in ("CHECKER_WHO", "GITHUB_ACTOR", "GITLAB_USER_LOGIN"):
        if os.environ.get(name):
            return os.environ[name]
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "unknown"


def now() -> datetime:
    """Return the time in China, to the second."""
    return datetime.now(SHANGHAI).replace(microsecond=0)


def entry(
    results: Results,
    findings_json: bytes,
    *,
    who: str,
    when: datetime,
    exit_code: int,
    options: Options | None = None,
    files: Mapping[str, str] | None = None,
) -> Entry:
    """Return what is to be recorded of a run.

    `options` are those of the command, enough to run it again; `files` gives the paths of waivers,
    baseline and the like, whose digests are taken now.
    """
    return {
        "version": VERSION,
        **_frame(who, when, results.as_of, results.lang, results.checker, options, files),
        "ruleset": {"id": results.ruleset.id, "version": results.ruleset.version, "digest": results.ruleset.digest, "rules": len(results.ruleset.rules)},
        "inputs": _inputs(results),
        "unreadable": [{"path": file.path, "reason": file.reason, "sha256": digest_of(Path(file.path))} for file in results.unreadable],
        "exit_code": exit_code,
        "fault": None,
        "rules": _rules(results),
        "forms": [_form(form) for form in results.forms],
        "findings_sha256": sha256(findings_json),
    }


def aborted(
    fault: str,
    *,
    who: str,
    when: datetime,
    as_of: date,
    lang: str,
    exit_code: int,
    options: Options | None = None,
    files: Mapping[str, str] | None = None,
) -> Entry:
    """Return what is to be recorded of a run that ended with a fault before anything was checked."""
    return {
        "version": VERSION,
        **_frame(who, when, as_of, lang, __version__, options, files),
        "ruleset": {"id": "", "version": "", "digest": "", "rules": 0},
        "inputs": [],
        "unreadable": [],
        "exit_code": exit_code,
        "fault": fault,
        "rules": {},
        "forms": [],
        "findings_sha256": None,
    }


def _frame(who: str, when: datetime, as_of: date, lang: str, checker: str, options: Options | None, files: Mapping[str, str] | None) -> dict[str, object]:
    return {
        "who": who,
        "when": when.isoformat(timespec="seconds"),
        "as_of": as_of.isoformat(),
        "lang": lang,
        "checker": checker,
        "python": platform.python_version(),
        "libraries": _libraries(),
        "options": {key: list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value for key, value in (options or {}).items()},
        "files": {name: {"path": path, "sha256": digest_of(Path(path))} for name, path in (files or {}).items()},
    }


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def sha256(data: bytes) -> str:
    """Return a digest as records write it: sha256:…"""
    return "sha256:" + hashlib.sha256(data).hexdigest()


def digest_of(path: Path) -> str | None:
    """Return the digest of a file, None when it cannot be read or is none."""
    try:
        with path.open("rb") as file:
            return "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return None


def _inputs(results: Results) -> list[dict[str, object]]:
    seen: dict[str, dict[str, object]] = {}
    for form in results.forms:
        source = form.form.source
        seen.setdefault(source.path, {"path": source.path, "sha256": f"sha256:{source.sha256.removeprefix('sha256:')}", "format": source.format, "size": source.size})
    return list(seen.values())


def _rules(results: Results) -> dict[str, dict[str, object]]:
    """Count over the forms how many came to which outcome, a rule each; only outcomes that occur."""
    titles = {rule.id: rule.title for rule in results.ruleset.rules}
    counted: dict[str, dict[str, object]] = {}
    for form in results.forms:
        for rule in form.rules:
            entry = counted.setdefault(rule.rule, {"title": titles.get(rule.rule, "")})
            found = entry.get(rule.outcome.value, 0)
            entry[rule.outcome.value] = (found if isinstance(found, int) else 0) + 1
    return counted


def _form(form: FormResult) -> dict[str, object]:
    header = form.form.header
    year = header.get("fiscal_year")
    failed: dict[str, int] = {}
    for finding in form.findings:
        if _counts(finding):
            places = sum(at.role == "primary" for at in finding.locations)
            failed[finding.rule] = failed.get(finding.rule, 0) + max(places, 1)
    by = {severity.value: sum(_counts(f) and f.severity is severity for f in form.findings) for severity in Severity}
    return {
        "form_id": form.form.form_id,
        "path": form.form.source.path,
        "unit": str(header.get("unit_name") or header.get("implementing_unit") or ""),
        "project": str(header.get("project_name") or ""),
        "year": year if isinstance(year, int) else None,
        "type": str(header.get("form_type") or ""),
        "verdict": form.verdict.value,
        **by,
        "accepted": sum(f.waiver is not None or f.baseline for f in form.findings),
        "failed": failed,
    }


def _counts(finding: Finding) -> bool:
    return finding.kind is Outcome.FAIL and finding.waiver is None and not finding.baseline


def dumps(values: Entry) -> str:
    """Return the one text a record can have: any other byte is a change."""
    made = json.dumps(values, ensure_ascii=False, indent=1)
    return _SURROGATE.sub(lambda match: f"\\u{ord(match.group()):04x}", made) + "\n"


def paths(folder: Path) -> list[Path]:
    """Return the record files of a folder in order."""
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), key=lambda path: (len(path.name), path.name))


def write(folder: Path, values: Entry) -> Path:
    """Add a record to the chain in `folder`, whole or not at all, and return its file.

    Raises ReadError when the last record is not intact, UsageError when the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _alone(folder):
            for _ in range(1000):
                kept = _head(folder)
                listed = paths(folder)
                if cut := _cut_off(folder, kept, [int(path.stem) for path in listed]):
                    raise ReadError(cut)
                last = read(listed[-1]) if listed else None
                number = int(last["number"]) + 1 if last else 1
                body = {"version": values["version"], "number": number, "previous": last["digest"] if last else None, **{k: v for k, v in values.items() if k != "version"}}
                text = dumps({**body, "digest": sha256(dumps(body).encode())})
                target = folder / f"{number:06d}.json"
                if _place(target, text.encode()):
                    if kept is None or kept[0] < number:
                        _write_head(folder, number, sha256(dumps(body).encode()))
                    return target
    except OSError as error:
        raise UsageError(f"cannot write the record @ {folder}: {error.strerror or error}, choose another folder") from None
    raise UsageError(f"too many runs write to {folder} at once, try again")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other runs from writing between a record and HEAD; the system frees the lock of a run that ends.

    Where folders cannot be locked, the number of a record is still taken by one run alone.
    """
    if sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _place(target: Path, data: bytes) -> bool:
    """Put a file in place unless somebody else has already: then False."""
    handle, name = tempfile.mkstemp(prefix=".record.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o444)
        try:
            os.link(name, target)
        except FileExistsError:
            return False
        except OSError:  # a file system without links
            if target.exists():
                return False
            os.replace(name, target)
        return True
    finally:
        Path(name).unlink(missing_ok=True)


def _head(folder: Path) -> tuple[int, str] | None:
    """Return number and digest of the last record as HEAD has them, None without HEAD; read before records are listed, it is never ahead of them."""
    try:
        number, _, digest = (folder / HEAD).read_text(encoding="ascii").strip().partition(" ")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError):
        return 0, ""
    return (int(number), digest) if number.isdecimal() and len(number) < 10 else (0, "")


def _write_head(folder: Path, number: int, digest: str) -> None:
    handle, name = tempfile.mkstemp(prefix=".head.", dir=folder)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{number} {digest}\n")
    os.chmod(name, 0o644)
    os.replace(name, folder / HEAD)


def _cut_off(folder: Path, kept: tuple[int, str] | None, numbers: Sequence[int]) -> str | None:
    """Say what is wrong when HEAD knows of a later record than there is, or is gone while there are records."""
    if kept is None:
        return f"{HEAD}, which names the last record, is missing @ {folder}" if numbers else None
    if kept[0] not in numbers:
        return f"the last record was {kept[0]}, it is not there any more @ {folder}: records were cut off"
    return None


def read(path: Path) -> Entry:
    """Read one record and prove that no byte of it was changed. Raises ReadError."""
    try:
        text = path.read_bytes().decode("utf-8")
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("version") != VERSION:
            raise ReadError(f"not a record of version {VERSION} @ {path}")
        body = {key: value for key, value in values.items() if key != "digest"}
        if dumps(values) != text or values.get("digest") != sha256(dumps(body).encode()):
            raise ReadError(f"the record was changed after it was written @ {path}")
        return values
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ReadError(f"the record was changed after it was written, it is no JSON any more @ {path}") from None
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error}) @ {path}") from None


def verify(folder: Path, head: str | None = None) -> Chain:
    """Read every record, prove each and the links between them.

    `head` is the digest of a last record somebody kept elsewhere: it must be in the chain. Raises
    ReadError when there is no such folder or no record in it.
    """
    kept = _head(folder) if folder.is_dir() else None
    if not folder.is_dir() or not (paths(folder) or kept):
        raise ReadError(f"no records @ {folder}, name the folder given to --record")
    faults = [f"not a record @ {path}" for path in sorted(folder.iterdir()) if not (_NAME.fullmatch(path.name) or path.name == HEAD or path.name.startswith("."))]
    digests: list[str] = []
    previous: str | None = None
    broken = False
    for place, path in enumerate(paths(folder), 1):
        try:
            values = read(path)
        except ReadError as error:
            faults.append(str(error))
            broken = True
            continue
        if values.get("number") != place or path.name != f"{place:06d}.json":
            faults.append(f"record {place} is missing or out of order @ {path}")
        if not broken and values.get("previous") != previous:
            faults.append(f"does not follow the record before it @ {path}")
        previous, broken = str(values["digest"]), False
        digests.append(previous)
    if cut := _cut_off(folder, kept, range(1, len(paths(folder)) + 1)):
        faults.append(cut)
    elif kept and not faults and digests[kept[0] - 1] != kept[1]:
        faults.append(f"{HEAD} names another record {kept[0]} than there is @ {folder}")
    if head is not None and head not in digests:
        faults.append(f"the record with digest {head} is not in the chain @ {folder}: records were cut off or replaced")
    return Chain(len(digests), previous, tuple(faults))


def entries(folder: Path) -> list[Entry]:
    """Return all records, proved one by one. Raises ReadError at the first that was changed."""
    return [read(path) for path in paths(folder)]


def changed_inputs(values: Entry) -> list[str]:
    """Say which inputs and side files of a record are not the same bytes any more, one line each."""
    listed: list[Mapping[str, Any]] = [*values["inputs"], *values["files"].values()]
    said = []
    for file in listed:
        found = digest_of(Path(file["path"]))
        if found != file["sha256"]:
            said.append(f"{'is not there any more' if found is None else 'has other bytes now'} @ {file['path']}")
    return said


def replay(values: Entry, check: Callable[[Mapping[str, Any]], bytes]) -> list[str]:
    """Run a record again and say what differs, one line each; nothing when the findings are the same byte for byte.

    `check` takes the recorded options, with as_of and lang, and returns the findings JSON.
    """
    faults = changed_inputs(values)
    if faults:
        return faults
    again = sha256(check({**values["options"], "as_of": values["as_of"], "lang": values["lang"]}))
    return [] if again == values["findings_sha256"] else [f"the findings differ: {values['findings_sha256']} was recorded, {again} came out"]


def listing(values: Iterable[Entry]) -> str:
    """Return a line a record: number, time, who, exit code, forms, findings."""
    lines = []
    for item in values:
        forms: Sequence[Mapping[str, Any]] = item["forms"]
        total = {name: sum(int(form[name]) for form in forms) for name in ("error", "warning", "note")}
        counts = " ".join(f"{name} {number}" for name, number in total.items())
        lines.append(f"{item['number']:06d}  {item['when']}  {item['who']}  exit {item['exit_code']}  {len(forms)} forms  {counts}  {item['ruleset']['version']}")
    return "\n".join(lines) + "\n" if lines else ""
