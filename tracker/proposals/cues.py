"""The words that announce recommendations and difficulties, a table a language.

All are written folded (``tracker.folding.fold``): lower case, no accents, straight apostrophes; "_"
is a blank between two words. To teach another language, add its row to each table.
"""

import re
from typing import Final

Table = dict[str, str]

RECOMMENDING: Final[Table] = {
    "fr": r"""
        recommand(?:e|ent|ait|aient|ee?s?|er|ant|ation|ations) preconis(?:e|ent|ees?|ations?)
        (?:axes|points|priorites|mesures|conclusions|propositions|pistes|orientations|actions)_
        (?:majeure?s?|principa(?:ux|les)|cles?|prioritaires|strategiques|suivante?s|retenue?s)
        parmi_les_(?:axes|points|priorites|mesures|conclusions|propositions|orientations)
        priorites exhort(?:e|ent|ait) appell(?:e|ent)_a invit(?:e|ent|ait) demand(?:e|ent)_aux?
        prie engag(?:e|ent)_(?:les|l'|a) encourag(?:e|ent)
    """,
    "en": r"""
        recommend(?:s|ed|ing|ation|ations)? (?:the_)?following_
        (?:measures|actions|steps|conclusions|priorities|points)
        (?:key|main|major|priority)_(?:areas|points|axes|priorities|measures|actions|proposals|conclusions)
        priorities call(?:s|ed)_(?:up)?on urge[sd]? invite[sd]? encourage[sd]? request(?:s|ed) action_points
        way_forward
    """,
    "es": r"""
        recom(?:iendan?|endo|endaron|endar|endacion|endaciones|endados?|endadas?)
        (?:ejes|puntos|prioridades|medidas|conclusiones|propuestas|acciones|lineas)_
        (?:principales|prioritari[oa]s|clave|siguientes|estrategic[oa]s)
        (?:las|los)_siguientes_(?:medidas|acciones|conclusiones|prioridades|puntos)
        prioridades exhort(?:a|an|o|aron) insta(?:n|ron)?_a invit(?:a|an|o)_a alient(?:a|an)_a pide_a
    """,
}
"""Before a list: what follows is recommended."""

SAYING_SO: Final[Table] = {
    "fr": r"recommand(?:e|ent|ait|aient) (?:a|ont)_recommande preconis(?:e|ent) est_recommande",
    "en": r"""
        recommends recommended_(?:that|to) (?:has|have)_recommended
        (?:we|they|experts|participants|states)_recommend
    """,
    "es": r"recomiendan? recomendo recomendaron (?:ha|han)_recomendado se_recomienda",
}
"""In a sentence of its own: the sentence recommends."""

OUGHT: Final[Table] = {
    "fr": r"devrai(?:t|ent) doi(?:t|vent) (?:il_)?convient_d(?:e|') il_faut",
    "en": r"should must ought_to shall need(?:s)?_to",
    "es": r"deberian? debera(?:n)? deben? conviene es_necesario",
}
"""In a paragraph under a heading that says "recommendations"."""

DIFFICULT: Final[Table] = {
    "fr": r"difficultes? defis? obstacles? entraves? contraintes? lacunes? freins? problemes?",
    "en": r"difficult(?:y|ies) challenges? obstacles? constraints? barriers? impediments? gaps? problems?",
    "es": r"dificultad(?:es)? desafios? retos? obstaculos? limitaciones carencias problemas?",
}
"""Before a list: what follows stands in the way."""

STANDING_IN_THE_WAY: Final[Table] = {
    "fr": r"""
        pos(?:e|ent|ait|aient|ee?s?) soulev(?:e|ent|ait|aient|ee?s?) constitu(?:e|ent|ait|aient)
        demeur(?:e|ent) rest(?:e|ent) rencontr(?:e|ent|ees?|es?) heurt(?:e|ent|ait|aient)
        souligne(?:e|s|es)?
        represent(?:e|ent) fait_face font_face identifie(?:e|s|es)? releve(?:e|s|es)? evoque(?:e|s|es)?
    """,
    "en": r"""
        pose[sd]? raise[sd]? constitute[sd]? remain(?:s|ed)? face[sd]? encounter(?:s|ed)? represent(?:s|ed)?
        highlighted identified noted mentioned hamper(?:s|ed)? hinder(?:s|ed)? persist(?:s|ed)?
    """,
    "es": r"""
        plante(?:a|an|o|aron) constituy(?:e|en|o) sigue(?:n)? persiste(?:n)? enfrent(?:a|an|o|aron)
        represent(?:a|an|o) afront(?:a|an) encontr(?:o|aron|adas?|ados?)
        senalad[oa]s? identificad[oa]s? obstaculiz(?:a|an)
    """,
}
"""With a word of ``DIFFICULT`` in one sentence of prose: the sentence names a difficulty."""

OVERCOMING: Final[Table] = {
    "fr": r"pour face reponse surmonter relever lever",
    "en": r"to address overcom(?:e|ing) addressing tackl(?:e|ing) meet against",
    "es": r"para ante frente superar afrontar",
}
"""Before a word of ``DIFFICULT``: the list says what to do about it, if it is announced so."""

NUMBERED: Final[Table] = {
    "fr": r"recommandations?",
    "en": r"recommendations?",
    "es": r"recomendacion(?:es)?",
}
"""At the start of a line, with a number: "Recommandation n° 3 :"."""

COMMON: Final[Table] = {
    "fr": r"le la les des du et dans pour une est aux sur par que qui avec ce cette au",
    "en": r"the of and to in for that is on with by as are be this which from",
    "es": r"el la los las de y en para una que del con por se al su como",
}
"""What a text in that language is full of."""


def words(table: Table) -> re.Pattern[str]:
    """Any of a table's words, in any language."""
    found = re.sub(r"_\s+", "_", " ".join(table.values())).split()
    return re.compile(rf"\b(?:{'|'.join(found).replace('_', ' ')})(?!\w)")
