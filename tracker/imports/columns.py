"""What a column may hold: fields, and the headers by which each is known in six languages."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override, pgettext_lazy

from tracker.exceptions import Invalid
from tracker.folding import fold


@dataclass(frozen=True)
class Field:
    """One field: its code, what it is called, what to put there, and headers that mean it (Arabic, Chinese,
    English, French, Russian, Spanish)."""

    name: str
    label: str | Promise
    help: str | Promise
    headers: tuple[str, ...]


FIELDS = (
    Field(
        "reference",
        _("Reference"),
        _(
            "Its number or address in the meeting: 14, 148.23 or som-12-1. It names the row for good."
        ),
        (
            *("reference", "ref", "ref no", "recommendation reference", "id", "code"),
            *("référence", "réf", "référence de la recommandation", "cote"),
            *("referencia", "código", "ссылка", "шифр", "код", "индекс"),
            *("المرجع", "رقم المرجع", "رمز", "编号", "参考编号", "索引", "文号"),
        ),
    ),
    Field(
        "number",
        _("Number"),
        _("A whole number, once a meeting; the next free one where there is none."),
        (
            *("number", "no", "nr", "#", "recommendation number", "n°", "nº", "№"),
            *("numéro", "num", "numéro de la recommandation", "número", "núm"),
            *(
                "номер",
                "номер рекомендации",
                "الرقم",
                "رقم",
                "رقم التوصية",
                "号码",
                "序号",
                "建议编号",
            ),
        ),
    ),
    Field(
        "paragraph",
        _("Paragraph"),
        _("Where in the document the quotation stands: paragraph 14."),
        (
            *("paragraph", "para", "where in it", "paragraphe", "par", "où dans le document"),
            *("párrafo", "пункт", "параграф", "абзац", "الفقرة", "فقرة", "段", "段落", "段次"),
        ),
    ),
    Field(
        "text",
        _("Text"),
        _("The recommendation, quoted exactly."),
        (
            *("text", "recommendation", "recommendation text", "text of the recommendation"),
            *("exact quotation", "texte", "recommandation", "texte de la recommandation"),
            *("citation exacte", "texto", "recomendación", "texto de la recomendación"),
            *("текст", "рекомендация", "текст рекомендации", "النص", "نص", "التوصية", "نص التوصية"),
            *("文本", "建议", "案文", "建议案文", "建议内容", "内容"),
        ),
    ),
    Field(
        "language",
        _("Language"),
        _("Of the text: fr, en, ar, zh, ru, es or pt, or its name."),
        (
            *("language", "lang", "langue", "idioma", "lengua", "язык"),
            *("اللغة", "لغة", "语言", "语文"),
        ),
    ),
    Field(
        "themes",
        _("Themes"),
        _("Several are parted by ; or |. New ones are added."),
        (
            *("themes", "theme", "topic", "topics", "subject", "issue", "thèmes", "thème", "sujet"),
            *("temas", "tema", "asunto", "темы", "тема", "тематика"),
            *("المواضيع", "الموضوع", "موضوع", "主题", "议题", "专题"),
        ),
    ),
    Field(
        "position",
        _("Position"),
        _("What the State said to it: supported, noted. It becomes a note of its history."),
        (
            *(
                "position",
                "response",
                "state position",
                "position of the state",
                "response of state",
            ),
            *("position de l’état", "réponse", "posición", "posición del estado", "respuesta"),
            *("позиция", "позиция государства", "ответ", "الموقف", "موقف الدولة", "الرد"),
            *("立场", "国家立场", "答复", "回应"),
        ),
    ),
    Field(
        "state",
        _("State"),
        _("Who carries it out: a name in one of six languages, or an ISO 3166-1 code."),
        (
            *("state", "country", "state under review", "iso", "iso code", "country code"),
            *("état", "pays", "état examiné", "code pays", "estado", "país", "estado examinado"),
            *("государство", "страна", "الدولة", "دولة", "البلد", "国家", "受审议国"),
        ),
    ),
    Field(
        "meeting",
        _("Meeting"),
        _("Its short address, as in som-12, where rows belong to several."),
        (
            *("meeting", "session", "réunion", "reunión", "sesión", "заседание", "совещание"),
            *("сессия", "الاجتماع", "اجتماع", "الدورة", "会议", "届会"),
        ),
    ),
    Field(
        "origin",
        _("Document"),
        _("The address of the document that the text is quoted from."),
        (
            *("origin", "document", "document address", "quoted from", "url of the document"),
            *("document d’origine", "origine", "adresse du document", "documento", "origen"),
            *("документ", "الوثيقة", "وثيقة", "文件", "来源文件"),
        ),
    ),
    Field(
        "stage",
        _("Stage"),
        _("How far it has come in its body: discussion, adopted, forwarded, endorsed."),
        (
            *("stage", "stade", "étape", "etapa", "этап", "стадия"),
            *("المرحلة", "阶段"),
        ),
    ),
    Field(
        "status",
        _("Status"),
        _(
            "not_started, in_progress, partly_implemented, implemented or no_longer_applicable, or its name."
        ),
        (
            *("status", "implementation status", "status of implementation", "avancement"),
            *("statut", "état d’avancement", "état de la mise en œuvre", "situación"),
            *("estado de aplicación", "estado de la aplicación", "estatus", "статус"),
            *(
                "состояние",
                "статус осуществления",
                "الحالة",
                "حالة التنفيذ",
                "状态",
                "执行情况",
                "现况",
            ),
        ),
    ),
    Field(
        "basis",
        _("Basis"),
        _("reported where the State’s own government says it, verified where others do."),
        (
            *("basis", "status basis", "status_basis", "fondement", "base", "основание"),
            *("الأساس", "依据"),
        ),
    ),
    Field(
        "note",
        _("Note"),
        _("What happened, in words."),
        (
            *("note", "notes", "comment", "comments", "remarks", "action taken", "measures taken"),
            *("commentaire", "commentaires", "observations", "remarques", "mesures prises"),
            *("nota", "notas", "comentario", "comentarios", "observaciones", "medidas adoptadas"),
            *("примечание", "примечания", "комментарий", "принятые меры"),
            *("ملاحظة", "ملاحظات", "تعليق", "备注", "说明", "评论", "采取的措施"),
        ),
    ),
    Field(
        "sources",
        _("Sources"),
        _("Addresses of pages that show it, parted by blanks, line ends or |."),
        (
            *("sources", "source", "url", "link", "links", "evidence", "status_sources"),
            *("lien", "liens", "preuve", "preuves", "adresse"),
            *("fuentes", "fuente", "enlace", "enlaces", "источники", "источник", "ссылки"),
            *("المصادر", "المصدر", "الرابط", "来源", "资料来源", "链接"),
        ),
    ),
    Field(
        "date",
        _("Date"),
        _("The day on which it happened: 2026-02-12 or 13/02/2026."),
        (
            *("date", "day", "happened on", "date of action", "since", "status_since"),
            *("jour", "date de l’action", "survenu le", "depuis", "fecha", "día", "desde"),
            *("дата", "день", "التاريخ", "تاريخ", "日期", "时间"),
        ),
    ),
    Field(
        "organization",
        _("Organization"),
        _(
            "On whose behalf status, note and sources are given: the name of one that is known here."
        ),
        (
            *("organization", "organisation", "on behalf of", "reported by", "ministry"),
            *("status_organization", "au nom de", "ministère", "déclaré par"),
            *("organización", "en nombre de", "ministerio", "организация", "от имени"),
            *("المنظمة", "الجهة", "组织", "机构", "代表"),
        ),
    ),
)
BY_NAME = {field.name: field for field in FIELDS}

# Our own list in CSV: some of its headers mean something else there (how many sources, not which).
EXPORTED = {
    "reference": "reference",
    "state": "state",
    "meeting": "meeting",
    "number": "number",
    "paragraph": "paragraph",
    "themes": "themes",
    "text": "text",
    "language": "language",
    "origin": "origin",
    "stage": "stage",
    "status": "status",
    "status_since": "date",
    "status_basis": "basis",
    "status_organization": "organization",
    "status_sources": "sources",
}
MARKS = {"reference", "state", "status_since", "status_basis", "record_digest"}
PROBLEMS = pgettext_lazy("column of a table", "Problems")
"""The last column of the file of rejected rows: not imported when it comes back."""


@cache
def _known() -> dict[str, str]:
    found: dict[str, str] = {}
    for field in FIELDS:
        for header in (field.name, *field.headers):
            found.setdefault(_key(header), field.name)
    for language, _name in settings.LANGUAGES:  # as templates have them
        with override(language):
            for field in FIELDS:
                found.setdefault(_key(str(field.label)), field.name)
    return found


def _key(header: str) -> str:
    return " ".join(fold(header[:200]).replace("_", " ").strip(" .:*#").split()) or header.strip()


def field_named(header: str) -> str | None:
    """The field that a header means, in any of six languages; None if it is not known."""
    return _known().get(_key(header))


def is_export(headers: Sequence[str]) -> bool:
    """Whether these are the columns of our own list."""
    return set(headers) >= MARKS


def guess(headers: Sequence[str]) -> dict[str, int]:
    """Which column each field is in, as far as headers tell; each column is one field, the first of two."""
    if is_export(headers):
        return {EXPORTED[h]: i for i, h in enumerate(headers) if h in EXPORTED}
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = field_named(header)
        if name is not None:
            found.setdefault(name, index)
    return found


def check_columns(columns: dict[str, int], has_state: bool) -> None:
    """``Invalid`` where a column is chosen twice, or what no row can do without is nowhere."""
    errors: dict[str, list[str | Promise]] = {}
    taken: dict[int, str] = {}
    for name, index in columns.items():
        if index in taken:
            said = _("This column is chosen twice: choose it for one of both.")
            errors.setdefault(name, []).append(said)
        taken[index] = name
    if "text" not in columns:
        errors.setdefault("text", []).append(_("Say which column holds the text."))
    if not {"reference", "number"} & set(columns):
        said = _("Say which column holds the reference, or the number: rows are known again by it.")
        errors.setdefault("reference", []).append(said)
    if "state" not in columns and not has_state:
        said = _("Say which column holds the State, or choose one for all rows.")
        errors.setdefault("state", []).append(said)
    if errors:
        raise Invalid(errors)
