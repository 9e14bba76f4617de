"""Words that ask for nothing: greetings, thanks, closings, and the head lines of letters."""

import re

# What people write around their wishes, by language, longest first where one begins like another.
PHRASES = (
    # English
    "with kind regards", "kind regards", "best regards", "warm regards", "many thanks", "thanks a lot", "thank you",
    "thanks in advance", "looking forward to hearing from you", "have a nice day", "hope you are well", "please",
    "thanks", "cheers", "regards", "dear", "hello", "hi", "hey", "good morning", "good afternoon", "good evening",
    "sincerely", "yours", "sorry", "pls", "thx", "ty", "very much", "so much", "in advance", "a lot",
    # German
    "mit freundlichen grüßen", "freundliche grüße", "viele grüße", "beste grüße", "liebe grüße", "herzliche grüße",
    "schöne grüße", "vielen dank", "danke schön", "danke", "guten tag", "guten morgen", "guten abend", "hallo",
    "moin", "servus", "liebe", "lieber", "sehr geehrte damen und herren", "sehr geehrte", "sehr geehrter", "bitte",
    "gruß", "grüße", "mfg", "vg", "lg", "im voraus", "schönen tag noch", "entschuldigung",
    # French
    "bien cordialement", "cordialement", "bonne journée", "merci beaucoup", "merci d'avance", "merci par avance",
    "merci", "bonjour", "bonsoir", "salut", "s'il vous plaît", "s'il te plaît", "svp", "stp", "cdt", "bien à vous",
    "cher", "chère", "re-bonjour", "à bientôt", "désolé", "désolée",
    # Spanish
    "un cordial saludo", "saludos cordiales", "un saludo", "saludos", "muchas gracias", "mil gracias", "gracias",
    "buenos días", "buenas tardes", "buenas noches", "buenas", "buen día", "hola", "por favor", "porfa", "estimado",
    "estimada", "estimados", "de antemano", "un abrazo", "che",
    # Italian
    "cordiali saluti", "distinti saluti", "un saluto", "saluti", "grazie mille", "mille grazie", "grazie", "ciao",
    "buongiorno", "buonasera", "salve", "gentile", "gentilmente", "per favore", "per cortesia", "buona giornata",
    # Portuguese
    "com os melhores cumprimentos", "melhores cumprimentos", "cumprimentos", "atenciosamente", "abraços", "abraço",
    "muito obrigado", "muito obrigada", "obrigado", "obrigada", "bom dia", "boa tarde", "boa noite", "olá", "oi",
    "oi gente", "tudo bem", "se faz favor", "desde já", "valeu", "pfv", "caro", "cara", "prezados", "prezado",
    # Dutch
    "met vriendelijke groeten", "met vriendelijke groet", "vriendelijke groet", "hartelijk dank", "dank je wel",
    "dank u wel", "bedankt", "alvast", "dank", "groetjes", "groeten", "groet", "beste", "hoi", "goedemorgen",
    "goedemiddag", "goedendag", "alstublieft", "alsjeblieft", "aub", "mvg", "graag gedaan",
    # Polish
    "z poważaniem", "pozdrawiam serdecznie", "pozdrawiam", "serdecznie", "dziękuję bardzo", "bardzo dziękuję",
    "dziękuję", "dziękujemy", "dzięki", "z góry", "dzień dobry", "dobry wieczór", "cześć", "witam", "proszę",
    "szanowni państwo",
    # Japanese
    "よろしくお願いいたします", "よろしくお願い致します", "宜しくお願いいたします",
    "よろしくお願いします", "宜しくお願いします",
    "お願いいたします", "お願いします", "ありがとうございます", "お世話になっております", "お疲れ様です",
    "こんにちは", "以上",
    "どうぞ", "です",
    # Chinese
    "谢谢您", "谢谢", "多谢", "感谢", "您好", "你好", "麻烦您", "麻烦", "辛苦了", "拜托", "请", "此致", "敬礼",
    "謝謝", "請", "麻煩",
    # Hindi, in both scripts
    "धन्यवाद", "शुक्रिया", "नमस्ते", "नमस्कार", "कृपया", "प्लीज़", "प्लीज", "सादर", "dhanyavaad", "dhanyavad",
    "shukriya", "namaste", "namaskar", "kripya",
)  # fmt: skip
# Whom a greeting may name without a name.
ADDRESSED = frozenset((
    "all", "team", "everyone", "everybody", "there", "guys", "folks", "sir", "madam", "zusammen", "alle", "leute",
    "tous", "toutes", "équipe", "l", "à", "a", "todos", "todas", "equipo", "gente", "tutti", "tutte", "pessoal",
    "equipe", "allemaal", "wszystkim", "państwo", "dear", "and", "und", "et", "y", "e", "en", "i", "the", "das",
    "from", "von",
))  # fmt: skip
MAX_NAMES = 4
_WROTE = re.compile(
    r"\b(?:wrote|schrieb|a écrit|écrivait|escribió|ha scritto|escreveu|schreef|napisała?|pisze)\b[\s:：–—-]*$"
    r"|(?:写道|さんが書きました|さんは書きました|ने लिखा)[\s:：]*$",
    re.IGNORECASE,
)

_LATIN = "|".join(re.escape(p) for p in sorted(PHRASES, key=len, reverse=True) if p[0].isascii() or p[0] < "\u0900")
_OTHER = "|".join(re.escape(p) for p in sorted(PHRASES, key=len, reverse=True) if p[0] >= "\u0900")
_COURTESY = re.compile(rf"(?<!\w)(?:{_LATIN})(?!\w)|{_OTHER}", re.IGNORECASE)
_WORD = re.compile(r"[\w'’]+")
_HEAD = re.compile(
    r"\W*(?:from|to|cc|bcc|date|sent|subject|re|fwd?|von|an|datum|gesendet|betreff|de|à|para|a|objet|asunto|assunto"
    r"|envoyé|enviado|fecha|da|oggetto|data|inviato|van|aan|onderwerp|verzonden|od|do|temat|wysłano|件名|差出人|宛先"
    r"|主题|发件人|收件人|विषय)\s*[:：]",
    re.IGNORECASE,
)


def is_courtesy(words: str, *, after_courtesy: bool = False) -> bool:
    """Whether some words ask for nothing: they greet, thank, close a letter, or name who is greeted or closes it.

    Args:
        after_courtesy: whether they follow such words, as a name follows a closing.
    """
    left, count = _COURTESY.subn(" ", words)
    names = _WORD.findall(left)
    if not names:
        return count > 0
    are_names = len(names) <= MAX_NAMES and all(n[0].isupper() or n.casefold() in ADDRESSED for n in names)
    return are_names and not any(c.isdigit() for c in left) and (count > 0 or after_courtesy)


def is_head_line(line: str) -> bool:
    """Whether a line is one of those that a mail begins with, or a quotation: sender, date, subject, who wrote when."""
    return _HEAD.match(line) is not None or _WROTE.search(line) is not None
