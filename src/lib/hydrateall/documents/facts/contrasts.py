"""The small words on which the truth of a sentence hangs, in English and Hindi: negations, quantifiers, opposites."""

from __future__ import annotations

import unicodedata


def _words(text: str) -> frozenset[str]:
    return frozenset(unicodedata.normalize("NFKC", text).split())


NEGATIONS = _words(
    """not no never cannot without neither nor none nothing nobody nowhere hardly unable lack lacks lacking n't
    नहीं नही न ना मत बिना रहित"""
)
NO_NEGATION_BEFORE = _words("only just merely केवल सिर्फ मात्र")  # "not only heat but also light"

PREFIXES = ("un", "in", "im", "ir", "non", "dis", "अन", "अ", "ना", "गैर")

ABSOLUTES = (
    _words("all every each any everything everyone whole सभी सब हर प्रत्येक सारे समस्त"),
    _words("always हमेशा सदैव सदा"),
    _words("only solely exclusively केवल सिर्फ मात्र"),
    _words("entirely completely fully totally पूर्णतः पूर्णतया पूरी"),
    _words("must अवश्य अनिवार्य"),
)
HEDGES = _words(
    """some most many few several sometimes often usually generally mostly mainly normally rarely may might
    probably likely possibly कुछ अधिकांश अधिकतर प्रायः सामान्यतः सामान्यतया अक्सर कभी-कभी शायद संभवतः कई
    मुख्यतः"""
)

OPPOSITES = tuple(
    (_words(left), _words(right))
    for left, right in (
        ("increase rise grow", "decrease fall drop reduce lessen diminish"),
        ("more greater higher larger bigger", "less lower smaller fewer"),
        ("fast faster quick quickly rapid speed", "slow slower slowly"),
        ("most maximum highest greatest largest", "least minimum lowest smallest"),
        ("above over", "below under beneath"),
        ("before", "after"),
        ("inside within internal", "outside external"),
        ("hot warm hotter", "cold cool colder"),
        ("gain absorb", "lose emit release"),
        ("same equal identical", "different unequal"),
        ("upright erect", "inverted"),
        ("convex", "concave"),
        ("converge converging", "diverge diverging"),
        ("real", "virtual"),
        ("acid acidic", "base basic alkali alkaline"),
        ("positive", "negative"),
        ("oxidation oxidise", "reduction"),
        ("towards", "away"),
        ("denser", "rarer"),
        ("strong stronger", "weak weaker"),
        ("north", "south"),
        ("east", "west"),
        ("left", "right"),
        ("first", "last"),
        ("exothermic", "endothermic"),
        ("conductor", "insulator"),
        ("metal", "non-metal nonmetal"),
        ("day", "night"),
        ("anode", "cathode"),
        ("directly", "inversely"),
        ("red", "blue"),
        ("male", "female"),
        ("artery", "vein"),
        ("dissolve soluble", "insoluble"),
        ("बढ़ता बढ़ती बढ़ते बढ़", "घटता घटती घटते घट कम"),
        ("अधिक ज़्यादा ज्यादा", "कम"),
        ("अधिकतम", "न्यूनतम"),
        ("ऊपर", "नीचे"),
        ("पहले पूर्व", "बाद पश्चात"),
        ("अंदर भीतर", "बाहर"),
        ("गर्म", "ठंडा ठंडी ठंडे"),
        ("समान बराबर", "भिन्न असमान अलग"),
        ("सीधा सीधी सीधे", "उल्टा उल्टी उल्टे"),
        ("उत्तल", "अवतल"),
        ("अभिसारी अभिसरित", "अपसारी अपसरित"),
        ("वास्तविक", "आभासी"),
        ("अम्ल अम्लीय", "क्षार क्षारक क्षारीय क्षारकीय"),
        ("धनात्मक", "ऋणात्मक"),
        ("उपचयन", "अपचयन"),
        ("सघन", "विरल"),
        ("प्रबल", "दुर्बल"),
        ("तेज़ तेज तीव्र", "धीमा धीमी धीमे मंद"),
        ("चालक", "कुचालक विद्युतरोधी"),
        ("धातु", "अधातु"),
        ("लाल", "नीला नीली नीले"),
        ("दिन", "रात"),
        ("उत्तर", "दक्षिण"),
        ("ऊष्माक्षेपी", "ऊष्माशोषी"),
    )
)

NUMBERS = {
    word: str(number)
    for number, words in {
        2: "two twice दो",
        3: "three thrice तीन",
        4: "four चार",
        5: "five पाँच पांच",
        6: "six छह छः",
        7: "seven सात",
        8: "eight आठ",
        9: "nine नौ",
        10: "ten दस",
        12: "twelve dozen बारह",
        0.5: "half आधा आधी आधे",
    }.items()
    for word in _words(words)
}

UNITS = {
    word: unit
    for unit, words in {
        "m": "m metre metres meter meters मीटर मी",
        "cm": "cm centimetre centimetres centimeter सेमी सेंटीमीटर",
        "mm": "mm millimetre millimetres मिमी मिलीमीटर",
        "km": "km kilometre kilometres kilometer किमी किलोमीटर",
        "nm": "nm nanometre nanometres",
        "s": "s second seconds सेकंड सेकेंड",
        "min": "min minute minutes मिनट",
        "h": "h hour hours घंटा घंटे घंटों",
        "day": "day days दिन दिनों",
        "year": "year years वर्ष वर्षों साल",
        "g": "g gram grams ग्राम",
        "mg": "mg milligram milligrams मिलीग्राम",
        "kg": "kg kilogram kilograms किलोग्राम किग्रा",
        "l": "l litre litres liter liters लीटर",
        "ml": "ml millilitre millilitres मिली मिलीलीटर",
        "n": "n newton newtons न्यूटन",
        "j": "j joule joules जूल",
        "kj": "kj kilojoule kilojoules",
        "w": "w watt watts वाट",
        "kw": "kw kilowatt kilowatts किलोवाट",
        "v": "v volt volts वोल्ट",
        "a": "a ampere amperes amp एम्पियर ऐम्पियर",
        "ohm": "ω ohm ohms ओम",
        "hz": "hz hertz हर्ट्ज़ हर्ट्ज",
        "pa": "pa pascal pascals पास्कल",
        "k": "k kelvin kelvins केल्विन",
        "°": "° °c degree degrees अंश डिग्री",
        "°f": "°f",
        "%": "% percent प्रतिशत",
        "d": "d dioptre dioptres डायोप्टर",
        "c": "c coulomb coulombs कूलॉम",
        "mol": "mol mole moles मोल",
    }.items()
    for word in _words(words)
}

REFERENCES = _words(
    """it its itself this these those they them their such here there he she his her former latter यह ये वह वे इस
    इसे इसका इसकी इसके इसमें इससे इन इन्हें इनका इनकी इनके इनमें इनसे उस उसे उसका उसकी उसके उसमें उन उन्हें
    उनका उनकी उनके उनमें ऐसा ऐसी ऐसे यहाँ वहाँ"""
)

NEUTRAL = _words(
    """called known termed named defined means refers denotes stands example examples include includes including
    type types kind kinds form forms process term word name substance substances happens occurs takes place
    formula written contains contain needs need starts start begins begin found finds keeps keep falls fall
    travels travel gives give provides provide makes make si परिभाषा परिभाषित उदाहरण अर्थात प्रकार नाम शब्द
    प्रक्रिया प्रक्रम पदार्थ सूत्र पाया पाई पाए प्रदान शुरू आरंभ प्रारंभ उपस्थित"""
)

SUBORDINATING = _words("because since unless when if though क्योंकि बल्कि यदि जब तो ताकि")
CONTRASTING = _words("but whereas while however although परंतु परन्तु लेकिन किंतु किन्तु मगर जबकि हालाँकि")
JOINING = _words("and or तथा और एवं व या")
FINITE = _words("है हैं था थी थे थीं होगा होगी होंगे")
COMPARED = _words("अधिक कम ज्यादा ज़्यादा बड़ा बड़ी बड़े छोटा छोटी छोटे तेज तेज़ भारी हल्का")

IRREGULAR = {
    form: verb
    for verb, forms in {
        "bend": "bent",
        "break": "broke broken",
        "build": "built",
        "burn": "burnt",
        "draw": "drew drawn",
        "freeze": "froze frozen",
        "grow": "grew grown",
        "hold": "held",
        "lead": "led",
        "lose": "lost",
        "melt": "molten",
        "rise": "rose risen",
        "send": "sent",
        "spread": "spreads spreading",
        "throw": "threw thrown",
        "write": "wrote",
    }.items()
    for form in _words(forms)
}
COORDINATING = JOINING | _words("with between &")
PASSIVE = _words("by द्वारा")
