"""The words by which columns are known, in six languages. Pure: ``spreadsheet`` reads it without Django."""

from tracker.folding import fold

HEADERS: dict[str, dict[str, str]] = {
    "reference": {
        "en": "reference | ref | ref no | recommendation reference | id | code",
        "fr": "référence | réf | référence de la recommandation | cote | id | code",
        "es": "referencia | código | id",
        "ru": "ссылка | шифр | код | индекс",
        "ar": "المرجع | رقم المرجع | رمز",
        "zh": "编号 | 参考编号 | 索引 | 文号",
    },
    "number": {
        "en": "number | no | nr | # | recommendation number",
        "fr": "numéro | num | n° | no | numéro de la recommandation",
        "es": "número | núm | nº",
        "ru": "номер | № | номер рекомендации",
        "ar": "الرقم | رقم | رقم التوصية",
        "zh": "号码 | 序号 | 建议编号",
    },
    "paragraph": {
        "en": "paragraph | para | where in it",
        "fr": "paragraphe | par | où dans le document",
        "es": "párrafo",
        "ru": "пункт | параграф | абзац",
        "ar": "الفقرة | فقرة",
        "zh": "段 | 段落 | 段次",
    },
    "text": {
        "en": "text | recommendation | recommendation text | text of the recommendation | exact quotation",
        "fr": "texte | recommandation | texte de la recommandation | citation exacte",
        "es": "texto | recomendación | texto de la recomendación",
        "ru": "текст | рекомендация | текст рекомендации",
        "ar": "النص | نص | التوصية | نص التوصية",
        "zh": "文本 | 建议 | 案文 | 建议案文 | 建议内容 | 内容",
    },
    "language": {
        "en": "language | lang",
        "fr": "langue",
        "es": "idioma | lengua",
        "ru": "язык",
        "ar": "اللغة | لغة",
        "zh": "语言 | 语文",
    },
    "themes": {
        "en": "themes | theme | topic | topics | subject | issue",
        "fr": "thèmes | thème | sujet",
        "es": "temas | tema | asunto",
        "ru": "темы | тема | тематика",
        "ar": "المواضيع | الموضوع | موضوع",
        "zh": "主题 | 议题 | 专题",
    },
    "position": {
        "en": "position | response | state position | position of the state | response of state",
        "fr": "position | réponse | position de l’état",
        "es": "posición | posición del estado | respuesta",
        "ru": "позиция | позиция государства | ответ",
        "ar": "الموقف | موقف الدولة | الرد",
        "zh": "立场 | 国家立场 | 答复 | 回应",
    },
    "state": {
        "en": "state | country | state under review | iso | iso code | country code",
        "fr": "état | pays | état examiné | iso | code iso | code pays",
        "es": "estado | país | estado examinado | iso",
        "ru": "государство | страна",
        "ar": "الدولة | دولة | البلد",
        "zh": "国家 | 受审议国",
    },
    "meeting": {
        "en": "meeting | session",
        "fr": "réunion | session",
        "es": "reunión | sesión",
        "ru": "заседание | совещание | сессия",
        "ar": "الاجتماع | اجتماع | الدورة",
        "zh": "会议 | 届会",
    },
    "origin": {
        "en": "origin | document | document address | quoted from | url of the document",
        "fr": "document | document d’origine | origine | adresse du document",
        "es": "documento | origen",
        "ru": "документ",
        "ar": "الوثيقة | وثيقة",
        "zh": "文件 | 来源文件",
    },
    "stage": {
        "en": "stage",
        "fr": "stade | étape",
        "es": "etapa",
        "ru": "этап | стадия",
        "ar": "المرحلة",
        "zh": "阶段",
    },
    "status": {
        "en": "status | implementation status | status of implementation",
        "fr": "statut | avancement | état d’avancement | état de la mise en œuvre",
        "es": "situación | estatus | estado de aplicación | estado de la aplicación",
        "ru": "статус | состояние | статус осуществления",
        "ar": "الحالة | حالة التنفيذ",
        "zh": "状态 | 执行情况 | 现况",
    },
    "basis": {
        "en": "basis | status basis",
        "fr": "fondement | base",
        "es": "base",
        "ru": "основание",
        "ar": "الأساس",
        "zh": "依据",
    },
    "note": {
        "en": "note | notes | comment | comments | remarks | action taken | measures taken",
        "fr": "note | notes | commentaire | commentaires | observations | remarques | mesures prises",
        "es": "nota | notas | comentario | comentarios | observaciones | medidas adoptadas",
        "ru": "примечание | примечания | комментарий | принятые меры",
        "ar": "ملاحظة | ملاحظات | تعليق",
        "zh": "备注 | 说明 | 评论 | 采取的措施",
    },
    "sources": {
        "en": "sources | source | url | link | links | evidence | status sources",
        "fr": "sources | source | url | lien | liens | preuve | preuves | adresse",
        "es": "fuentes | fuente | enlace | enlaces | url",
        "ru": "источники | источник | ссылки",
        "ar": "المصادر | المصدر | الرابط",
        "zh": "来源 | 资料来源 | 链接",
    },
    "date": {
        "en": "date | day | happened on | date of action | since | status since",
        "fr": "date | jour | date de l’action | survenu le | depuis",
        "es": "fecha | día | desde",
        "ru": "дата | день",
        "ar": "التاريخ | تاريخ",
        "zh": "日期 | 时间",
    },
    "organization": {
        "en": "organization | organisation | on behalf of | reported by | ministry | status organization",
        "fr": "organisation | au nom de | ministère | déclaré par",
        "es": "organización | en nombre de | ministerio",
        "ru": "организация | от имени",
        "ar": "المنظمة | الجهة",
        "zh": "组织 | 机构 | 代表",
    },
}
"""For each field, the headers that mean it, by language; a word of several languages is in each."""
LOOKED = 30
"""How many rows are looked at for headers: titles and notes may be above them."""
ENOUGH = 2
"""How many known headers a row needs to be taken for the one that has them."""


def key(header: str) -> str:
    """A header as it is compared: ``"  Réf.: "`` → ``"ref"``."""
    return " ".join(fold(header[:200]).replace("_", " ").strip(" .:*#").split()) or header.strip()
