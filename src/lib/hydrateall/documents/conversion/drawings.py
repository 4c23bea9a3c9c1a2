"""Words inside drawings of Office: charts as tables, diagrams (SmartArt) as lists."""

from __future__ import annotations

from hydrateall.documents.conversion.packages import Element, Package, attribute, child, local, named


def chart_rows(package: Package, part: str) -> tuple[str, list[list[str]]]:
    """The title, and a table: a column for the categories and one for each series. Empty if nothing is kept."""
    if not package.has(part):
        return "", []
    chart = child(package.tree(part), "chart")
    if chart is None:
        return "", []
    title = "".join(each.text or "" for each in named(child(chart, "title") or chart, "t")) if _titled(chart) else ""
    series = list(named(chart, "ser"))
    return title, _table(series) if series else []


def _titled(chart: Element) -> bool:
    return child(chart, "title") is not None


def _table(series: list[Element]) -> list[list[str]]:
    categories = _values(child(series[0], "cat") if child(series[0], "cat") is not None else child(series[0], "xVal"))
    columns = [
        _values(child(each, "val") if child(each, "val") is not None else child(each, "yVal")) for each in series
    ]
    heads = ["", *(" ".join(_values(child(each, "tx"))) for each in series)]
    count = max([len(categories), *map(len, columns)], default=0)
    return [heads, *([_at(categories, row), *(_at(column, row) for column in columns)] for row in range(count))]


def _values(element: Element | None) -> list[str]:
    """The values that the file keeps beside their formulas."""
    return [each.text or "" for each in named(element, "v")] if element is not None else []


def _at(values: list[str], index: int) -> str:
    return values[index] if index < len(values) else ""


def diagram_lines(package: Package, part: str) -> list[str]:
    """The words of each box of a diagram."""
    if not package.has(part):
        return []
    boxes = [
        "".join(text.text or "" for text in named(point, "t")).strip() for point in named(package.tree(part), "pt")
    ]
    return [box for box in boxes if box]


def drawing_parts(drawing: Element, relations: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    """("chart" or "diagram", the part it stands in) of a drawing or a graphic frame."""
    found = []
    for element in drawing.iter():
        key = {"chart": "id", "relIds": "dm"}.get(local(element))
        target = relations.get(attribute(element, key) or "") if key else None
        if target:
            found.append(("chart" if key == "id" else "diagram", target[1]))
    return found
