"""What may change in a paper after it was issued, and nothing else.

Compares every revision (ISO 32000-1 §7.5.6) with the one before it, whether or not that one bears
a signature. Permitted are: one signature in an existing empty field, the number and the date
together, stamps wholly inside the number's box, a security store (DSS) and document time stamps
(ETSI EN 319 142-1 §5.4). The service refuses uploads by this, the verifier papers.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DiffResult,
    DocInfoRule,
    DSSCompareRule,
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    FormUpdatingRule,
    GenericFieldModificationRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)

from services.verifier.permitted_stamps import StampsRule, entry, pages_of

SECRETARY, PRESIDING, AGENCY = "secretary", "presiding", "agency"
NUMBER, DATE = "number", "date"
# Which field must be signed before which; tellers sign in any order.
SIGNED_BEFORE: Final[Mapping[str, str]] = {PRESIDING: SECRETARY, AGENCY: PRESIDING}
SIGNATURE_SUBFILTER: Final = "/ETSI.CAdES.detached"
TIME_STAMP_SUBFILTER: Final = "/ETSI.RFC3161"
# ISO 32000-1 table 165: print, read-only, locked, locked contents; all others hide or move.
HARMLESS_FLAGS: Final = 4 | 64 | 128 | 512
_TIME_STAMP_KEYS: Final = frozenset(
    {"/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/F", "/Ff", "/Rect", "/P", "/AP", "/MK"}
)
_UPDATES: Final = ModificationLevel.LTA_UPDATES
# What pyHanko raises over files that only look like PDF, attributes of wrong objects among them.
_UNREADABLE: Final = (
    *(PdfError, ValueError, KeyError, TypeError, IndexError),
    *(AttributeError, AssertionError, NotImplementedError, RecursionError),
)

logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it logs each refusal at length


class _TimeStampFieldRule(SigFieldCreationRule):  # type: ignore[misc, unused-ignore]
    """No new field but the invisible one of a document time stamp, filled where it appears."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]

    def apply(
        self, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        specs = context.field_specs
        # A renamed field is gone under its old name and new under another: the loss says more.
        if gone := [name for name, spec in specs.items() if spec.new_field_ref is None]:
            raise SuspiciousModification(f"the field {min(gone)} was removed or renamed")
        for name, spec in specs.items():
            if spec.old_field_ref is None:
                _check_time_stamp_field(name, spec)
        yield from super().apply(context)


class _SignatureRule(SigFieldModificationRule):  # type: ignore[misc, unused-ignore]
    """A revision signs at most one of the paper's own empty fields, in the papers' order."""

    def __init__(self) -> None:
        super().__init__(value_update_keys={"/Ff", "/Type", "/V", "/AP", "/F"})

    def apply(
        self, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        specs = context.field_specs
        filled = [
            name
            for name, spec in specs.items()
            if spec.field_type == "/Sig" and _has_value(spec.new_field)
            if not _has_value(spec.old_field)
        ]
        if len(filled) > 1:
            raise SuspiciousModification("more than one signature was added at once")
        for name in filled:
            if specs[name].old_field is not None:
                _check_signature_field(name, specs)
        yield from super().apply(context)

    def compare_fields(self, spec: FieldComparisonSpec) -> bool:
        _check_same_place(spec)
        old_flags, flags = (
            int(entry(each, "/F") or 0) for each in (spec.old_field, spec.new_field)
        )
        if flags != old_flags and flags & ~HARMLESS_FLAGS:
            raise SuspiciousModification("a signature field was hidden")
        return bool(super().compare_fields(spec))


class _NumberAndDateRule(GenericFieldModificationRule):  # type: ignore[misc, unused-ignore]
    """Number and date are filled together, once, between presiding officer and agency."""

    def __init__(self) -> None:
        super().__init__(value_update_keys={"/Type", "/V", "/AP"}, always_modifiable={"/Type"})

    def apply(
        self, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        specs = context.field_specs
        changed = {name for name, spec in specs.items() if _is_changed_text(spec)}
        if changed:
            _check_filling(changed, specs)
        for name in sorted(changed):
            yield from self.check_form_field(name, specs[name], context)

    def compare_fields(self, spec: FieldComparisonSpec) -> bool:
        _check_same_place(spec)
        return bool(super().compare_fields(spec))


class _FormRule(FormUpdatingRule):  # type: ignore[misc, unused-ignore]
    """Resources of the form may grow; none of them may be exchanged."""

    def apply(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        before, after = (_form_resources(each) for each in (old, new))
        for key, value in before.items():
            if key not in after or after[key] != value:
                raise SuspiciousModification(f"a resource of the form was exchanged: {key[1]}")
        yield from super().apply(old, new)


class _Policy(StandardDiffPolicy):  # type: ignore[misc, unused-ignore]
    """Says plainly what is refused most; everything unexplained is refused as well."""

    def apply(self, old: Any, new: Any, field_mdp_spec: Any = None, doc_mdp: Any = None) -> Any:
        if [ref for ref, _ in pages_of(old)] != [ref for ref, _ in pages_of(new)]:
            raise SuspiciousModification("pages were added, removed or exchanged")
        if "/Encrypt" in new.trailer_view:
            raise SuspiciousModification("the file was encrypted")
        return super().apply(old, new, field_mdp_spec, doc_mdp)

    def review_file(
        self, reader: Any, base_revision: Any, field_mdp_spec: Any = None, doc_mdp: Any = None
    ) -> DiffResult | SuspiciousModification:
        """Each revision with the one before: pyHanko would take `base_revision` for all."""
        first = base_revision if isinstance(base_revision, int) else base_revision.revision
        most, fields = ModificationLevel.NONE, set[str]()
        for revision in range(first + 1, reader.xrefs.total_revisions):
            old, new = (reader.get_historical_resolver(each) for each in (revision - 1, revision))
            try:
                result = self.apply(old, new, field_mdp_spec, doc_mdp)
            except SuspiciousModification as error:
                return error
            most = max(most, result.modification_level)
            fields |= result.changed_form_fields
        return DiffResult(most, fields)


PERMITTED_CHANGES: Final = _Policy(
    global_rules=[
        CatalogModificationRule(
            ignored_keys=frozenset({"/AcroForm", "/DSS", "/Extensions", "/Metadata", "/Version"})
        ),
        DocInfoRule().as_qualified(_UPDATES),
        XrefStreamRule().as_qualified(_UPDATES),
        ObjectStreamRule().as_qualified(_UPDATES),
        MetadataUpdateRule().as_qualified(_UPDATES),
        DSSCompareRule().as_qualified(_UPDATES),
        StampsRule(NUMBER, AGENCY),
    ],
    form_rule=_FormRule(
        field_rules=[_TimeStampFieldRule(), _SignatureRule(), _NumberAndDateRule()],
        ignored_acroform_keys=frozenset({"/Fields", "/DR", "/DA"}),
    ),
    ignore_orphaned_objects=False,
)


def judge_changes(reader: PdfFileReader) -> list[str]:
    """
    What was changed since the paper was issued and is not permitted; empty where all is.

    Read the file strictly (`PdfFileReader(…, strict=True)`): readers repair differently what is
    malformed. Raises nothing for a file that cannot be compared: that is a finding as well.
    """
    try:
        first, total = issued_revision(reader), reader.xrefs.total_revisions
    except _UNREADABLE as error:
        return [f"the revisions of the file cannot be read: {error}"]
    findings = []
    for revision in range(first + 1, total):
        try:
            judge_revision(reader, revision)
        except SuspiciousModification as error:
            findings.append(f"revision {revision}: {_plain(error)}")
    return findings


def judge_revision(reader: PdfFileReader, revision: int) -> None:
    """Compare a revision (counted from 0) with the one before. Raises SuspiciousModification."""
    try:
        result = PERMITTED_CHANGES.apply(
            reader.get_historical_resolver(revision - 1), reader.get_historical_resolver(revision)
        )
    except _UNREADABLE as error:
        if isinstance(error, SuspiciousModification):
            raise
        raise SuspiciousModification(f"it cannot be compared: {error}") from error
    if result.modification_level > ModificationLevel.FORM_FILLING:
        raise SuspiciousModification("annotations were changed")


def issued_revision(reader: PdfFileReader) -> int:
    """The revision that brought the form: up to it the file is what was issued. 0 without one."""
    for revision in range(reader.xrefs.total_revisions):
        form = entry(reader.get_historical_resolver(revision).root, "/AcroForm")
        if isinstance(form, generic.DictionaryObject) and entry(form, "/Fields"):
            return revision
    return 0


def field_text(field: Mapping[str, Any] | None) -> str:
    """The value of a text field; an absent and an empty one are the same."""
    value = entry(field, "/V")
    return "" if value is None else str(value)


def _has_value(field: Mapping[str, Any] | None) -> bool:
    return field is not None and "/V" in field


def _is_changed_text(spec: FieldComparisonSpec) -> bool:
    old, new = spec.old_field, spec.new_field
    if spec.field_type == "/Sig" or old is None or new is None:
        return False
    return old.keys() != new.keys() or any(old.raw_get(key) != new.raw_get(key) for key in new)


def _check_filling(changed: set[str], specs: Mapping[str, FieldComparisonSpec]) -> None:
    if unknown := changed - {NUMBER, DATE}:
        raise SuspiciousModification(f"the field {min(unknown)} was changed")
    for name in sorted(changed):
        if field_text(specs[name].old_field):
            raise SuspiciousModification(f"the {name} was changed after it was given")
        if not field_text(specs[name].new_field):
            raise SuspiciousModification(f"the look of the empty {name} field was changed")
    if changed != {NUMBER, DATE}:
        raise SuspiciousModification("number and date are filled together")
    if not _is_signed(specs, PRESIDING):
        raise SuspiciousModification("number and date were filled before the presiding officer")
    if _is_signed(specs, AGENCY):
        raise SuspiciousModification("number and date were filled after the agency signed")


def _is_signed(specs: Mapping[str, FieldComparisonSpec], name: str) -> bool:
    return name in specs and _has_value(specs[name].old_field)


def _check_signature_field(name: str, specs: Mapping[str, FieldComparisonSpec]) -> None:
    earlier = SIGNED_BEFORE.get(name)
    if earlier in specs and not _is_signed(specs, str(earlier)):
        raise SuspiciousModification(f"{name} was signed before {earlier}")
    if name == AGENCY:
        for text in (NUMBER, DATE):
            if text in specs and not field_text(specs[text].new_field):
                raise SuspiciousModification(f"the agency signed before the {text} was given")
    _check_value(name, specs[name], "/Sig", SIGNATURE_SUBFILTER)


def _check_time_stamp_field(name: str, spec: FieldComparisonSpec) -> None:
    field = spec.new_field
    if spec.field_type != "/Sig" or field is None or not _has_value(field):
        raise SuspiciousModification(f"the field {name} was added")
    if not set(field) <= _TIME_STAMP_KEYS or any(float(number) for number in field["/Rect"]):
        raise SuspiciousModification(f"the field {name} was added and can be seen")
    _check_value(name, spec, "/DocTimeStamp", TIME_STAMP_SUBFILTER)


def _check_value(name: str, spec: FieldComparisonSpec, kind: str, subfilter: str) -> None:
    value = entry(spec.new_field, "/V")
    if not isinstance(value, generic.DictionaryObject):
        raise SuspiciousModification(f"the value of {name} is no signature")
    if entry(value, "/Type", "/Sig") != kind or entry(value, "/SubFilter") != subfilter:
        raise SuspiciousModification(f"the value of {name} is of another kind than {subfilter[1:]}")


def _check_same_place(spec: FieldComparisonSpec) -> None:
    for key, what in (("/Rect", "moved"), ("/P", "moved to another page"), ("/TU", "renamed")):
        before, after = (each and each.get(key) for each in (spec.old_field, spec.new_field))
        if before != after:
            raise SuspiciousModification(f"a field was {what}")


def _form_resources(resolver: HistoricalResolver) -> dict[tuple[str, str], Any]:
    form = entry(resolver.root, "/AcroForm")
    found = entry(form, "/DR") if isinstance(form, generic.DictionaryObject) else None
    kinds = {} if found is None else {kind: found[kind] for kind in found}
    return {
        (kind, name): names.raw_get(name)
        for kind, names in kinds.items()
        if isinstance(names, generic.DictionaryObject)
        for name in names
    }


def _plain(error: SuspiciousModification) -> str:
    """pyHanko's own reasons name objects, over several lines: the first of them is enough."""
    lines: Sequence[str] = str(error).splitlines() or ["not permitted"]
    return lines[0][:300]
