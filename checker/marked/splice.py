"""XML changed by insertion: where each element stands in the bytes, and edits laid over them.

A part is never written anew: what is not named in an edit keeps its bytes. Documents with a document
type are refused, so that nothing outside can come in.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from xml.parsers import expat

from checker.errors import ReadError
from checker.readers.limits import DEFAULT, check_xml

MAX_NODES = 4_000_000
DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
ENCODING = re.compile(r"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])[^"']*""")
OPEN_TAG = re.compile(rb"""<([^\s/>]+)(?:[^>"']|"[^"]*"|'[^']*')*>""")
ATTRIBUTE = re.compile(rb"""\s([^\s=/>]+)\s*=\s*("[^"]*"|'[^']*')""")
MARKS = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


class Node:
    """One element: its name as `{namespace}local`, its prefix, its attributes, and where it stands.

    `start` and `stop` enclose it in the bytes, `close` is where its end tag begins (-1 for `<a/>`).
    """

    __slots__ = ("attributes", "children", "close", "prefix", "start", "stop", "tag")

    def __init__(self, tag: str, prefix: str, attributes: Mapping[str, str], start: int) -> None:
        self.tag, self.prefix, self.attributes, self.start = tag, prefix, attributes, start
        self.stop = self.close = -1
        self.children: list[Node] = []

    def __iter__(self) -> Iterator[Node]:
        return iter(self.children)

    def __len__(self) -> int:
        return len(self.children)

    def __bool__(self) -> bool:
        return True

    def __getitem__(self, at: int) -> Node:
        return self.children[at]

    def get(self, name: str, default: str | None = None) -> str | None:
        """Returns an attribute; those of a namespace are named `{namespace}local`."""
        return self.attributes.get(name, default)

    def iter(self, *tags: str) -> Iterator[Node]:
        """Yields this element and those below it that have one of these names, in their order."""
        waiting = [self]
        while waiting:
            node = waiting.pop()
            if node.tag in tags:
                yield node
            waiting += reversed(node.children)

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.tag.rpartition("}")[2]

    @property
    def space(self) -> str:
        """The namespace, "" when there is none."""
        return self.tag[1:].rpartition("}")[0]

    def child(self, local: str) -> Node | None:
        """Returns the first child of that name in this element's own namespace, or None."""
        wanted = f"{{{self.space}}}{local}" if self.space else local
        return next((node for node in self.children if node.tag == wanted), None)

    def all(self, local: str) -> list[Node]:
        """Returns the children of that name in this element's own namespace."""
        wanted = f"{{{self.space}}}{local}" if self.space else local
        return [node for node in self.children if node.tag == wanted]


Edit = tuple[int, int, bytes]
"""From, to, what stands there instead."""

Keep = Callable[[Sequence[Node], str, Mapping[str, str]], bool]
"""Whether an element below those open ones (outermost first), of that name and those attributes, is wanted in the tree."""


def utf8(data: bytes, path: str) -> bytes:
    """Returns XML in UTF-8; other encodings are turned into it. Raises ReadError when they are unknown."""
    name = next((name for mark, name in MARKS if data.startswith(mark)), None)
    if name is None:
        declared = DECLARED.match(data[:400].removeprefix(codecs.BOM_UTF8))
        name = declared[1].decode("ascii").lower() if declared else "utf-8"
    if name in ("utf-8", "utf8", "us-ascii", "ascii"):
        return data
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        raise ReadError(f"文件内的 XML 编码 {name[:20]} 有误 @ {path}，请用办公软件另存后重新提交") from None
    return ENCODING.sub(r"\g<1>UTF-8", text).encode("utf-8")


def parse(data: bytes, path: str, keep: Keep | None = None) -> Node:
    """Returns the root of XML in UTF-8; elements that `keep` does not want are left out with all below them.

    Raises ReadError for a document type, nesting beyond the limits or broken XML.
    """
    check_xml(data, path)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.namespace_prefixes = True
    stack: list[Node] = []
    roots: list[Node] = []
    skipped = count = 0
    names: dict[str, tuple[str, str]] = {}

    def name_of(name: str) -> tuple[str, str]:
        known = names.get(name)
        if known is None:
            parts = name.split(" ")
            known = names[name] = (name, "") if len(parts) == 1 else (f"{{{parts[0]}}}{parts[1]}", parts[2] if len(parts) > 2 else "")
        return known

    def start(name: str, values: dict[str, str]) -> None:
        nonlocal skipped, count
        if skipped:
            skipped += 1
            if skipped > DEFAULT.max_nesting:
                raise ReadError(f"XML 嵌套过深（上限 {DEFAULT.max_nesting} 层）@ {path}，不予处理")
            return
        tag, prefix = name_of(name)
        attributes = {name_of(key)[0] if " " in key else key: value for key, value in values.items()}
        if stack and keep is not None and not keep(stack, tag, attributes):
            skipped = 1
            return
        count += 1
        if len(stack) >= DEFAULT.max_nesting or count > MAX_NODES:
            raise ReadError(f"XML 过深或过大 @ {path}，不予处理")
        node = Node(tag, prefix, attributes, parser.CurrentByteIndex)
        (stack[-1].children if stack else roots).append(node)
        stack.append(node)

    def end(_: str) -> None:
        nonlocal skipped
        if skipped:
            skipped -= 1
            return
        node = stack.pop()
        at = parser.CurrentByteIndex
        inside = opened(data, node)
        if data[inside - 2 : inside] == b"/>":
            node.stop = inside
        else:
            node.close, node.stop = at, data.index(b">", at) + 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise ReadError(f"文件内的 XML 有误 @ {path}，请用办公软件另存后重新提交（{fault}）") from None
    return roots[0]


def opened(data: bytes, node: Node) -> int:
    """Returns where an element's start tag ends."""
    match = OPEN_TAG.match(data, node.start)
    if match is None:
        raise ValueError(f"no tag at byte {node.start}")
    return match.end()


def applied(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Returns the bytes with the edits laid over them; those at one place keep their order. Raises ValueError when two overlap."""
    pieces: list[bytes] = []
    at = 0
    for start, stop, text in sorted(edits, key=lambda edit: edit[:2]):
        if start < at:
            raise ValueError(f"edits overlap at byte {start}")
        pieces += (data[at:start], text)
        at = stop
    pieces.append(data[at:])
    return b"".join(pieces)


def appended(data: bytes, node: Node, text: bytes, before: Node | None = None) -> Edit:
    """Returns the edit that adds content at the end of an element, or in front of one of its children."""
    if before is not None:
        return before.start, before.start, text
    if node.close >= 0:
        return node.close, node.close, text
    return _filled(data, node, text)


def prepended(data: bytes, node: Node, text: bytes, after: Node | None = None) -> Edit:
    """Returns the edit that adds content at the beginning of an element, or behind one of its children."""
    if after is not None:
        return after.stop, after.stop, text
    if node.close >= 0:
        at = opened(data, node)
        return at, at, text
    return _filled(data, node, text)


def _filled(data: bytes, node: Node, text: bytes) -> Edit:
    match = OPEN_TAG.match(data, node.start)
    name = match[1] if match else b""
    return node.stop - 2, node.stop, b">" + text + b"</" + name + b">"


def with_attribute(data: bytes, node: Node, name: str, value: str) -> Edit:
    """Returns the edit that sets an attribute of an element, named as it is written there."""
    inside = opened(data, node)
    wanted = name.encode()
    written = escaped(value).encode()
    for match in ATTRIBUTE.finditer(data, node.start, inside):
        if match[1] == wanted:
            return match.start(2) + 1, match.end(2) - 1, written
    at = inside - (2 if data[inside - 2 : inside] == b"/>" else 1)
    return at, at, b" " + wanted + b'="' + written + b'"'


def inserted(data: bytes, parent: Node, text: bytes, later: Iterable[str]) -> Edit:
    """Returns the edit that adds a child before the first of those that must stand `later` (local names), else at the end."""
    names = frozenset(later)
    return appended(data, parent, text, next((node for node in parent if node.local in names), None))


def prefixed(node: Node) -> str:
    """Returns what element names of the node's own namespace begin with: `x:` or nothing."""
    return f"{node.prefix}:" if node.prefix else ""


def escaped(text: str) -> str:
    """Returns text as XML content or attribute value."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("\n", "&#10;")
