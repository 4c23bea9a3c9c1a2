"""The wording of long questions and of the remarks that close hard answers. Key → (English, Hindi)."""

from __future__ import annotations

HARD_PHRASES: dict[str, tuple[str, str]] = {
    "dispute": (
        "Two learners revise “{title}”. {one} says: “{first}” {other} disagrees and says: “{second}”",
        "दो विद्यार्थी “{title}” की पुनरावृत्ति कर रहे हैं। {one} का कथन है: “{first}” "
        "{other} असहमत है और उसका कथन है: “{second}”",
    ),
    "dispute_question": (
        "Who is right, {one} or {other}? Decide between “{wrong}” and “{key}” and give your grounds.",
        "किसका कथन सही है, {one} का या {other} का? “{wrong}” और “{key}” में से सही चुनिए और कारण बताइए।",
    ),
    "dispute_answer": ("{name} is right: {true}", "{name} का कथन सही है: {true}"),
    "case_answers": ("(i) {first} (ii) {second}", "(i) {first} (ii) {second}"),
    "behind_case": ("The idea behind the case: {summary}", "इस प्रकरण के पीछे का विचार: {summary}"),
    "refute": (
        "A classmate claims: “{false}” Evaluate this claim and show how you would convince the classmate.",
        "एक सहपाठी का दावा है: “{false}” इस दावे का मूल्यांकन कीजिए और बताइए कि आप सहपाठी को कैसे समझाएँगे।",
    ),
    "refute_answer": ("The claim is wrong. Correct is: {true}", "दावा गलत है। सही कथन है: {true}"),
    "refute_step": (
        "To convince the classmate, go back to the definition, the law or the observation from which “{key}” follows.",
        "सहपाठी को समझाने के लिए उस परिभाषा, नियम या प्रेक्षण का सहारा लीजिए जिससे “{key}” प्राप्त होता है।",
    ),
    "judge_explanation": (
        "Observation: {effect} A learner explains it in this way: “{cause}” Does this explain the "
        "observation? Give a better explanation.",
        "प्रेक्षण: {effect} एक विद्यार्थी इसकी व्याख्या इस प्रकार करता है: “{cause}” क्या इससे प्रेक्षण स्पष्ट होता है? "
        "बेहतर व्याख्या दीजिए।",
    ),
    "judge_answer": (
        "The learner's sentence is true but does not answer the question. The explanation is: {cause}",
        "विद्यार्थी का वाक्य सत्य है, पर प्रश्न का उत्तर नहीं देता। सही व्याख्या है: {cause}",
    ),
    "offered_step": (
        "The learner's sentence belongs to another observation: {effect}",
        "विद्यार्थी का वाक्य दूसरे प्रेक्षण से संबंधित है: {effect}",
    ),
    "sort_out": (
        "A learner's notebook says: (1) {effect} (2) {false} One of the two is wrong. Find it, correct "
        "it, and explain the other.",
        "एक विद्यार्थी की कॉपी में लिखा है: (1) {effect} (2) {false} इन दोनों में से एक गलत है। उसे पहचानकर सही "
        "कीजिए और दूसरे की व्याख्या कीजिए।",
    ),
    "sort_out_answer": (
        "Sentence (2) is wrong; correct is: {true} Sentence (1) is right, and its reason is: {cause}",
        "वाक्य (2) गलत है; सही कथन है: {true} वाक्य (1) सही है और उसका कारण है: {cause}",
    ),
    "account": (
        "Write a full account of “{title}”. Use the terms “{first}” and “{second}” correctly, and "
        "explain this: {effect}",
        "“{title}” का विस्तृत वर्णन कीजिए। “{first}” और “{second}” पदों का सही प्रयोग कीजिए और इसकी व्याख्या कीजिए: {effect}",
    ),
    "account_answer": (
        "“{first}” means {first_meaning}; “{second}” means {second_meaning}. The reason asked for is this: {cause}",
        "“{first}” का अर्थ है: {first_meaning}; “{second}” का अर्थ है: {second_meaning}। पूछी गई बात का कारण यह है: {cause}",
    ),
    "judge_discussion": (
        "Read the whole sentence before you decide: one word is enough to make it true or false.",
        "निर्णय से पहले पूरा वाक्य पढ़िए: एक शब्द भी उसे सत्य या असत्य बना सकता है।",
    ),
    "choice_discussion": (
        "A common mistake is to stop at the first option that sounds right; compare all of them.",
        "पहले सही लगने वाले विकल्प पर रुक जाना एक सामान्य भूल है; सभी विकल्पों की तुलना कीजिए।",
    ),
    "assertion_discussion": (
        "Judge each statement alone first; only when both are true ask whether the second explains the first.",
        "पहले प्रत्येक कथन को अलग-अलग परखिए; दोनों सत्य हों तभी देखिए कि दूसरा पहले की व्याख्या करता है या नहीं।",
    ),
    "written_discussion": (
        "A common mistake is to repeat the question in other words; a complete answer names the cause or the rule.",
        "प्रश्न को ही दूसरे शब्दों में दोहराना एक सामान्य भूल है; पूर्ण उत्तर में कारण या नियम बताया जाता है।",
    ),
    "case_discussion": (
        "Use only what the passage says and what the lesson has shown; do not add guesses.",
        "केवल गद्यांश में दी गई और पाठ में बताई गई बातों का उपयोग कीजिए; अपनी ओर से अनुमान न जोड़िए।",
    ),
}
