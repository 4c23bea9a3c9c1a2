"""What is true of learning any topic. Each entry is (English, Hindi); {title} is the topic's title, [[…]] the key."""

from __future__ import annotations

Pair = tuple[str, str]

ABOUT: Pair = ("How to study {title}", "{title} का अध्ययन")
SUMMARY: Pair = (
    "‘{title}’ is learnt best in small steps: first its special words, then its main statements with an "
    "example for each, "
    "then the reasons behind them. A learner who can explain each step to somebody else in simple words "
    "has understood the topic.",
    "‘{title}’ को छोटे-छोटे चरणों में सीखना सबसे अच्छा है: पहले इसके विशेष शब्द, फिर उदाहरण सहित मुख्य कथन, और उसके बाद "
    "उनके पीछे के कारण। "
    "जो विद्यार्थी प्रत्येक चरण को सरल शब्दों में किसी और को समझा सके, उसने विषय को समझ लिया है।",
)
OBJECTIVES: tuple[Pair, ...] = (
    ("Explain the main ideas of ‘{title}’ in own words", "‘{title}’ के मुख्य विचारों को अपने शब्दों में समझाना"),
    ("Apply the ideas of ‘{title}’ to a new example", "‘{title}’ के विचारों को नए उदाहरण पर लागू करना"),
)
TERMS: tuple[tuple[Pair, Pair], ...] = (
    (
        ("Definition", "परिभाषा"),
        ("a sentence that says exactly what a word means", "वह वाक्य जो किसी शब्द का सटीक अर्थ बताता है"),
    ),
    (
        ("Example", "उदाहरण"),
        ("a particular case that shows a general idea at work", "वह विशेष स्थिति जिसमें कोई सामान्य विचार लागू होता दिखता है"),
    ),
    (
        ("Evidence", "प्रमाण"),
        ("observations or data that support a statement", "वे प्रेक्षण या आँकड़े जो किसी कथन का समर्थन करते हैं"),
    ),
    (
        ("Observation", "प्रेक्षण"),
        ("information collected with the senses or with instruments", "इंद्रियों या उपकरणों से एकत्र की गई जानकारी"),
    ),
    (
        ("Conclusion", "निष्कर्ष"),
        ("a judgement reached by reasoning from what is known", "ज्ञात बातों से तर्क करके निकाला गया निर्णय"),
    ),
    (
        ("Summary", "सारांश"),
        ("a short account that keeps only the main points", "वह छोटा विवरण जिसमें केवल मुख्य बातें रहती हैं"),
    ),
    (
        ("Comparison", "तुलना"),
        ("a statement of how two things are alike and how they differ", "दो वस्तुओं की समानताओं और अंतरों का वर्णन"),
    ),
    (
        ("Classification", "वर्गीकरण"),
        ("the arrangement of things in groups by shared features", "समान लक्षणों के आधार पर वस्तुओं को समूहों में रखना"),
    ),
    (("Cause", "कारण"), ("something that makes something else happen", "वह बात जिसके होने से कोई दूसरी बात घटित होती है")),
    (("Glossary", "शब्दावली"), ("a list of special words with what they mean", "विशेष शब्दों की उनके अर्थ सहित सूची")),
)
FACTS: tuple[tuple[Pair, Pair], ...] = (
    (
        (
            "A good definition of a term in ‘{title}’ uses words that are [[simpler]] than the term itself.",
            "‘{title}’ के किसी पद की अच्छी परिभाषा में उस पद से [[सरल]] शब्द होते हैं।",
        ),
        ("harder", "कठिन"),
    ),
    (
        (
            "To show that a general statement is false, one [[counterexample]] is enough.",
            "किसी सामान्य कथन को असत्य सिद्ध करने के लिए एक [[प्रत्युदाहरण]] पर्याप्त है।",
        ),
        ("matching example", "अनुकूल उदाहरण"),
    ),
    (
        (
            "Recalling the main points of ‘{title}’ from memory strengthens learning [[more]] than only "
            "rereading them.",
            "‘{title}’ की मुख्य बातों को स्मृति से दोहराना, उन्हें केवल दोबारा पढ़ने की तुलना में सीखने को [[अधिक]] पक्का करता है।",
        ),
        ("less", "कम"),
    ),
    (
        (
            "Practice spread over several days is remembered for a [[longer]] time than the same "
            "practice done in one sitting.",
            "कई दिनों में बाँटकर किया गया अभ्यास, एक ही बैठक में किए गए उतने ही अभ्यास से [[अधिक]] समय तक याद रहता है।",
        ),
        ("shorter", "कम"),
    ),
    (
        ("A summary is [[shorter]] than the text it is made from.", "सारांश अपने मूल पाठ से [[छोटा]] होता है।"),
        ("longer", "बड़ा"),
    ),
    (
        ("A cause comes [[before]] its effect in time.", "समय की दृष्टि से कारण अपने प्रभाव से [[पहले]] आता है।"),
        ("after", "बाद में"),
    ),
    (
        (
            "A statement supported by evidence is [[more]] reliable than a guess.",
            "प्रमाण पर आधारित कथन, अटकल की तुलना में [[अधिक]] विश्वसनीय होता है।",
        ),
        ("less", "कम"),
    ),
    (
        (
            "Things that share a feature are placed in [[one group]] when they are classified by that feature.",
            "किसी लक्षण के आधार पर वर्गीकरण करते समय उस लक्षण वाली वस्तुएँ [[एक ही समूह]] में रखी जाती हैं।",
        ),
        ("different groups", "अलग-अलग समूहों"),
    ),
    (
        (
            "Explaining ‘{title}’ to somebody else [[reveals]] what one has not yet understood.",
            "‘{title}’ किसी और को समझाने से अपनी समझ की कमियाँ [[सामने आती]] हैं।",
        ),
        ("hides", "छिप जाती"),
    ),
    (
        (
            "A claim that can be checked by observation is called [[testable]].",
            "जिस दावे की जाँच प्रेक्षण से हो सके उसे [[परीक्षणीय]] कहते हैं।",
        ),
        ("untestable", "अपरीक्षणीय"),
    ),
)
REASONS: tuple[tuple[Pair, Pair], ...] = (
    (
        (
            "It helps to study solved examples of ‘{title}’ before trying new questions.",
            "‘{title}’ के नए प्रश्न करने से पहले हल किए गए उदाहरण पढ़ना उपयोगी होता है।",
        ),
        (
            "A solved example shows every step, so that a learner can see how one step leads to the next.",
            "हल किए गए उदाहरण में प्रत्येक चरण दिखता है, जिससे विद्यार्थी समझ पाता है कि एक चरण से अगला कैसे निकलता है।",
        ),
    ),
    (
        (
            "The special words of ‘{title}’ should be learnt at the start.",
            "‘{title}’ के विशेष शब्द आरंभ में ही सीख लेने चाहिए।",
        ),
        (
            "Explanations and questions use these words and cannot be followed by a reader who does not know them.",
            "व्याख्याओं और प्रश्नों में इन्हीं शब्दों का प्रयोग होता है और इन्हें जाने बिना पाठक उन्हें समझ नहीं सकता।",
        ),
    ),
    (
        ("An answer should be checked again after it has been written.", "उत्तर लिखने के बाद उसे दोबारा जाँच लेना चाहिए।"),
        (
            "A second look finds slips that were not noticed during the writing.",
            "दोबारा देखने पर वे भूलें मिल जाती हैं जिन पर लिखते समय ध्यान नहीं गया था।",
        ),
    ),
    (
        ("Wrong answers are worth going over once more.", "गलत उत्तरों पर एक बार फिर विचार करना लाभदायक है।"),
        (
            "Finding the place where the reasoning failed shows what has to be learnt next.",
            "तर्क में भूल का स्थान पता चलने से ज्ञात होता है कि आगे क्या सीखना है।",
        ),
    ),
    (
        (
            "Notes in one's own words are more useful than copied notes.",
            "अपने शब्दों में लिखी टिप्पणियाँ नकल की गई टिप्पणियों से अधिक उपयोगी होती हैं।",
        ),
        (
            "Putting an idea into one's own words is possible only after thinking about its meaning.",
            "किसी विचार को अपने शब्दों में लिखना उसके अर्थ पर सोचने के बाद ही संभव होता है।",
        ),
    ),
)
APPLICATION: tuple[Pair, tuple[tuple[Pair, Pair], ...]] = (
    (
        "Nisha has to explain ‘{title}’ to her class on Friday. On Monday she lists the new words and "
        "writes a meaning beside each. "
        "On Wednesday she closes her book and writes down all she remembers, then compares it with the book. "
        "On Thursday she explains the topic to her brother, who asks why each statement is true.",
        "निशा को शुक्रवार को अपनी कक्षा में ‘{title}’ समझाना है। सोमवार को वह नए शब्दों की सूची बनाकर प्रत्येक का "
        "अर्थ लिखती है। "
        "बुधवार को वह पुस्तक बंद करके जो कुछ याद है उसे लिखती है और फिर पुस्तक से मिलाती है। "
        "गुरुवार को वह विषय अपने भाई को समझाती है, जो हर कथन का कारण पूछता है।",
    ),
    (
        (
            (
                "What does Nisha gain by writing from memory on Wednesday?",
                "बुधवार को स्मृति से लिखने से निशा को क्या लाभ होता है?",
            ),
            (
                "Recalling from memory strengthens what she has learnt, and the comparison with the book "
                "shows her what is still missing.",
                "स्मृति से दोहराने पर सीखी हुई बातें पक्की होती हैं और पुस्तक से मिलाने पर पता चलता है कि अभी क्या छूट रहा है।",
            ),
        ),
        (
            ("How do the brother's questions help her?", "भाई के प्रश्नों से उसे क्या सहायता मिलती है?"),
            (
                "They make her give a reason for every statement, so she notices which of them she has "
                "not yet understood.",
                "प्रश्नों के कारण उसे हर कथन का कारण बताना पड़ता है, जिससे उसे पता चलता है कि कौन-सी बातें अभी समझ में नहीं आई हैं।",
            ),
        ),
    ),
)
