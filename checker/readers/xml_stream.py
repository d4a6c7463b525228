"""XML of strangers, read as a stream: no document type, bounded depth, memory and output."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from xml.parsers import expat

from checker.errors import ReadError
from checker.readers.limits import PIECE, Limits

Start = Callable[[str, dict[str, str]], None]
End = Callable[[str], None]
Text = Callable[[str], None]


def cut(data: bytes) -> Iterator[bytes]:
    """Yields XML held in memory in pieces, without the white space that may stand before it."""
    data = data.lstrip(b" \t\r\n")
    return (data[at : at + PIECE] for at in range(0, len(data), PIECE))


def too_deep(limits: Limits, path: str) -> ReadError:
    """Returns the fault for elements nested beyond `limits.max_nesting`."""
    return ReadError(f"XML 嵌套过深（上限 {limits.max_nesting} 层）@ {path}，不予读取")


def parse(
    pieces: Iterable[bytes], start: Start, end: End, text: Text | None, limits: Limits, path: str, *, counted: bool = False
) -> None:
    """Feeds XML to the callbacks; names come as `namespace local`.

    `counted` says that the callbacks watch the depth themselves, which spares a call an element. Raises ReadError for a document type, elements nested beyond `limits.max_nesting`, or XML
    that is not well formed.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.buffer_size = PIECE
    depth = 0
    deepest = limits.max_nesting

    def opened(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > deepest:
            raise too_deep(limits, path)
        start(name, attributes)

    def closed(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(name)

    def refused(*_: object) -> None:
        raise ReadError(f"文件内的 XML 含 DOCTYPE 或实体声明 @ {path}，不予读取，请用办公软件另存后重新提交")

    parser.StartElementHandler = start if counted else opened
    parser.EndElementHandler = end if counted else closed
    parser.CharacterDataHandler = text
    parser.StartDoctypeDeclHandler = refused
    parser.EntityDeclHandler = refused
    try:
        for piece in pieces:
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as fault:
        raise ReadError(f"文件内的 XML 有误 @ {path}，请用办公软件另存后重新提交（{fault}）") from None
