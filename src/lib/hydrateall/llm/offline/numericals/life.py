"""Numbers in biology: energy along a food chain, ratios in Mendel's cross."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hydrateall.llm.offline.numericals.shape import Generator, Numerical, plain, pose

CHAINS = (
    (("grass", "घास"), ("grasshopper", "टिड्डे"), ("frog", "मेंढक"), ("snake", "साँप")),
    (("grass", "घास"), ("deer", "हिरण"), ("wolf", "भेड़िये"), ("lion", "सिंह")),
    (("algae", "शैवाल"), ("small fish", "छोटी मछली"), ("large fish", "बड़ी मछली"), ("heron", "बगुले")),
)
TRAITS = (
    (("tall", "लंबे"), ("dwarf", "बौने"), "लंबा होना"),
    (("round-seeded", "गोल बीज वाले"), ("wrinkled-seeded", "झुर्रीदार बीज वाले"), "गोल बीज"),
    (("violet-flowered", "बैंगनी पुष्प वाले"), ("white-flowered", "श्वेत पुष्प वाले"), "बैंगनी पुष्प"),
    (("green-podded", "हरी फली वाले"), ("yellow-podded", "पीली फली वाले"), "हरी फली"),
)


def food_chain_energy(rng: Random, language: str) -> Numerical:
    """The ten per cent law: energy that reaches a consumer."""
    chain, level = rng.choice(CHAINS), rng.choice((1, 2, 3))
    start = rng.choice((5000, 8000, 10000, 12000, 15000, 20000, 25000, 30000, 50000))
    value = Fraction(start, 10**level)
    path = " → ".join(name for name, _ in chain), " → ".join(name for _, name in chain)
    works = [plain(Fraction(start, 10**step)) for step in range(level + 1)]
    eater = chain[level]
    return pose(
        language,
        text=(
            f"In the food chain {path[0]} the producers hold {start} J of energy. How much of it reaches "
            f"the {eater[0]} by the ten per cent law?",
            f"आहार शृंखला “{path[1]}” में उत्पादकों के पास {start} J ऊर्जा है। दस प्रतिशत नियम के अनुसार {eater[1]} "
            f"तक कितनी ऊर्जा पहुँचेगी?",
        ),
        steps=(
            (
                "Only about 10% of the energy passes from one trophic level to the next.",
                "एक पोषी स्तर से अगले पोषी स्तर तक केवल लगभग 10% ऊर्जा पहुँचती है।",
            ),
            (f"Energy level by level: {' J, '.join(works)} J.", f"स्तर-दर-स्तर ऊर्जा: {' J, '.join(works)} J।"),
        ),
        value=value,
        unit="J",
        wrong=[
            (value * 10, "off_by_one"),
            (value / 10, "off_by_one"),
            (start - value, "subtracted"),
            (start * Fraction(9, 10), "complement"),
        ],
        asked=("the energy", "ऊर्जा"),
    )


def monohybrid_ratio(rng: Random, language: str) -> Numerical:
    """Expected numbers in the F2 generation of a monohybrid cross."""
    dominant, recessive, trait = rng.choice(TRAITS)
    total = rng.choice((40, 60, 80, 100, 120, 160, 200, 240, 320, 400))
    share, asked = rng.choice(
        (
            (Fraction(3, 4), (f"{dominant[0]} plants", f"{dominant[1]} पौधों")),
            (Fraction(1, 4), (f"{recessive[0]} plants", f"{recessive[1]} पौधों")),
            (
                Fraction(1, 2),
                ("plants with one dominant and one recessive gene", "एक प्रभावी और एक अप्रभावी जीन वाले पौधों"),
            ),
            (Fraction(1, 4), (f"pure {dominant[0]} plants", f"शुद्ध {dominant[1]} पौधों")),
        )
    )
    value = share * total
    ratio = ("3 : 1 for what is seen and 1 : 2 : 1 for the genes", "लक्षणप्ररूप में 3 : 1 और जीनप्ररूप में 1 : 2 : 1")
    return pose(
        language,
        text=(
            f"Pure {dominant[0]} pea plants are crossed with {recessive[0]} ones ({dominant[0]} is "
            f"dominant), and the F1 plants self-pollinate. "
            f"Of {total} plants in the F2 generation, how many {asked[0]} are expected?",
            f"मटर के शुद्ध {dominant[1]} पौधों का {recessive[1]} पौधों से संकरण कराया जाता है ({trait} प्रभावी "
            f"लक्षण है) और F1 पौधों में स्वपरागण होता है। "
            f"F2 पीढ़ी के {total} पौधों में {asked[1]} की अपेक्षित संख्या कितनी है?",
        ),
        steps=(
            (f"The F2 ratio is {ratio[0]}.", f"F2 पीढ़ी का अनुपात {ratio[1]} है।"),
            rf"$\frac{{{share.numerator}}}{{{share.denominator}}} \times {total} = {plain(value)}$",
        ),
        value=value,
        wrong=[
            (total - value, "complement"),
            (Fraction(3 * total, 4), "wrong_ratio"),
            (Fraction(total, 4), "wrong_ratio"),
            (Fraction(total, 2), "wrong_ratio"),
            (total, "given_value"),
        ],
        asked=("the expected number", "अपेक्षित संख्या"),
    )


GENERATORS: dict[str, Generator] = {"food_chain_energy": food_chain_energy, "monohybrid_ratio": monohybrid_ratio}
