"""An Office package held in memory: parts read, parts added, everything else carried over as it is.

Source: ECMA-376 Part 2 (Open Packaging Conventions).
"""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile

from checker.errors import ReadError
from checker.marked.splice import Edit, Node, appended, applied, escaped, parse, prefixed, utf8
from checker.readers.limits import DEFAULT, Limits, check_zip, member

TYPES = "[Content_Types].xml"
PACKAGE_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
FIXED = (1980, 1, 1, 0, 0, 0)
NUMBER = re.compile(r"(\d+)$")


class Package:
    """The parts of a file by name; `put` replaces or adds one, `packed` writes the whole."""

    __slots__ = ("_archive", "_known", "_limits", "_new", "path")

    def __init__(self, data: bytes, path: str = "", limits: Limits = DEFAULT) -> None:
        """Opens a package. Raises ReadError when it is broken or beyond the limits."""
        self.path, self._limits = path, limits
        self._archive = check_zip(data, limits, path)
        self._known = {plain(name): name for name in self._archive.namelist()}
        self._new: dict[str, bytes] = {}

    def __contains__(self, name: str) -> bool:
        return plain(name) in self._known

    def names(self) -> list[str]:
        """Returns the names of all parts as they are compared: in lower case, without a leading slash."""
        return list(self._known)

    def get(self, name: str) -> bytes | None:
        """Returns the bytes of a part, None when there is none of that name (case does not count)."""
        key = plain(name)
        if key in self._new:
            return self._new[key]
        return member(self._archive, self._known[key], self._limits, self.path) if key in self._known else None

    def xml(self, name: str) -> tuple[bytes, Node]:
        """Returns an XML part in UTF-8 and its tree. Raises ReadError when it is missing or broken."""
        found = self.get(name)
        if found is None:
            raise ReadError(f"文件缺少 {name} @ {self.path}，请重新保存")
        data = utf8(found, self.path)
        return data, parse(data, self.path)

    def put(self, name: str, data: bytes) -> None:
        """Replaces a part, or adds one under this name."""
        self._known.setdefault(plain(name), name)
        self._new[plain(name)] = data

    def edit(self, name: str, data: bytes, edits: list[Edit]) -> None:
        """Lays edits over a part that `xml` gave."""
        if edits:
            self.put(name, applied(data, edits))

    def packed(self) -> bytes:
        """Returns the package: parts in their order with their own times, new ones behind with a fixed time."""
        held = io.BytesIO()
        left = dict(self._new)
        with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as out, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a name may stand twice in the source
            out.comment = self._archive.comment
            for entry in self._archive.infolist():
                changed = self._known[plain(entry.filename)] == entry.filename
                content = left.pop(plain(entry.filename), None) if changed else None
                out.writestr(_entry(entry), member(self._archive, entry.filename, self._limits, self.path) or b"" if content is None else content)
            for name, content in left.items():
                fresh = zipfile.ZipInfo(self._known[name], FIXED)
                fresh.compress_type, fresh.create_system = zipfile.ZIP_DEFLATED, 0
                out.writestr(fresh, content)
        return held.getvalue()

    def free(self, pattern: str) -> str:
        """Returns the first name of a pattern with `{}` for a number that no part has."""
        return next(name for n in range(1, len(self._known) + 2) if plain(name := pattern.format(n)) not in self._known)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Returns the inner relations of a part ("" for the package): id → (type, part in lower case)."""
        name = relations_of(part)
        if name not in self:
            return {}
        _, root = self.xml(name)
        return {
            node.get("Id") or "": (node.get("Type") or "", target(part, node.get("Target") or ""))
            for node in root.all("Relationship")
            if node.get("TargetMode") != "External"
        }

    def relate(self, part: str, kind: str, to: str) -> str:
        """Adds a relation of a part to another; returns its id."""
        name = relations_of(self._known.get(plain(part), part))
        href = escaped(posixpath.relpath(to, posixpath.dirname(part) or "."))
        if name not in self:
            self.put(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<Relationships xmlns="{PACKAGE_RELATIONS}"></Relationships>'.encode())
        data, root = self.xml(name)
        numbers = [int(match[1][-9:]) for node in root if (match := NUMBER.search(node.get("Id") or ""))]
        fresh = f"rId{max(numbers, default=0) + 1}"
        text = f'<{prefixed(root)}Relationship Id="{fresh}" Type="{kind}" Target="{href}"/>'
        self.edit(name, data, [appended(data, root, text.encode())])
        return fresh

    def declare(self, part: str, content_type: str) -> None:
        """Declares the content type of a new part."""
        data, root = self.xml(TYPES)
        text = f'<{prefixed(root)}Override PartName="/{escaped(part)}" ContentType="{content_type}"/>'
        self.edit(TYPES, data, [appended(data, root, text.encode())])

    def declare_suffix(self, suffix: str, content_type: str, part: str) -> None:
        """Declares the content type of parts with a suffix; for `part` alone when the suffix has another one."""
        data, root = self.xml(TYPES)
        known = next((node for node in root.all("Default") if (node.get("Extension") or "").lower() == suffix), None)
        if known is not None:
            if known.get("ContentType") != content_type:
                self.declare(part, content_type)
            return
        text = f'<{prefixed(root)}Default Extension="{suffix}" ContentType="{content_type}"/>'
        first = next(iter(root.children), None)
        self.edit(TYPES, data, [appended(data, root, text.encode(), first)])

    def main(self, otherwise: str) -> str:
        """Returns the name of the main part, in lower case."""
        found = next((to for kind, to in self.relations("").values() if kind.endswith("/officeDocument") and to in self), None)
        return found or otherwise

    def signed(self) -> bool:
        """True when the package carries a digital signature, which any change breaks."""
        return any(name.startswith("_xmlsignatures/") for name in self.names()) or any(
            kind.endswith("/digital-signature/origin") for kind, _ in self.relations("").values()
        )


def plain(name: str) -> str:
    """Returns a part's name as it is compared: in lower case, without a leading slash."""
    return name.replace("\\", "/").lstrip("/").lower()


def relations_of(part: str) -> str:
    """Returns the name of the part that holds another's relations."""
    folder, base = posixpath.split(part)
    return posixpath.join(folder, "_rels", base + ".rels")


def target(part: str, href: str) -> str:
    """Returns the part a relation's target names, in lower case."""
    href = href.replace("\\", "/")
    whole = href if href.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), href))
    return plain(whole)


def _entry(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(entry.filename, entry.date_time if entry.date_time[0] >= 1980 else FIXED)
    made.compress_type = entry.compress_type if entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) else zipfile.ZIP_DEFLATED
    made.external_attr, made.create_system, made.comment = entry.external_attr, entry.create_system, entry.comment
    return made
