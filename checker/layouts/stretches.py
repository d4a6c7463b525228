"""Which segments make up one form, and which tables are furniture."""

from __future__ import annotations

from collections.abc import Sequence

from checker.layouts import vocabulary
from checker.layouts.blocks import budget_roles, is_title, says_again
from checker.layouts.cells import label
from checker.layouts.continuation import continued
from checker.layouts.segments import Segment, Stretch, kind_of

_NAMES = frozenset({"project_name", "unit_name", "implementing_unit"})


def join(segments: Sequence[Segment]) -> list[Stretch]:
    """Join segments to forms: a form may be spread over tables, a table without any block is furniture.

    A table that holds only head labels waits for the next one, and so does a cover: its title counts where the first form has none.
    """
    made: list[Stretch] = []
    waiting: list[Segment] = []
    cover: list[Segment] = []
    for segment in segments:
        kinds = {kind_of(block) for block in segment.blocks} - {"title"}
        if not kinds and made and not waiting:
            more = continued(made[-1].segments, segment)
            if more is not None:
                made[-1].segments.append(more)
                continue
        if made and not waiting and kinds == {"goals"} and not made[-1].kinds() & {"goals", "indicators"} and not _labels(segment) & _NAMES:
            made[-1].segments.append(segment)
            continue
        if not kinds & {"indicators", "budget"}:
            if _frames(segment):
                waiting.append(segment)
                continue
            if made and not kinds and not _labels(segment):
                continue
            if kinds or _labels(segment):
                waiting.append(segment)
            elif not made and _titled(segment):
                cover = [segment]
            continue
        current = made[-1] if made else None
        if current is None or waiting or _new_form(current, segment, kinds):
            own = made or any(_titled(one) for one in (*waiting, segment))
            made.append(Stretch([*(() if own else cover), *waiting, segment]))
        else:
            current.segments.append(segment)
        waiting = []
    if waiting and made:
        made[-1].segments.extend(waiting)
    whole = [stretch for stretch in made if "indicators" in stretch.kinds() or _is_form(stretch)]
    return whole if any("indicators" in stretch.kinds() for stretch in whole) else made


def _is_form(stretch: Stretch) -> bool:
    """True for a budget without indicators that has a form's title or head and tells how far it was used: accounts compare figures too."""
    titled = any(block.kind == "title" for segment in stretch.segments for block in segment.blocks)
    return (titled or any(_labels(segment) for segment in stretch.segments)) and any(_tells_use(segment) for segment in stretch.segments)


def _tells_use(segment: Segment) -> bool:
    """True where a budget gives the rate or the points of its execution, or figures beside their labels."""
    return any(
        block.kind == "pairs" or (block.kind == "budget" and budget_roles(segment.table.starts(block.top)) & {"rate", "weight", "score"}) for block in segment.blocks
    )


def _titled(segment: Segment) -> bool:
    """True when a form's title stands in a segment or above it."""
    return any(block.kind == "title" for block in segment.blocks) or any(is_title(cell.text) for cell in segment.before)


def _frames(segment: Segment) -> bool:
    """True for an empty table below a form's title: it only frames the tables nested in it."""
    return any(is_title(cell.text) for cell in segment.before) and not any(text.strip() for texts in segment.table.texts for text in texts)


def is_list(stretch: Stretch) -> bool:
    """True for a table with a line for every project or unit (汇总表): 项目名称 is the title of a column there."""
    if "indicators" in stretch.kinds():
        return False
    headings = [cell for segment in stretch.segments for block in segment.blocks if block.kind == "budget" for _, cell in segment.table.line(block.top)]
    return any(vocabulary.exact_role("header_labels", cell.text) in _NAMES for cell in headings)


def _new_form(current: Stretch, segment: Segment, kinds: set[str]) -> bool:
    have = current.kinds()
    if "budget" in kinds and "budget" not in have and "indicators" in have and "indicators" not in kinds:
        # The funds of a form may stand in a table below its indicators; a form of its own has a head.
        return bool(_labels(segment)) or any(is_title(cell.text) for cell in segment.before)
    if "budget" in kinds and ("budget" in have or "indicators" in have):
        return True
    if any(block.kind == "title" for block in segment.blocks) and "indicators" in have:
        return True
    if "indicators" in kinds and "indicators" in have and _named_otherwise(current, segment):
        return True
    named = "project_name" in _labels(segment)
    if is_list(current) or not any(_titled(one) or _tells_use(one) for one in current.segments):
        return named or _titled(segment)
    return named and "indicators" in have


def _named_otherwise(current: Stretch, segment: Segment) -> bool:
    """True for a table of indicators below the title of another form than that of the tables before it, not below the same said again."""
    title = next((cell.text for cell in reversed(segment.before) if is_title(cell.text)), None)
    before = {label(cell.text) for one in current.segments for cell in one.before if is_title(cell.text)}
    return title is not None and bool(before) and label(title) not in before and not says_again(title)


def _labels(segment: Segment) -> set[str]:
    """Return the head labels that stand in a segment."""
    texts = segment.table.texts[segment.top : segment.end]
    return {role for row in texts for text in row if (role := vocabulary.exact_role("header_labels", text)) not in (None, "other")}
