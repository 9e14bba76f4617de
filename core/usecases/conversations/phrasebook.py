"""What people say when they ask about an order rather than change it, in the languages of the briefs."""

import enum
from collections.abc import Mapping


class Intent(enum.StrEnum):
    """What a message asks for besides a change of the plan."""

    EXPLAIN = "explain"
    QUOTE = "quote"
    PREVIEW = "preview"
    FAILED = "failed"
    ONLY = "only"
    LEAVE_OUT = "leave_out"
    HELP = "help"


Phrases = Mapping[str, tuple[str, ...]]

EXPLAIN: Phrases = {
    "en": ("what will this do", "what will you do", "what does this do", "what are you going to do", "what happens",
           "what is planned", "what's planned", "explain the plan", "explain the steps", "explain this",
           "describe the plan", "describe the steps", "which steps", "what steps", "what will happen",
           "what does the plan do", "what is the plan", "what's the plan"),
    "de": ("was passiert", "was wird gemacht", "was machst du", "was macht der plan", "was macht das",
           "was ist geplant", "erkläre den plan", "erklär den plan", "erkläre mir den plan", "erklär mir den plan",
           "welche schritte", "beschreibe den plan"),
    "fr": ("que va-t-il se passer", "qu'est-ce que ça fait", "qu'est-ce que cela fait", "que vas-tu faire",
           "qu'allez-vous faire", "explique le plan", "expliquez le plan", "quelles étapes", "quelles sont les étapes",
           "que fait le plan"),
    "es": ("qué va a hacer", "que va a hacer", "qué hará", "qué vas a hacer", "qué hace el plan", "explica el plan",
           "explícame el plan", "qué pasos", "cuáles son los pasos"),
    "it": ("cosa farà", "cosa fara", "che cosa farà", "cosa farai", "cosa fa il piano", "spiega il piano",
           "spiegami il piano", "quali passaggi", "quali sono i passaggi"),
    "pt": ("o que vai fazer", "o que isso faz", "o que isto faz", "o que vais fazer", "o que faz o plano",
           "explica o plano", "explique o plano", "quais passos", "quais são os passos", "quais etapas"),
    "nl": ("wat gaat dit doen", "wat ga je doen", "wat gebeurt er", "wat doet dit", "wat doet het plan",
           "leg het plan uit", "welke stappen"),
    "pl": ("co to zrobi", "co zrobisz", "co się stanie", "co robi plan", "wyjaśnij plan", "opisz plan",
           "jakie kroki", "jakie są kroki"),
    "ja": ("何をしますか", "何をするの", "どうなりますか", "どんな処理", "手順を教えて", "手順を説明", "プランを説明",
           "計画を説明"),
    "zh": ("会做什么", "会怎么做", "要做什么", "有哪些步骤", "说明一下计划", "解释一下计划", "解释计划", "说明计划",
           "会怎样处理"),
    "hi": ("क्या करेगा", "क्या करोगे", "क्या होगा", "योजना समझाओ", "योजना समझाइए", "कौन से चरण", "kya karega",
           "kya karoge", "kya hoga", "plan samjhao", "kaun se step"),
}  # fmt: skip

QUOTE: Phrases = {
    "en": ("what does it cost", "what does this cost", "what will it cost", "what will this cost",
           "what would it cost", "what would that cost", "how much does it cost", "how much does this cost",
           "how much will it cost", "how much is it", "how much is this", "how many credits", "what is the price",
           "what's the price", "how expensive", "price breakdown", "show the price", "the cost", "how much"),
    "de": ("was kostet das", "was kostet es", "wie viel kostet", "wieviel kostet", "wie teuer", "was würde das kosten",
           "wie viele credits", "wie viele guthaben", "was ist der preis", "wie hoch ist der preis"),
    "fr": ("combien ça coûte", "combien ca coute", "combien cela coûte", "combien coûte", "combien ça va coûter",
           "quel est le prix", "quel prix", "combien de crédits", "ça coûte combien"),
    "es": ("cuánto cuesta", "cuanto cuesta", "cuánto costará", "cuál es el precio", "cual es el precio",
           "qué precio", "cuántos créditos", "cuantos creditos"),
    "it": ("quanto costa", "quanto costerà", "quanto costera", "qual è il prezzo", "quanti crediti"),
    "pt": ("quanto custa", "quanto vai custar", "quanto custará", "qual é o preço", "qual o preço", "quantos créditos"),
    "nl": ("wat kost dit", "wat kost het", "wat kost dat", "hoeveel kost", "wat is de prijs", "hoeveel credits"),
    "pl": ("ile to kosztuje", "ile kosztuje", "ile to będzie kosztować", "jaka jest cena", "ile kredytów"),
    "ja": ("いくらですか", "いくらかかりますか", "いくら", "料金は", "値段は", "費用は", "何クレジット"),
    "zh": ("多少钱", "价格是多少", "费用是多少", "要花多少", "多少积分", "多少点数", "怎么收费"),
    "hi": ("कितना खर्च", "कितने का", "कीमत क्या", "कितने क्रेडिट", "कितना लगेगा", "kitna kharch", "kitne ka",
           "kitna lagega", "keemat kya", "kimat kya", "kitne credit"),
}  # fmt: skip

PREVIEW: Phrases = {
    "en": ("show me a preview", "show a preview", "show me the preview", "show the preview", "make a preview",
           "can i see a preview", "can i see it", "show me how it looks", "show me how it will look",
           "how will it look", "how does it look", "what will it look like", "what does it look like", "preview",
           "show me"),
    "de": ("zeig mir eine vorschau", "zeige mir eine vorschau", "zeig eine vorschau", "eine vorschau", "vorschau",
           "wie sieht es aus", "wie sieht das aus", "wie wird es aussehen", "zeig mir", "zeige mir", "zeigen sie mir"),
    "fr": ("montre-moi un aperçu", "montrez-moi un aperçu", "un aperçu", "aperçu", "prévisualisation",
           "à quoi ça ressemble", "montre-moi", "montrez-moi"),
    "es": ("muéstrame una vista previa", "una vista previa", "vista previa", "previsualización", "cómo quedará",
           "como quedara", "muéstrame", "muestrame", "enséñame"),
    "it": ("mostrami un'anteprima", "un'anteprima", "anteprima", "come verrà", "come sarà", "mostrami", "fammi vedere"),
    "pt": ("mostra-me uma pré-visualização", "pré-visualização", "prévia", "como vai ficar", "como fica", "mostra-me",
           "mostre-me", "me mostre"),
    "nl": ("laat me een voorbeeld zien", "een voorbeeld", "voorvertoning", "hoe ziet het eruit", "laat me zien",
           "laat zien"),
    "pl": ("pokaż mi podgląd", "pokaż podgląd", "podgląd", "jak to będzie wyglądać", "jak to wygląda", "pokaż mi"),
    "ja": ("プレビューを見せて", "プレビュー", "見せてください", "見せて", "どう見えますか"),
    "zh": ("给我看预览", "看一下预览", "预览", "给我看看", "让我看看", "效果怎么样", "看看效果"),
    "hi": ("प्रीव्यू दिखाओ", "प्रीव्यू", "पूर्वावलोकन", "कैसा दिखेगा", "मुझे दिखाओ", "दिखाइए", "preview dikhao",
           "kaisa dikhega", "mujhe dikhao", "dikhao"),
}  # fmt: skip

FAILED: Phrases = {
    "en": ("which failed", "which ones failed", "which pictures failed", "which images failed", "what failed",
           "what went wrong", "why did it fail", "did anything fail", "did any fail", "list the failed",
           "show the failed", "failed pictures", "failed images", "which need retouching", "which need retouch",
           "which were flagged", "which are flagged", "what is flagged"),
    "de": ("welche sind fehlgeschlagen", "welche bilder sind fehlgeschlagen", "was ist fehlgeschlagen",
           "was ging schief", "was ist schiefgegangen", "warum ist es fehlgeschlagen", "fehlgeschlagene bilder",
           "welche haben nicht geklappt", "welche fehlgeschlagen"),
    "fr": ("lesquelles ont échoué", "lesquels ont échoué", "quelles images ont échoué", "qu'est-ce qui a échoué",
           "quelles photos ont échoué", "pourquoi ça a échoué", "images en échec"),
    "es": ("cuáles fallaron", "cuales fallaron", "qué falló", "que fallo", "qué imágenes fallaron",
           "qué fotos fallaron", "por qué falló", "cuáles han fallado"),
    "it": ("quali sono fallite", "quali sono falliti", "cosa è fallito", "quali immagini sono fallite",
           "quali non sono riuscite", "perché è fallito", "cosa è andato storto"),
    "pt": ("quais falharam", "o que falhou", "que imagens falharam", "quais imagens falharam", "quais fotos falharam",
           "por que falhou", "porque falhou"),
    "nl": ("welke zijn mislukt", "wat is mislukt", "welke foto's zijn mislukt", "wat ging er mis",
           "waarom is het mislukt"),
    "pl": ("które się nie udały", "co się nie udało", "które zdjęcia się nie udały", "co poszło nie tak",
           "dlaczego się nie udało"),
    "ja": ("失敗したのはどれ", "失敗した画像", "失敗した写真", "どれが失敗", "何が失敗", "失敗しましたか"),
    "zh": ("哪些失败", "哪张失败", "哪几张失败", "什么失败了", "失败的图片", "失败的照片", "为什么失败"),
    "hi": ("कौन सी विफल", "कौन से विफल", "कौन सी फेल", "कौन से फेल", "क्या विफल", "क्यों फेल", "kaun si fail",
           "kaun se fail", "kya fail", "kyun fail", "kaunsi fail"),
}  # fmt: skip

ONLY: Phrases = {
    "en": ("only", "just", "nothing but"),
    "de": ("nur", "ausschließlich", "lediglich"),
    "fr": ("seulement", "uniquement", "rien que"),
    "es": ("solo", "sólo", "solamente", "únicamente"),
    "it": ("solo", "soltanto", "solamente", "unicamente"),
    "pt": ("só", "somente", "apenas"),
    "nl": ("alleen", "enkel", "slechts"),
    "pl": ("tylko", "wyłącznie", "jedynie"),
    "ja": ("だけ", "のみ"),
    "zh": ("只要", "只做", "只处理", "仅", "只"),
    "hi": ("सिर्फ़", "सिर्फ", "केवल", "sirf", "keval"),
}  # fmt: skip

LEAVE_OUT: Phrases = {
    "en": ("leave out", "exclude", "skip", "without", "not", "all but", "all except", "everything except"),
    "de": ("lass weg", "weglassen", "ohne", "nicht", "überspringe", "alle außer", "alle ausser"),
    "fr": ("exclure", "exclus", "excluez", "sans", "sauf", "toutes sauf", "tous sauf"),
    "es": ("excluye", "excluir", "sin", "omite", "todas menos", "todos menos", "salvo"),
    "it": ("escludi", "escludere", "senza", "salta", "tutte tranne", "tutti tranne", "tranne"),
    "pt": ("exclui", "excluir", "sem", "todas menos", "todos menos", "exceto"),
    "nl": ("zonder", "sla over", "alles behalve", "behalve"),
    "pl": ("bez", "pomiń", "wszystkie oprócz", "oprócz"),
    "ja": ("以外", "を除いて", "を除く", "なしで"),
    "zh": ("除了", "不要", "排除", "去掉"),
    "hi": ("के बिना", "को छोड़कर", "छोड़कर", "ke bina", "ko chhodkar", "chhodkar"),
}  # fmt: skip

HELP: Phrases = {
    "en": ("help", "what can you do", "what can i ask", "who are you", "how does this work"),
    "de": ("hilfe", "hilf mir", "was kannst du", "was können sie", "wer bist du", "wie funktioniert das"),
    "fr": ("aide", "aide-moi", "que peux-tu faire", "que pouvez-vous faire", "comment ça marche"),
    "es": ("ayuda", "ayúdame", "qué puedes hacer", "que puedes hacer", "cómo funciona"),
    "it": ("aiuto", "aiutami", "cosa puoi fare", "cosa sai fare", "come funziona"),
    "pt": ("ajuda", "ajude-me", "o que podes fazer", "o que você pode fazer", "como funciona"),
    "nl": ("hulp", "help me", "wat kun je", "wat kan je", "hoe werkt dit"),
    "pl": ("pomoc", "pomóż", "co potrafisz", "co możesz zrobić", "jak to działa"),
    "ja": ("ヘルプ", "助けて", "何ができますか", "使い方"),
    "zh": ("帮助", "你能做什么", "你会做什么", "怎么用"),
    "hi": ("मदद", "सहायता", "क्या कर सकते हो", "क्या कर सकते हैं", "madad", "kya kar sakte"),
}  # fmt: skip

# Words that tie a wish to what was said before, and mean nothing to a planner.
INSTEAD: Phrases = {
    "en": ("instead", "after all", "now then"),
    "de": ("stattdessen", "doch lieber", "lieber"),
    "fr": ("à la place", "finalement"),
    "es": ("en su lugar", "en vez de eso"),
    "it": ("invece",),
    "pt": ("em vez disso",),
    "nl": ("in plaats daarvan", "toch liever", "liever"),
    "pl": ("zamiast tego", "jednak"),
    "ja": ("代わりに", "やっぱり"),
    "zh": ("还是算了",),
    "hi": ("इसके बजाय", "iske bajay"),
}
# Messages that say yes to a proposal; words alone confirm nothing.
YES: Phrases = {
    "en": ("yes", "yes please", "ok", "okay", "do it", "apply it", "confirm", "go ahead", "sounds good"),
    "de": ("ja", "ja bitte", "mach das", "mach es", "einverstanden", "bestätigen"),
    "fr": ("oui", "d'accord", "vas-y", "allez-y", "confirme", "confirmer"),
    "es": ("sí", "si", "de acuerdo", "hazlo", "adelante", "confirmar"),
    "it": ("sì", "si", "va bene", "fallo", "procedi", "conferma"),
    "pt": ("sim", "está bem", "faz isso", "pode fazer", "confirmar"),
    "nl": ("ja", "ja graag", "doe maar", "akkoord", "bevestig"),
    "pl": ("tak", "dobrze", "zrób to", "zgoda", "potwierdzam"),
    "ja": ("はい", "お願いします", "それでお願いします", "了解"),
    "zh": ("好", "好的", "是", "可以", "确认", "就这样"),
    "hi": ("हाँ", "हां", "ठीक है", "कर दो", "haan", "theek hai", "kar do"),
}

PHRASEBOOK: Mapping[Intent, Phrases] = {
    Intent.HELP: HELP,
    Intent.EXPLAIN: EXPLAIN,
    Intent.QUOTE: QUOTE,
    Intent.FAILED: FAILED,
    Intent.PREVIEW: PREVIEW,
    Intent.ONLY: ONLY,
    Intent.LEAVE_OUT: LEAVE_OUT,
}
