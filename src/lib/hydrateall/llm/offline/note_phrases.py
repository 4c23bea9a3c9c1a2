"""The wording of notes in English and Hindi. Key → (English, Hindi)."""

from __future__ import annotations

NOTE_PHRASES: dict[str, tuple[str, str]] = {
    "label": (
        "> **Sample content** · written by HydrateAll's offline writer without a language model; not reviewed.",
        "> **नमूना सामग्री** · HydrateAll के ऑफ़लाइन लेखक ने भाषा मॉडल के बिना लिखी है; समीक्षा नहीं हुई है।",
    ),
    "idea": ("The idea", "मुख्य विचार"),
    "goals": ("After this lesson you can:", "इस पाठ के बाद आप ये कार्य कर सकेंगे:"),
    "importance": ("Why it matters", "यह क्यों महत्त्वपूर्ण है"),
    "place": (
        "“{title}” belongs to the chapter “{chapter}”. It lets you give reasons for things you can see "
        "or work out yourself.",
        "“{title}” अध्याय “{chapter}” का भाग है। इसकी सहायता से आप उन बातों के कारण बता सकते हैं जिन्हें आप स्वयं देख "
        "या हल कर सकते हैं।",
    ),
    "for_instance": ("Take one example. {effect} Why? {cause}", "एक उदाहरण लीजिए। {effect} क्यों? {cause}"),
    "vocabulary": ("Key terms", "मुख्य शब्द"),
    "vocabulary_lead": (
        "Learn these words first; the rest of the lesson uses them.",
        "पहले इन शब्दों को सीख लीजिए; शेष पाठ में इनका प्रयोग हुआ है।",
    ),
    "statements": ("What is true", "मुख्य तथ्य"),
    "statements_lead": (
        "The word in bold carries the meaning of each statement.",
        "मोटे अक्षरों में लिखा अंश प्रत्येक कथन का सार है।",
    ),
    "explanations": ("Why it happens", "ऐसा क्यों होता है"),
    "explanation": ("{effect}\n*Reason:* {cause}", "{effect}\n*कारण:* {cause}"),
    "worked": ("Worked examples", "हल सहित उदाहरण"),
    "situation": ("**A situation to think about**", "**सोचने योग्य स्थिति**"),
    "reasoned": ("**Question.** {question}\n\n**Answer.** {answer}", "**प्रश्न।** {question}\n\n**उत्तर।** {answer}"),
    "problem": ("**Example.** {text}", "**उदाहरण।** {text}"),
    "result": ("**Answer:** {answer}", "**उत्तर:** {answer}"),
    "practice": ("**Practise yourself**", "**स्वयं अभ्यास कीजिए**"),
    "answer": ("*(Answer: {answer})*", "*(उत्तर: {answer})*"),
    "argued": (
        "**How to judge an argument.** Assertion: {effect} Reason given: {cause}\n\n"
        "1. Check the assertion alone. The lesson shows that it is true.\n"
        "2. Check the reason alone. It is a true statement as well.\n"
        "3. Ask whether the reason answers the question “why?” about the assertion. Read both with "
        "“because” between them: "
        "it does.\n"
        "4. Conclusion: both are true, and the reason explains the assertion. A reason that is true but "
        "about something "
        "else would not be an explanation.",
        "**तर्क को कैसे परखें।** अभिकथन: {effect} दिया गया कारण: {cause}\n\n"
        "1. पहले केवल अभिकथन को जाँचिए। पाठ से पता चलता है कि वह सत्य है।\n"
        "2. फिर केवल कारण को जाँचिए। वह भी एक सत्य कथन है।\n"
        "3. अब देखिए कि क्या कारण, अभिकथन के बारे में पूछे गए “क्यों?” का उत्तर देता है। दोनों के बीच “क्योंकि” रखकर पढ़िए: "
        "उत्तर मिल जाता है।\n"
        "4. निष्कर्ष: दोनों सत्य हैं और कारण अभिकथन की व्याख्या करता है। यदि कारण सत्य तो हो, पर किसी दूसरी बात के "
        "बारे में हो, "
        "तो वह व्याख्या नहीं होता।",
    ),
    "sorting": ("**Sort: right or wrong?**", "**छाँटिए: सही या गलत?**"),
    "right": ("right", "सही"),
    "corrected": ("wrong, it must be “{key}”", "गलत, “{key}” होना चाहिए"),
    "mistakes": ("Common mistakes", "सामान्य भूलें"),
    "mistake": ("Wrong: {false} Right: {true}", "गलत: {false} सही: {true}"),
    "checks": ("Check yourself", "स्वयं जाँचिए"),
    "checks_lead": (
        "Cover the answers, reply in your own words, then compare.",
        "उत्तर ढककर अपने शब्दों में बताइए और फिर मिलाइए।",
    ),
    "complete": ("Complete: {gap}", "पूरा कीजिए: {gap}"),
    "define": ("What is meant by “{term}”?", "“{term}” से क्या अभिप्राय है?"),
    "because": ("{effect} Reason: {cause}", "{effect} कारण: {cause}"),
    "sources": ("Also worth knowing", "यह भी जानिए"),
    "key_points": ("Key points", "मुख्य बिंदु"),
    # the study guide for topics the library does not have
    "guide_notice": (
        "HydrateAll has no written lesson on “{title}” yet. This page does not explain its content; it "
        "shows how to study it "
        "with the textbook at hand.",
        "HydrateAll के पास अभी “{title}” पर लिखा हुआ पाठ नहीं है। यह पृष्ठ विषय की सामग्री नहीं समझाता; "
        "यह बताता है कि पाठ्यपुस्तक की सहायता से इसे कैसे पढ़ा जाए।",
    ),
    "guide_goals": ("What to learn", "क्या सीखना है"),
    "guide_how": ("How to study it", "इसे कैसे पढ़ें"),
    "guide_words": ("Words to collect", "एकत्र करने योग्य शब्द"),
    "guide_words_lead": (
        "Make a list with three columns: the word, its meaning in your own words, an example. Look for "
        "words of these kinds:",
        "तीन स्तंभों की सूची बनाइए: शब्द, अपने शब्दों में उसका अर्थ, और एक उदाहरण। इस प्रकार के शब्द खोजिए:",
    ),
    "guide_questions": ("Guiding questions", "मार्गदर्शक प्रश्न"),
    "guide_example": ("An example of studying", "अध्ययन का एक उदाहरण"),
    "guide_numbers": ("Arithmetic you may need", "आवश्यक गणना का अभ्यास"),
    "guide_end": ("Key points", "मुख्य बिंदु"),
}

GUIDE_STEPS: tuple[tuple[str, str], ...] = (
    (
        "Read the section on “{title}” once without stopping, to see what it is about.",
        "“{title}” वाला भाग एक बार बिना रुके पढ़िए, ताकि पता चले कि वह किस बारे में है।",
    ),
    (
        "Read it again slowly and mark every word that is new to you.",
        "उसे फिर धीरे-धीरे पढ़िए और हर नए शब्द पर चिह्न लगाइए।",
    ),
    (
        "Write each main statement in your own words and add one example.",
        "प्रत्येक मुख्य कथन अपने शब्दों में लिखिए और एक उदाहरण जोड़िए।",
    ),
    (
        "Close the book, write down what you remember, and compare.",
        "पुस्तक बंद करके जो याद है उसे लिखिए और फिर मिलाइए।",
    ),
    (
        "Work through the exercises of the textbook and check every answer again.",
        "पाठ्यपुस्तक के अभ्यास कीजिए और हर उत्तर को दोबारा जाँचिए।",
    ),
)
GUIDE_WORDS: tuple[tuple[str, str], ...] = (
    ("names of things, persons or places", "वस्तुओं, व्यक्तियों या स्थानों के नाम"),
    ("words for properties or quantities, with their units", "गुणों या राशियों के नाम, उनके मात्रक सहित"),
    ("words for processes, methods or rules", "प्रक्रियाओं, विधियों या नियमों के नाम"),
)
GUIDE_QUESTIONS: tuple[tuple[str, str], ...] = (
    ("What is “{title}” about, in one sentence?", "एक वाक्य में, “{title}” किस बारे में है?"),
    (
        "Which statement of the section is the most important one, and why?",
        "इस भाग का सबसे महत्त्वपूर्ण कथन कौन-सा है और क्यों?",
    ),
    ("Which example shows it best?", "कौन-सा उदाहरण उसे सबसे अच्छी तरह दिखाता है?"),
    (
        "How does it follow from, or prepare for, other parts of “{chapter}”?",
        "“{chapter}” के अन्य भागों से इसका क्या संबंध है?",
    ),
    ("What would you ask your teacher about it?", "आप इसके बारे में अपने शिक्षक से क्या पूछेंगे?"),
)
