"""The wording of questions in English and Hindi. Key → (English, Hindi); braces name what is filled in."""

from __future__ import annotations

from hydrateall.llm.offline.hard_phrases import HARD_PHRASES

PHRASES: dict[str, tuple[str, str]] = {
    "on": ("On “{title}”.", "“{title}” पर प्रश्न।"),
    # true or false
    "true": ("True", "सत्य"),
    "false": ("False", "असत्य"),
    "true_false": ("True or false? {statement}", "सत्य या असत्य? {statement}"),
    "means": ("“{term}” means {meaning}.", "“{term}” का अर्थ है: {meaning}।"),
    "is_true": ("The statement is true.", "यह कथन सत्य है।"),
    "is_false": ("The statement is false.", "यह कथन असत्य है।"),
    "true_because": (
        "The statement is correct as it stands; with “{wrong}” in place of “{key}” it would be wrong.",
        "कथन जैसा लिखा है वैसा ही सही है; “{key}” के स्थान पर “{wrong}” लिखने से वह गलत हो जाता।",
    ),
    "false_because": (
        "The mistake lies in “{wrong}”. Correct is: {true}",
        "भूल “{wrong}” में है। सही कथन है: {true}",
    ),
    "other_meaning": (
        "That is the meaning of “{other}”. “{term}” means {meaning}.",
        "यह “{other}” का अर्थ है। “{term}” का अर्थ है: {meaning}।",
    ),
    # gaps
    "fill": ("Fill in the blank: {gap}", "रिक्त स्थान की पूर्ति कीजिए: {gap}"),
    "fill_term": (
        "Fill in the blank: The term for “{meaning}” is _____.",
        "रिक्त स्थान की पूर्ति कीजिए: “{meaning}” – इसके लिए प्रयुक्त पद _____ है।",
    ),
    "gap_is": ("The missing word is “{key}”.", "रिक्त स्थान में “{key}” आएगा।"),
    "gap_because": (
        "The complete statement is: {true} With “{wrong}” it would be wrong.",
        "पूरा कथन है: {true} “{wrong}” लिखने से यह गलत हो जाता।",
    ),
    # choices about terms
    "what_means": ("What is meant by “{term}”?", "“{term}” से क्या अभिप्राय है?"),
    "which_term": ("Which term means: {meaning}?", "किस पद का अर्थ है: {meaning}?"),
    "why_choice": ("{effect} What is the reason?", "{effect} इसका कारण क्या है?"),
    "why_because": ("It is so because of this: {cause}", "इसका कारण यह है: {cause}"),
    "statement_true": (
        "Which of these statements about “{title}” is correct?",
        "“{title}” के बारे में इनमें से कौन-सा कथन सही है?",
    ),
    "statement_false": (
        "Which of these statements about “{title}” is wrong?",
        "“{title}” के बारे में इनमें से कौन-सा कथन गलत है?",
    ),
    "only_true": ("Only this statement is correct: {true}", "केवल यह कथन सही है: {true}"),
    "only_false": ("The wrong statement should read: {true}", "गलत कथन का सही रूप है: {true}"),
    # matching
    "match_terms": (
        "Match each term with its meaning: {names}.",
        "प्रत्येक पद का उसके अर्थ से मिलान कीजिए: {names}।",
    ),
    "match_gaps": (
        "Match each statement with the entry that completes it. Entries: {names}.",
        "प्रत्येक कथन का उस प्रविष्टि से मिलान कीजिए जो उसे पूरा करती है। प्रविष्टियाँ: {names}।",
    ),
    "match_reasons": (
        "Match each observation about “{title}” with its reason.",
        "“{title}” से संबंधित प्रत्येक प्रेक्षण का उसके कारण से मिलान कीजिए।",
    ),
    "match_answer": ("The right pairs are {pairs}.", "सही जोड़े हैं: {pairs}।"),
    "match_because": ("“{left}” belongs to “{right}”.", "“{left}” का मेल “{right}” से है।"),
    # short answers
    "explain_why": ("Give the reason: {effect}", "कारण बताइए: {effect}"),
    "cause_step": ("The reason is this: {cause}", "इसका कारण है: {cause}"),
    "whole_reason": ("{effect} The reason is this: {cause}", "{effect} इसका कारण है: {cause}"),
    "reach_goal": (
        "Your goal is this: “{objective}”. Name three steps that lead you there, in order.",
        "आपका लक्ष्य है: “{objective}”। इस तक पहुँचने के तीन चरण क्रम से लिखिए।",
    ),
    "goal_read": (
        "First, read the section in the textbook and write down every new word with its meaning.",
        "पहले पाठ्यपुस्तक का संबंधित भाग पढ़िए और प्रत्येक नया शब्द अर्थ सहित लिखिए।",
    ),
    "goal_say": (
        "Second, put the main statements into your own words and add one example to each.",
        "फिर मुख्य कथनों को अपने शब्दों में लिखिए और प्रत्येक के साथ एक उदाहरण जोड़िए।",
    ),
    "goal_check": (
        "Third, answer questions on it without the book and correct every mistake.",
        "अंत में पुस्तक देखे बिना प्रश्नों के उत्तर दीजिए और हर भूल सुधारिए।",
    ),
    "goal_answer": (
        "Read and collect the words, restate with examples, then test yourself.",
        "पढ़कर शब्द एकत्र करना, उदाहरण सहित अपने शब्दों में लिखना, फिर स्वयं को जाँचना।",
    ),
    "effect_step": ("That explains the observation: {effect}", "इससे यह बात स्पष्ट होती है: {effect}"),
    "distinguish": (
        "Distinguish between “{first}” and “{second}”.",
        "“{first}” और “{second}” में अंतर स्पष्ट कीजिए।",
    ),
    "distinguish_answer": (
        "“{first}” is {first_meaning}, whereas “{second}” is {second_meaning}.",
        "“{first}” का अर्थ है: {first_meaning}; जबकि “{second}” का अर्थ है: {second_meaning}।",
    ),
    "correct_it": (
        "This statement contains a mistake. Write it correctly and say what was wrong: {false}",
        "इस कथन में एक भूल है। इसे सही करके लिखिए और बताइए कि भूल क्या थी: {false}",
    ),
    "mistake_step": ("The wrong part is “{wrong}”.", "गलत अंश “{wrong}” है।"),
    "correct_step": ("It must be “{key}”.", "इसके स्थान पर “{key}” होना चाहिए।"),
    "corrected": ("Correct: {true}", "सही कथन: {true}"),
    "define": (
        "What is meant by “{term}”? Add one true statement about “{title}”.",
        "“{term}” से क्या अभिप्राय है? “{title}” के बारे में एक सही कथन भी लिखिए।",
    ),
    "define_fact": ("A true statement of this topic is: {true}", "इस विषय का एक सही कथन है: {true}"),
    "define_note": (
        "Other correct statements of the lesson are accepted too.",
        "पाठ का कोई अन्य सही कथन भी मान्य है।",
    ),
    # assertion and reason
    "assertion": (
        "Assertion (A): {a} Reason (R): {r} Choose the right option.",
        "अभिकथन (A): {a} कारण (R): {r} सही विकल्प चुनिए।",
    ),
    "ar_A": (
        "Both A and R are true, and R is the correct explanation of A.",
        "A और R दोनों सत्य हैं और R, A की सही व्याख्या है।",
    ),
    "ar_B": (
        "Both A and R are true, but R is not the correct explanation of A.",
        "A और R दोनों सत्य हैं, परंतु R, A की सही व्याख्या नहीं है।",
    ),
    "ar_C": ("A is true, but R is false.", "A सत्य है, परंतु R असत्य है।"),
    "ar_D": ("A is false, but R is true.", "A असत्य है, परंतु R सत्य है।"),
    "a_true": ("The assertion is true: {a}", "अभिकथन सत्य है: {a}"),
    "a_false": ("The assertion is false. Correct is: {true}", "अभिकथन असत्य है। सही कथन है: {true}"),
    "r_true": ("The reason is a true statement: {r}", "कारण एक सत्य कथन है: {r}"),
    "r_false": ("The reason is false. Correct is: {true}", "कारण असत्य है। सही कथन है: {true}"),
    "r_explains": ("The reason says why the assertion holds.", "कारण बताता है कि अभिकथन क्यों सही है।"),
    "r_apart": (
        "The two statements are about different things, so the reason does not explain the assertion.",
        "दोनों कथन अलग-अलग बातों के बारे में हैं, इसलिए कारण अभिकथन की व्याख्या नहीं करता।",
    ),
    # several right options
    "select_true": (
        "Which of these statements about “{title}” are correct? Choose all that apply.",
        "“{title}” के बारे में इनमें से कौन-से कथन सही हैं? सभी सही विकल्प चुनिए।",
    ),
    "select_false": (
        "Which of these statements about “{title}” contain a mistake? Choose all that apply.",
        "“{title}” के बारे में इनमें से किन कथनों में भूल है? सभी ऐसे विकल्प चुनिए।",
    ),
    "select_keep": (
        "A learner wants to copy only correct statements about “{title}” into the notebook. Which of these may stay?",
        "एक विद्यार्थी अपनी कॉपी में “{title}” के केवल सही कथन लिखना चाहता है। इनमें से कौन-से कथन लिखे जा सकते हैं?",
    ),
    "select_pairs": (
        "In which options does the term stand with its right meaning? Terms: {names}.",
        "किन विकल्पों में पद अपने सही अर्थ के साथ दिया गया है? पद: {names}।",
    ),
    "pair": ("{term}: {meaning}", "{term}: {meaning}"),
    "select_answer": ("The options asked for are {letters}.", "अभीष्ट विकल्प {letters} हैं।"),
    "option_right": ("{letter} is correct: {text}", "{letter} सही है: {text}"),
    "option_wrong": ("{letter} is wrong. Correct is: {text}", "{letter} गलत है। सही रूप है: {text}"),
    # numericals
    "find_both": ("(i) {first} (ii) {second}", "(i) {first} (ii) {second}"),
    "both_answers": ("(i) {first}; (ii) {second}", "(i) {first}; (ii) {second}"),
    "compare": (
        "Solve both parts, then find by how much the two results differ. (i) {first} (ii) {second}",
        "दोनों भाग हल कीजिए और फिर ज्ञात कीजिए कि दोनों परिणामों में कितना अंतर है। (i) {first} (ii) {second}",
    ),
    "compare_step": (
        "Difference: {larger} − {smaller} = {difference}.",
        "अंतर: {larger} − {smaller} = {difference}।",
    ),
    "compare_answer": (
        "The results are {first} and {second}; they differ by {difference}.",
        "परिणाम {first} और {second} हैं; इनमें {difference} का अंतर है।",
    ),
    "both_direct": (
        "The results are (i) {first} and (ii) {second}.",
        "परिणाम हैं: (i) {first} और (ii) {second}।",
    ),
    "find_slip": (
        "{text} A learner gets {wrong}. Solve the problem and find the likely mistake.",
        "{text} एक विद्यार्थी का उत्तर {wrong} आता है। प्रश्न हल कीजिए और संभावित भूल बताइए।",
    ),
    "slip_answer": ("The right answer is {answer}. {reason}", "सही उत्तर {answer} है। {reason}"),
    "slip_note": ("The value {wrong} comes from a slip: {reason}", "{wrong} मान एक भूल से आता है: {reason}"),
    "part": ("Part ({number}): {step}", "भाग ({number}): {step}"),
    "number_takeaway": (
        "Write down what is given, choose the relation that contains the unknown, and only then put in the numbers.",
        "पहले दी गई राशियाँ लिखिए, फिर वह संबंध चुनिए जिसमें अज्ञात राशि हो, और उसके बाद ही मान रखिए।",
    ),
    "number_discussion": (
        "Check the size and the unit of each result before going on: a slip in the first part is carried "
        "into the last.",
        "आगे बढ़ने से पहले प्रत्येक परिणाम का परिमाण और मात्रक जाँच लीजिए: पहले भाग की भूल अंत तक साथ चलती है।",
    ),
} | HARD_PHRASES

DIFFICULTY_LEADS: dict[str, tuple[tuple[str, str], ...]] = {
    "easy": (
        ("Quick check.", "त्वरित जाँच।"),
        ("Recall the lesson.", "पाठ को याद कीजिए।"),
        ("Warm-up question.", "आरंभिक अभ्यास।"),
        ("Answer without looking at your notes.", "अपनी कॉपी देखे बिना उत्तर दीजिए।"),
    ),
    "medium": (
        ("Answer with steps.", "चरणों सहित उत्तर दीजिए।"),
        ("Think, then write.", "सोचकर लिखिए।"),
        ("Explain your choice as you answer.", "उत्तर देते हुए अपने चुनाव का कारण बताइए।"),
        ("Homework question.", "गृहकार्य प्रश्न।"),
    ),
    "hard": (
        ("Justify your answer in full.", "अपने उत्तर का पूरा औचित्य बताइए।"),
        ("Answer as in a school examination.", "विद्यालय की परीक्षा के अनुसार उत्तर दीजिए।"),
        ("Argue step by step.", "चरणबद्ध तर्क दीजिए।"),
        ("Challenge question.", "चुनौतीपूर्ण प्रश्न।"),
    ),
}

CARDS: dict[str, tuple[str, str]] = {
    "easy": ("Revision card {number}.", "पुनरावृत्ति कार्ड {number}।"),
    "medium": ("Practice card {number}.", "अभ्यास कार्ड {number}।"),
    "hard": ("Challenge card {number}.", "चुनौती कार्ड {number}।"),
}

TAGS: dict[str, tuple[str, str]] = {
    "revision": ("revision", "पुनरावृत्ति"),
    "vocabulary": ("vocabulary", "शब्दावली"),
    "facts": ("facts", "तथ्य"),
    "reasoning": ("reasoning", "तर्क"),
    "application": ("application", "अनुप्रयोग"),
    "calculation": ("calculation", "गणना"),
}


def choose(language: str, pair: tuple[str, str]) -> str:
    """The side of an (English, Hindi) pair."""
    return pair[1] if language == "hi" else pair[0]


def phrase(language: str, name: str, /, **values: object) -> str:
    """A phrase of PHRASES with its values filled in; values may contain braces."""
    text = choose(language, PHRASES[name])
    return text.format(**values) if values else text


def lead(language: str, difficulty: str, layer: int) -> str:
    """The sentence before a question that reuses a form: first the worded ones, then numbered cards."""
    leads = DIFFICULTY_LEADS[difficulty]
    if layer < len(leads):
        return choose(language, leads[layer])
    return choose(language, CARDS[difficulty]).format(number=layer - len(leads) + 1)
