"""Names of units that fit any school subject, with one sentence about each. ((English, Hindi), (English, Hindi))."""

from __future__ import annotations

Pair = tuple[str, str]

UNITS: tuple[tuple[Pair, Pair], ...] = (
    (("foundations", "आधारभूत विचार"), ("It introduces the basic ideas.", "इसमें मूल विचारों का परिचय दिया गया है।")),
    (("key words", "मुख्य शब्द"), ("It gathers the special words.", "इसमें विशेष शब्दों को एकत्र किया गया है।")),
    (("first examples", "आरंभिक उदाहरण"), ("It works through simple examples.", "इसमें सरल उदाहरण दिए गए हैं।")),
    (("asking questions", "प्रश्न पूछना"), ("It shows how good questions are asked.", "इसमें अच्छे प्रश्न पूछना सिखाया गया है।")),
    (
        ("observing and recording", "प्रेक्षण और अभिलेखन"),
        ("It trains careful observation.", "इसमें सावधानी से प्रेक्षण करने का अभ्यास है।"),
    ),
    (
        ("comparing and sorting", "तुलना और वर्गीकरण"),
        ("It compares and sorts things.", "इसमें वस्तुओं की तुलना और वर्गीकरण किया गया है।"),
    ),
    (("parts and wholes", "भाग और पूर्ण"), ("It studies how parts make up a whole.", "इसमें भागों से पूर्ण बनने का अध्ययन है।")),
    (("patterns", "प्रतिरूप"), ("It looks for what repeats.", "इसमें दोहराई जाने वाली बातों की खोज की गई है।")),
    (("causes and effects", "कारण और प्रभाव"), ("It links causes with effects.", "इसमें कारणों को प्रभावों से जोड़ा गया है।")),
    (
        ("rules and their use", "नियम और उनका उपयोग"),
        ("It states rules and applies them.", "इसमें नियम और उनके उपयोग बताए गए हैं।"),
    ),
    (("methods", "विधियाँ"), ("It practises the usual methods.", "इसमें प्रचलित विधियों का अभ्यास है।")),
    (
        ("tools and materials", "साधन और सामग्री"),
        ("It presents the tools of the subject.", "इसमें विषय के साधनों का परिचय है।"),
    ),
    (
        ("reading diagrams and tables", "चित्र और सारणी पढ़ना"),
        ("It reads diagrams and tables.", "इसमें चित्र और सारणियाँ पढ़ना सिखाया गया है।"),
    ),
    (
        ("change over time", "समय के साथ परिवर्तन"),
        ("It follows changes over time.", "इसमें समय के साथ होने वाले परिवर्तन देखे गए हैं।"),
    ),
    (("structure and function", "संरचना और कार्य"), ("It relates form to purpose.", "इसमें संरचना को कार्य से जोड़ा गया है।")),
    (
        ("systems and connections", "तंत्र और संबंध"),
        ("It shows how things are connected.", "इसमें वस्तुओं के आपसी संबंध दिखाए गए हैं।"),
    ),
    (
        ("describing and explaining", "वर्णन और व्याख्या"),
        ("It practises clear explanation.", "इसमें स्पष्ट व्याख्या का अभ्यास है।"),
    ),
    (
        ("measuring and estimating", "मापन और आकलन"),
        ("It deals with amounts and estimates.", "इसमें मात्राओं और आकलन पर चर्चा है।"),
    ),
    (
        ("evidence and argument", "प्रमाण और तर्क"),
        ("It builds arguments on evidence.", "इसमें प्रमाण के आधार पर तर्क करना सिखाया गया है।"),
    ),
    (("solving problems", "समस्याओं का हल"), ("It solves problems step by step.", "इसमें समस्याओं को चरणबद्ध हल किया गया है।")),
    (("common mistakes", "सामान्य भूलें"), ("It clears up frequent mistakes.", "इसमें बार-बार होने वाली भूलें सुधारी गई हैं।")),
    (("people and ideas", "व्यक्ति और विचार"), ("It tells where ideas come from.", "इसमें बताया गया है कि विचार कहाँ से आए।")),
    (
        ("the subject in everyday life", "दैनिक जीवन में विषय"),
        ("It finds the subject in daily life.", "इसमें दैनिक जीवन से उदाहरण लिए गए हैं।"),
    ),
    (("the subject and society", "विषय और समाज"), ("It looks at effects on society.", "इसमें समाज पर प्रभाव देखे गए हैं।")),
    (
        ("the subject and environment", "विषय और पर्यावरण"),
        ("It looks at links with the environment.", "इसमें पर्यावरण से संबंध देखे गए हैं।"),
    ),
    (("links to other subjects", "अन्य विषयों से संबंध"), ("It connects several subjects.", "इसमें अनेक विषयों को जोड़ा गया है।")),
    (
        ("project work", "परियोजना कार्य"),
        ("It plans and carries out a project.", "इसमें एक परियोजना बनाई और पूरी की जाती है।"),
    ),
    (("advanced examples", "उच्चतर उदाहरण"), ("It works through harder examples.", "इसमें कुछ कठिन उदाहरण दिए गए हैं।")),
    (("case studies", "प्रकरण अध्ययन"), ("It studies real cases.", "इसमें वास्तविक प्रकरणों का अध्ययन है।")),
    (
        ("careers and uses", "व्यवसाय और उपयोग"),
        ("It shows where the subject is used.", "इसमें विषय के उपयोग और व्यवसाय बताए गए हैं।"),
    ),
    (
        ("open questions", "खुले प्रश्न"),
        ("It discusses what is still to be found out.", "इसमें उन प्रश्नों पर चर्चा है जिनके उत्तर खोजे जाने हैं।"),
    ),
    (
        ("review and outlook", "पुनरावृत्ति और आगे की दिशा"),
        ("It reviews what was learnt.", "इसमें सीखी हुई बातों की पुनरावृत्ति है।"),
    ),
)
