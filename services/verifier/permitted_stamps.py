"""Stamps that an agency's document system lays over the number: nowhere else, and only to look at.

Annotations of the kinds Stamp and FreeText (ISO 32000-1 §12.5.6.6, §12.5.6.12), new, visible,
without any action, wholly inside the box of the number's field.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import (
    ModificationLevel,
    QualifiedWhitelistRule,
    ReferenceUpdate,
    SuspiciousModification,
    commons,
)
from pyhanko.sign.diff_analysis.rules_api import RelativeContext

STAMP_KEYS: Final = frozenset(
    {"/Type", "/Subtype", "/Rect", "/P", "/F", "/AP", "/Contents", "/NM", "/M", "/CreationDate"}
    | {
        "/T",
        "/Subj",
        "/Name",
        "/C",
        "/CA",
        "/BS",
        "/Border",
        "/DA",
        "/DS",
        "/Q",
        "/Rotate",
        "/Lang",
    }
)
_HARMLESS_FLAGS: Final = 4 | 64 | 128 | 512  # as in permitted_changes: they do not hide
MAX_DEPTH: Final = 40
MAX_PAGES: Final = 2000


class StampsRule(QualifiedWhitelistRule):  # type: ignore[misc, unused-ignore]
    """Lets new stamps into the page that bears the field `number_field`, inside of its box."""

    def __init__(self, number_field: str) -> None:
        self.number_field = number_field

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        widgets = {ref for ref, _ in fields_of(new)}
        for (page_ref, before), (_, after) in zip(pages_of(old), pages_of(new), strict=True):
            old_refs, new_refs = _annotations(before), _annotations(after)
            if removed := [ref for ref in old_refs if ref not in new_refs]:
                raise SuspiciousModification(f"{len(removed)} annotations were removed from a page")
            added = [ref for ref in new_refs if ref not in old_refs and ref not in widgets]
            if not added:
                continue
            for ref in added:
                if not old.is_ref_unassignable(ref):
                    raise SuspiciousModification("an old object was made an annotation")
                _check_stamp(ref.get_object(), _number_box(old, self.number_field, page_ref))
                yield ModificationLevel.FORM_FILLING, ReferenceUpdate(ref)
                for part in new.collect_dependencies(
                    ref.get_object(), since_revision=old.revision + 1
                ):
                    yield ModificationLevel.FORM_FILLING, ReferenceUpdate(part)
            yield from _page_with_more_annotations(old, page_ref, before, after)


def entry(of: Mapping[str, Any] | None, key: str, default: Any = None) -> Any:
    """The value of a key, behind its reference if there is one: pyHanko's `get` does not look."""
    return default if of is None or key not in of else of[key]


def pages_of(
    resolver: HistoricalResolver,
) -> list[tuple[generic.Reference, generic.DictionaryObject]]:
    """All pages in their order. Raises SuspiciousModification for a tree that is no tree."""
    found: list[tuple[generic.Reference, generic.DictionaryObject]] = []

    def walk(node: Any, ref: generic.Reference, depth: int) -> None:
        if depth > MAX_DEPTH or len(found) > MAX_PAGES:
            raise SuspiciousModification("the tree of pages is too deep or too large")
        if not isinstance(node, generic.DictionaryObject):
            raise SuspiciousModification("a page is no dictionary")
        if "/Kids" not in node:
            found.append((ref, node))
            return
        for kid in node["/Kids"]:
            if not isinstance(kid, generic.IndirectObject):
                raise SuspiciousModification("a page is no object of its own")
            walk(kid.get_object(), kid.reference, depth + 1)

    root = resolver.root.raw_get("/Pages")
    walk(root.get_object(), root.reference, 0)
    return found


def fields_of(
    resolver: HistoricalResolver,
) -> Iterator[tuple[generic.Reference, generic.DictionaryObject]]:
    """The form's fields, which in our papers are their own widgets."""
    form = entry(resolver.root, "/AcroForm", {})
    for field in entry(form, "/Fields", ()):
        if isinstance(field, generic.IndirectObject):
            value = field.get_object()
            if isinstance(value, generic.DictionaryObject):
                yield field.reference, value


def _annotations(page: generic.DictionaryObject) -> list[generic.Reference]:
    listed = entry(page, "/Annots", ())
    if any(not isinstance(each, generic.IndirectObject) for each in listed):
        raise SuspiciousModification("an annotation is no object of its own")
    return [each.reference for each in listed]


def _number_box(
    old: HistoricalResolver, name: str, page_ref: generic.Reference
) -> tuple[float, float, float, float]:
    for ref, field in fields_of(old):
        page = _page_of(old, ref)
        if entry(field, "/T") == name and page == page_ref:
            return _box(field["/Rect"])
    raise SuspiciousModification("an annotation was added to a page")


def _page_of(resolver: HistoricalResolver, widget: generic.Reference) -> generic.Reference | None:
    for ref, page in pages_of(resolver):
        if widget in _annotations(page):
            return ref
    return None


def _check_stamp(stamp: Any, box: tuple[float, float, float, float]) -> None:
    if not isinstance(stamp, generic.DictionaryObject):
        raise SuspiciousModification("an annotation was added to a page")
    if entry(stamp, "/Subtype") not in ("/Stamp", "/FreeText"):
        raise SuspiciousModification(f"an annotation {stamp.get('/Subtype')} was added to a page")
    if strangers := sorted(set(stamp) - STAMP_KEYS):
        raise SuspiciousModification(f"a stamp has {strangers[0]}")
    if int(entry(stamp, "/F", 0)) & ~_HARMLESS_FLAGS:
        raise SuspiciousModification("a stamp is hidden")
    left, bottom, right, top = _box(stamp["/Rect"])
    if not (box[0] <= left <= right <= box[2] and box[1] <= bottom <= top <= box[3]):
        raise SuspiciousModification("a stamp lies outside the box of the number")


def _box(rect: Any) -> tuple[float, float, float, float]:
    if len(rect) != 4:
        raise PdfReadError("a rectangle has four numbers")
    x1, y1, x2, y2 = (float(number) for number in rect)
    return (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _page_with_more_annotations(
    old: HistoricalResolver,
    page_ref: generic.Reference,
    before: generic.DictionaryObject,
    after: generic.DictionaryObject,
) -> Iterator[tuple[ModificationLevel, ReferenceUpdate]]:
    commons.compare_dicts(before, after, frozenset({"/Annots"}))
    yield ModificationLevel.FORM_FILLING, ReferenceUpdate(page_ref)
    listed, was = after.raw_get("/Annots"), before.get("/Annots")
    if not isinstance(listed, generic.IndirectObject):
        return
    if listed == was or old.is_ref_unassignable(listed.reference):
        yield (
            ModificationLevel.FORM_FILLING,
            ReferenceUpdate(
                listed.reference,
                context_checked=RelativeContext(page_ref, RawPdfPath("/Annots")),
            ),
        )
