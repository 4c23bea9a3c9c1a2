"""The words by which the offline writer tells statements from other sentences, and the types of statements."""

from __future__ import annotations

import re

LETTER = r"[\w\u0900-\u0963]"  # Python's \w leaves out the vowel signs of Devanagari


def _any(words: str) -> str:
    """A pattern of any of these words (`_` stands for a space), whole."""
    choices = "|".join(word.replace("_", r"\s+") for word in words.split())
    return rf"(?<!{LETTER})(?:{choices})(?!{LETTER})"


def _pattern(*choices: str) -> re.Pattern[str]:
    return re.compile("|".join(choices), re.IGNORECASE)


POINTERS = _any(
    """it its they them their this these those he she his her here such यह ये इस इसे इसका इसकी इसके इसमें इससे
    इसी इन इन्हें इनका इनकी इनके इनमें इनसे उस उसे उसका उसकी उसके उसमें उससे उन उन्हें उनका उनकी उनके उनमें
    ऐसा ऐसी ऐसे यहाँ वहाँ वे"""
)
ENGLISH_POINTER = re.compile(rf"^\W*(?:[\w’'-]+\s+){{0,3}}{POINTERS}", re.IGNORECASE)
HINDI_POINTER = re.compile(rf"^(?:(?!{_any('जो जिस जिसे जिसका जिसकी जिसके जिसमें जिन जब है हैं')})[^,;:—])*?{POINTERS}")

OPENERS = re.compile(
    r"^\W*(?:"
    + _any(
        """that so thus hence therefore then there but and or also however moreover besides otherwise instead
        similarly likewise again now first next finally second third both another in_the_same_way in_this_way
        some_of what why how answers? solution example hint note never always वह इसलिए अतः अत तब तो फिर और
        परंतु परन्तु लेकिन किंतु किन्तु साथ अब पहले दूसरा दूसरी दोनों क्या क्यों कैसे कौन कब कहाँ हल उत्तर
        संकेत"""
    )
    + ")",
    re.IGNORECASE,
)
COMMANDS = re.compile(
    r"^\W*(?:"
    + _any(
        """let take draw find calculate write observe explain describe fill put add consider list give try repeat
        record look see recall remember discuss imagine suppose choose tick match do_not don't wear wash
        make_sure read check stir collect arrange compare identify mention define prove derive complete
        prepare rinse wipe tie remove bring chop smell"""
    )
    + "|"
    + _any(
        """place name state show use note think hold keep pour heat mix measure test cut cover light turn move
        pass join set connect cool burn weigh press shake warm change count label store dip wait push pull
        lift open close"""
    )
    + r"\s+(?:"
    + _any("a an the some your one two three few about up out down off each both all only it this these")
    + r"|\d))"
    + "|"
    + _any("कीजिए कीजिये करें करो लीजिए लें लो दीजिए दें बताइए बताओ लिखिए लिखें समझाइए देखिए देखें रखें रखिए रहें पहनें बनाएँ मिलाएँ चखें")
    + r"[^।]{0,25}।?\W*$",
    re.IGNORECASE,
)
PERSONS = _pattern(
    _any(
        """we us our ours you your yours i my let's हम हमें हमारे हमारा हमारी हमने आप आपने आपको आपके तुम मैं
        मैंने"""
    )
)
ELSEWHERE = _pattern(
    r"(?<!\w)(?:figs?\.?|figures?|tables?|activit(?:y|ies)|exercises?|chapters?|units?|lessons?|pages?|questions?)\s*\d",
    _any("shown given listed described discussed seen mentioned")
    + r"\s+"
    + _any("above below here in_the_figure in_the_table in_fig in_this"),
    _any("this these the following above last")
    + r"\s+(?:row of the\s+)?"
    + _any("figure table diagram activity chapter section lesson page notes sheet text"),
    _any("चित्र आकृति सारणी क्रियाकलाप अध्याय पृष्ठ अभ्यास प्रश्न उदाहरण") + r"\s*[\d०-९]",
    _any("उपरोक्त निम्नलिखित नीचे_दि[एया] ऊपर_दि[एया] दर्शाया दिखाया_गया इस_पाठ इस_अध्याय सारणी_की"),
)
STATES = _pattern(
    _any(
        """is are was were has have had does do can cannot will may must should consists? contains? forms? makes?
        turns? changes? gives? reacts? produces? conducts? travels? moves? obeys? states? means? refers?
        depends? equals? obtains? absorbs? releases? boils? melts? freezes? dissolves? reflects? refracts?
        bends? pass(?:es)? meets? lies? lie occurs? takes? shows? increases? decreases? becomes? remains?
        causes? needs? requires? acts? discovered invented carry carries gathers? directs? glows? belongs?
        brings? bleach(?:es)? removes? runs? falls? floats? sinks? grows? lowers? holds? raises? tells? helps?
        allows? keeps? serves? attacks? spreads? converges? diverges? attracts? repels? flows? emits? slows?
        speeds? rises? joins? burns? measures? rotates? revolves? works? lives? breathes? eats? uses?"""
    )
)
HINDI_STATES = re.compile(_any("है हैं था थे थी थीं होगा होगी होंगे हो हों गया गई गए किया दिया की रहा रही रहे") + r"\W*$")

UNIT = _any(
    """mm cm km nm m kg mg g s ms min hours? minutes? seconds? days? years? j kj w kw v a n pa hz k d l ml mol
    dioptres? metres? centimetres? kilometres? degrees? volts? amperes? watts? joules? newtons? ohms? per_cent
    percent मीटर सेमी सेंटीमीटर मिमी किमी किलोमीटर ग्राम किग्रा किलोग्राम सेकंड मिनट घंटे दिन वर्ष लीटर
    प्रतिशत डिग्री अंश डायोप्टर डाइऑप्टर जूल वोल्ट वाट न्यूटन"""
)
DEFINITION = _pattern(
    _any("is are was were")
    + r"\s+(?:also\s+|then\s+|usually\s+|generally\s+)?"
    + _any("called known_as termed named defined_as"),
    _any("refers?_to means is_the_name_of is_the_term_for"),
    rf"^\W*(?:an?\s+|the\s+)?[\w-]+(?:\s+[\w-]+){{0,4}}\s+{_any('is are')}\s+(?:an?|the)\s[^,.;]*"
    + _any("that which whose in_which formed_by"),
    _any("कहते_हैं कहा_जाता_है कहलाता कहलाती कहलाते परिभाषित परिभाषा"),
)
LAW = _pattern(
    _any("laws? principle theorem") + r"[^.]*" + _any("states? says? holds? is are"),
    _any("directly_proportional inversely_proportional obeys? according_to_the_law नियमानुसार समानुपाती व्युत्क्रमानुपाती"),
    _any("नियम") + r".*" + _any("अनुसार बताता कहता कहते"),
)
FORMULA = _pattern(r"\S\s*[=→∝]\s*\S", _any("formula_of का_सूत्र"), r"\\(?:frac|rightarrow)")
QUANTITY = _pattern(rf"[\d०-९]\s*(?:{UNIT}|[%°Ω])", _any("ph value index speed") + r"[^.]*\d")
EVENT = _pattern(
    _any("in since around by") + r"\s+(?:1\d|20)\d\d\b",
    r"\b(?:1\d|20)\d\d\b.*" + _any("discovered invented"),
    r"(?:1\d|20)\d\d\s+" + _any("में ई ईस्वी"),
)
EXAMPLE = _pattern(_any("for_example for_instance such_as examples?_of examples?_are जैसे उदाहरण उदाहरणार्थ"), r"\be\.g\.")
PROCESS = _pattern(
    _any("when if on upon during after")
    + r".*"
    + _any(
        """turns? changes? forms? produces? becomes? reacts? bends? given_off released evolved obtained formed
        dissolves? falls"""
    ),
    _any("reacts? is_formed are_formed is_produced are_produced is_obtained is_prepared"),
    _any("जब यदि अभिक्रिया बनता_है बनती_है बनते_हैं बदल परिवर्तित प्राप्त_होत[ाीे] मुक्त_होत[ाीे]"),
)
TYPES = (
    ("definition", DEFINITION),
    ("law", LAW),
    ("formula", FORMULA),
    ("quantity", QUANTITY),
    ("event", EVENT),
    ("example", EXAMPLE),
    ("process", PROCESS),
)
