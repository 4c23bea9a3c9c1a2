"""Laws of mechanics of the form p = a × b: uniform motion, force, momentum, weight, pressure, density, work, power."""

from __future__ import annotations

from hydrateall.llm.offline.numericals.laws import Law, Quantity
from hydrateall.llm.offline.numericals.shape import Generator

UNIFORM_MOTION = Law(
    p=Quantity("s", ("the distance", "दूरी"), "m"),
    a=Quantity("v", ("the speed", "चाल"), "m/s", ("2", "2.5", "4", "5", "6", "8", "10", "12", "15", "20")),
    b=Quantity("t", ("the time taken", "लिया गया समय"), "s", ("8", "12", "15", "20", "24", "30", "40", "50", "60")),
    find_p=(
        (
            "A cyclist rides at a steady speed of {a} for {b}. How far does the cyclist go?",
            "एक साइकिल सवार {a} की एकसमान चाल से {b} तक चलता है। वह कितनी दूरी तय करता है?",
        ),
        (
            "A toy train moves with a uniform speed of {a}. What distance does it cover in {b}?",
            "एक खिलौना रेलगाड़ी {a} की एकसमान चाल से चलती है। वह {b} में कितनी दूरी तय करती है?",
        ),
    ),
    find_a=(
        (
            "A runner covers {p} in {b}. Find the average speed.",
            "एक धावक {b} में {p} की दूरी तय करता है। औसत चाल ज्ञात कीजिए।",
        ),
        (
            "A scooter travels {p} along a straight road in {b}. What is its speed, if it is uniform?",
            "एक स्कूटर सीधी सड़क पर {b} में {p} चलता है। यदि चाल एकसमान हो, तो उसका मान कितना है?",
        ),
    ),
    find_b=(
        (
            "How long does a boat with a steady speed of {a} need for {p}?",
            "{a} की एकसमान चाल से चलने वाली नाव को {p} की दूरी तय करने में कितना समय लगेगा?",
        ),
    ),
)
SECOND_LAW = Law(
    p=Quantity("F", ("the force", "बल"), "N"),
    a=Quantity("m", ("the mass", "द्रव्यमान"), "kg", ("2", "3", "4", "5", "8", "10", "12", "15", "20", "25")),
    b=Quantity("a", ("the acceleration", "त्वरण"), "m/s²", ("0.5", "1.5", "2", "2.5", "3", "4", "5", "6")),
    find_p=(
        (
            "A body of mass {a} has to be given an acceleration of {b}. What force is needed?",
            "{a} द्रव्यमान की वस्तु में {b} का त्वरण उत्पन्न करने के लिए कितना बल चाहिए?",
        ),
        (
            "A trolley of mass {a} moves with an acceleration of {b}. Find the net force on it.",
            "{a} द्रव्यमान की एक ट्रॉली {b} के त्वरण से चलती है। उस पर लगने वाला नेट बल ज्ञात कीजिए।",
        ),
    ),
    find_a=(
        (
            "A net force of {p} gives a cart an acceleration of {b}. Find the mass of the cart.",
            "{p} का नेट बल एक गाड़ी में {b} का त्वरण उत्पन्न करता है। गाड़ी का द्रव्यमान ज्ञात कीजिए।",
        ),
    ),
    find_b=(
        (
            "A net force of {p} acts on a box of mass {a}. Find the acceleration of the box.",
            "{a} द्रव्यमान के बक्से पर {p} का नेट बल लगता है। बक्से का त्वरण ज्ञात कीजिए।",
        ),
    ),
)
MOMENTUM = Law(
    p=Quantity("p", ("the momentum", "संवेग"), "kg m/s"),
    a=Quantity("m", ("the mass", "द्रव्यमान"), "kg", ("0.2", "0.5", "2", "4", "5", "10", "40", "50", "60", "800")),
    b=Quantity("v", ("the velocity", "वेग"), "m/s", ("1.5", "2", "3", "5", "6", "8", "10", "12", "15")),
    find_p=(
        (
            "A body of mass {a} moves with a velocity of {b}. Find its momentum.",
            "{a} द्रव्यमान की एक वस्तु {b} के वेग से चल रही है। उसका संवेग ज्ञात कीजिए।",
        ),
        (
            "What is the momentum of an object of mass {a} moving at {b} along a straight line?",
            "सरल रेखा में {b} के वेग से चलती {a} द्रव्यमान की वस्तु का संवेग कितना है?",
        ),
    ),
    find_a=(
        (
            "A body moving at {b} has a momentum of {p}. Find its mass.",
            "{b} के वेग से चलती एक वस्तु का संवेग {p} है। उसका द्रव्यमान ज्ञात कीजिए।",
        ),
    ),
    find_b=(
        (
            "A body of mass {a} has a momentum of {p}. With what velocity does it move?",
            "{a} द्रव्यमान की एक वस्तु का संवेग {p} है। वह कितने वेग से चल रही है?",
        ),
    ),
)
WEIGHT = Law(
    p=Quantity("W", ("the weight", "भार"), "N"),
    a=Quantity(
        "m",
        ("the mass", "द्रव्यमान"),
        "kg",
        ("0.5", "1.5", "2", "4", "5", "6", "8", "10", "12", "20", "25", "30", "45", "60"),
    ),
    b=Quantity("g", ("the acceleration due to gravity", "गुरुत्वीय त्वरण"), "m/s²", ("9.8", "10")),
    find_p=(
        (
            "Find the weight of an object of mass {a} on the Earth. Take g = {b}.",
            "पृथ्वी पर {a} द्रव्यमान की वस्तु का भार ज्ञात कीजिए। g = {b} लीजिए।",
        ),
        (
            "The mass of a sack is {a}. With what force does the Earth attract it? Take g = {b}.",
            "एक बोरी का द्रव्यमान {a} है। पृथ्वी उसे कितने बल से आकर्षित करती है? g = {b} लीजिए।",
        ),
    ),
    find_a=(
        (
            "An object weighs {p} on the Earth. Find its mass. Take g = {b}.",
            "पृथ्वी पर एक वस्तु का भार {p} है। उसका द्रव्यमान ज्ञात कीजिए। g = {b} लीजिए।",
        ),
    ),
)
PRESSURE = Law(
    p=Quantity("F", ("the thrust", "प्रणोद"), "N"),
    a=Quantity("P", ("the pressure", "दाब"), "Pa", ("50", "80", "100", "200", "250", "400", "500", "1000", "2000")),
    b=Quantity("A", ("the area", "क्षेत्रफल"), "m²", ("0.05", "0.1", "0.2", "0.25", "0.4", "0.5", "2")),
    find_p=(
        (
            "The pressure on a surface of area {b} is {a}. Find the thrust on it.",
            "{b} क्षेत्रफल वाली सतह पर दाब {a} है। उस पर प्रणोद ज्ञात कीजिए।",
        ),
    ),
    find_a=(
        (
            "A thrust of {p} acts at right angles on an area of {b}. Find the pressure.",
            "{b} क्षेत्रफल पर लंबवत {p} का प्रणोद लगता है। दाब ज्ञात कीजिए।",
        ),
        (
            "A crate that weighs {p} stands on a base of area {b}. What pressure does it exert on the floor?",
            "{p} भार का एक बक्सा {b} क्षेत्रफल के आधार पर रखा है। वह फर्श पर कितना दाब डालता है?",
        ),
    ),
    find_b=(
        (
            "A thrust of {p} produces a pressure of {a}. On what area does it act?",
            "{p} का प्रणोद {a} का दाब उत्पन्न करता है। वह कितने क्षेत्रफल पर लग रहा है?",
        ),
    ),
)
DENSITY = Law(
    p=Quantity("m", ("the mass", "द्रव्यमान"), "g"),
    a=Quantity(r"\rho", ("the density", "घनत्व"), "g/cm³", ("0.5", "0.8", "1.2", "2.5", "2.7", "4", "7.8", "8.9")),
    b=Quantity("V", ("the volume", "आयतन"), "cm³", ("5", "10", "20", "25", "30", "40", "50", "60", "80")),
    find_p=(
        (
            "A solid has a density of {a} and a volume of {b}. Find its mass.",
            "एक ठोस का घनत्व {a} और आयतन {b} है। उसका द्रव्यमान ज्ञात कीजिए।",
        ),
    ),
    find_a=(
        (
            "A piece of material has a mass of {p} and a volume of {b}. Find its density.",
            "किसी पदार्थ के टुकड़े का द्रव्यमान {p} और आयतन {b} है। उसका घनत्व ज्ञात कीजिए।",
        ),
        (
            "A liquid of mass {p} fills a volume of {b}. What is its density?",
            "{p} द्रव्यमान का एक द्रव {b} आयतन घेरता है। उसका घनत्व कितना है?",
        ),
    ),
    find_b=(
        (
            "What volume does a body of mass {p} and density {a} have?",
            "{p} द्रव्यमान और {a} घनत्व वाली वस्तु का आयतन कितना है?",
        ),
    ),
)
WORK = Law(
    p=Quantity("W", ("the work done", "किया गया कार्य"), "J"),
    a=Quantity("F", ("the force", "बल"), "N", ("5", "8", "12", "20", "25", "40", "50", "75", "120", "200")),
    b=Quantity("s", ("the displacement", "विस्थापन"), "m", ("0.5", "1.5", "2", "3", "4", "5", "8", "10", "12")),
    find_p=(
        (
            "A force of {a} moves a box through {b} in its own direction. Find the work done.",
            "{a} का बल एक बक्से को अपनी ही दिशा में {b} विस्थापित करता है। किया गया कार्य ज्ञात कीजिए।",
        ),
        (
            "A girl pulls a trolley with a force of {a} and it moves {b} in the direction of the pull. "
            "How much work does she do?",
            "एक लड़की ट्रॉली को {a} के बल से खींचती है और वह खिंचाव की दिशा में {b} चलती है। वह कितना कार्य करती है?",
        ),
    ),
    find_a=(
        (
            "The work done in moving a body {b} in the direction of the force is {p}. Find the force.",
            "किसी वस्तु को बल की दिशा में {b} विस्थापित करने में {p} कार्य किया गया। बल ज्ञात कीजिए।",
        ),
    ),
    find_b=(
        (
            "A force of {a} does {p} of work. Through what distance does the body move in the direction of the force?",
            "{a} का बल {p} कार्य करता है। वस्तु बल की दिशा में कितनी दूर चलती है?",
        ),
    ),
)
POWER = Law(
    p=Quantity("W", ("the work done", "किया गया कार्य"), "J"),
    a=Quantity("P", ("the power", "शक्ति"), "W", ("20", "25", "40", "50", "60", "75", "100", "150", "200", "500")),
    b=Quantity("t", ("the time", "समय"), "s", ("4", "5", "8", "10", "12", "15", "20", "30", "60")),
    find_p=(
        (
            "A motor of power {a} runs for {b}. How much work does it do?",
            "{a} शक्ति की एक मोटर {b} तक चलती है। वह कितना कार्य करती है?",
        ),
    ),
    find_a=(
        ("A machine does {p} of work in {b}. Find its power.", "एक मशीन {b} में {p} कार्य करती है। उसकी शक्ति ज्ञात कीजिए।"),
        (
            "A worker does {p} of work in {b} while lifting loads. What is the worker's power?",
            "एक श्रमिक भार उठाते हुए {b} में {p} कार्य करता है। उसकी शक्ति कितनी है?",
        ),
    ),
    find_b=(
        ("In what time can an engine of power {a} do {p} of work?", "{a} शक्ति का इंजन {p} कार्य कितने समय में कर सकता है?"),
    ),
)

GENERATORS: dict[str, Generator] = {
    "speed_distance_time": UNIFORM_MOTION,
    "force_mass_acceleration": SECOND_LAW,
    "momentum": MOMENTUM,
    "weight_mass": WEIGHT,
    "pressure": PRESSURE,
    "density": DENSITY,
    "work_done": WORK,
    "mechanical_power": POWER,
}
