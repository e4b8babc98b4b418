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
    "fr": r"""
        recommand(?:e|ent|ait|aient) (?:a|ont)_recommande preconis(?:e|ent) est_recommande
        exhort(?:e|ent|ait) (?:a|ont)_exhorte
        (?:engag|invit|encourag|pri)(?:e|ent|ait)_(?:instamment_)?(?:les_etats|l'etat|le_gouvernement)
        (?:a|ont)_(?:engage|invite|encourage|prie|appele)_(?:instamment_)?(?:les_etats|l'etat|le_gouvernement)
        demand(?:e|ent|ait)_(?:a_l'etat|aux_etats|au_gouvernement)
        appell(?:e|ent)_(?:les_etats|l'etat|le_gouvernement)
    """,
    "en": r"""
        recommends recommended_(?:that|to) (?:has|have)_recommended
        (?:we|they|experts|participants|states)_recommend urge[sd]?
        call(?:s|ed)?_(?:up)?on_(?:the_|all_)?(?:states?|member_states|part(?:y|ies)|governments?|authorities)
        (?:invite|encourage|request)(?:s|d|ed)?_(?:the_|all_)?(?:states?|member_states|governments?|authorities)
    """,
    "es": r"""
        recomiendan? recomendo recomendaron (?:ha|han)_recomendado se_recomienda
        (?:se_)?(?:exhort(?:a|an|o|aron)|inst(?:a|an|o|aron))_a(?:l|_los|_las)?
        (?:se_)?(?:invit(?:a|an|o|aron)|alient(?:a|an)|alento|pid(?:e|en)|pidio)_(?:al_estado|a_los_estados|al_gobierno)
    """,
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

NAMELY: Final[Table] = {
    "fr": r"notamment en_particulier tel(?:le)?s?_que a_savoir y_compris figurent inclu(?:t|ent)",
    "en": r"in_particular such_as including namely notably include[sd]?",
    "es": r"en_particular tal(?:es)?_como a_saber especialmente en_especial sobre_todo figuran incluyen",
}
"""After a word of ``DIFFICULT``: what follows are some of them."""

REMARKING: Final[Table] = {
    "fr": r"""
        (?:est|reste|demeure)_(?:vivement_|profondement_|particulierement_)?preoccupe
        prend_note (?:se_)?felicite note_avec salue constate accueille_avec regrette
    """,
    "en": r"""
        (?:is|remains)_(?:deeply_|seriously_|particularly_|also_)?concerned notes_(?:with|that|the) welcomes
        takes_note commends regrets appreciates expresses_concern
    """,
    "es": r"""
        (?:le_)?preocupan? (?:esta|sigue)_preocupado toma_nota acoge_con observa_con celebra lamenta
        expresa_su
    """,
}
"""At the start of a numbered paragraph: it says how things are, and is no recommendation by itself."""

ADDRESSING: Final[Table] = {
    "fr": r"a_l'(?:endroit|attention|intention|egard) aux? (?:pour|a)_(?:les|l'|la|le|toutes|tous) a_l'etat",
    "en": r"to for by with_regard_to regarding concerning as_regards",
    "es": r"al a_(?:los|las|la) para en_cuanto_a respecto_(?:a|de)",
}
"""At the start of a line with a colon: whom the list goes on about."""

CLOSING: Final[Table] = {
    "fr": r"""
        contacts? contacter plus_d'informations? pour_en_savoir_plus
        notes?_aux_(?:redactions|editeurs)
    """,
    "en": r"""
        contacts? (?:further|more)_information notes?_(?:to|for)_(?:the_)?editors? background
        media_inquiries
    """,
    "es": r"contactos? contactar mas_informacion notas?_(?:a|para)_(?:los_|la_)?(?:editores|prensa)",
}
"""In a short line: what was said is over; what follows is for the press."""

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
