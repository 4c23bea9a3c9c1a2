"""The words of the search: one lexeme for all ways to write a thing, in English and Hindi, and literals that hold."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hydrateall.core.database import Database
from hydrateall.documents.words import lexemes, quoted, terms_of, vector_of

# Signs that could end a literal early, beside letters, digits, joiners and formulas.
TEXTS = st.text(alphabet="ab'\\:*&|!<>() 19.,_-{}$^~²₂éक्षािंँ़ ।\u200d\u00ad\n\"İßﬁ", max_size=80)


def lexeme(word: str) -> str:
    [only] = lexemes(word)
    return only


class TestEnglish:
    @pytest.mark.parametrize(
        "forms",
        [
            "reflect reflects reflected reflection Reflections",
            "lens lenses",
            "acid acids acidic",
            "gas gases gaseous",
            "focus foci",
            "nucleus nuclei",
            "neutralise neutralize neutralisation neutralization",
            "electrolyse electrolyze",
            "colour color colours colors",
            "sulphur sulfur",
        ],
    )
    def test_has_one_lexeme_for_all_forms_of_a_word(self, forms: str) -> None:
        assert len({lexeme(form) for form in forms.split()}) == 1

    @pytest.mark.parametrize("words", ["reflect refract", "lens length", "acid accident", "base basin", "size seize"])
    def test_keeps_different_words_apart(self, words: str) -> None:
        assert len({lexeme(word) for word in words.split()}) == 2

    def test_leaves_out_what_says_nothing(self) -> None:
        assert lexemes("What is the relation between the two, and why?") == [lexeme("relation"), lexeme("two")]

    def test_reads_possessives_as_their_noun(self) -> None:
        assert lexemes("Newton's law, Newton’s law") == ["newton", "law"] * 2


class TestHindi:
    @pytest.mark.parametrize(
        "forms",
        [
            "अम्ल अम्लों",
            "अभिक्रिया अभिक्रियाएँ अभिक्रियाएं अभिक्रियाओं",
            "किरण किरणें किरणों",
            "दर्पण दर्पणों",
            "दूरी दूरियाँ दूरियों",
            "हिन्दी हिंदी",
            "प्रतिबिम्ब प्रतिबिंब प्रतिबिम्बों",
            "सम्बन्ध संबंध",
            "ऊँचाई ऊंचाई",
            "पढ़ाई पढाई",
        ],
    )
    def test_has_one_lexeme_for_all_forms_and_spellings_of_a_word(self, forms: str) -> None:
        assert len({lexeme(form) for form in forms.split()}) == 1

    @pytest.mark.parametrize("words", ["परावर्तन अपवर्तन", "अम्ल अमल", "उत्तल अवतल", "लवण लवंग", "जन्म जंप"])
    def test_keeps_different_words_apart(self, words: str) -> None:
        assert len({lexeme(word) for word in words.split()}) == 2

    def test_never_splits_a_word_at_its_signs(self) -> None:
        assert lexemes("क्षारक, विद्युत् और प्रकाश।") == ["क्षारक", "विद्युत", "प्रकाश"]

    def test_leaves_out_what_says_nothing(self) -> None:
        assert lexemes("उत्तल दर्पण क्या होता है और इसका उपयोग क्यों किया जाता है?") == [
            lexeme(word) for word in ("उत्तल", "दर्पण", "उपयोग")
        ]

    def test_reads_its_digits_as_ours(self) -> None:
        assert lexemes("१.३३ १,००,०००") == ["1.33", "100000"]

    def test_does_not_see_joiners(self) -> None:
        assert lexemes("क्\u200dषारक") == lexemes("क्षारक")


class TestFormulas:
    @pytest.mark.parametrize(
        "written",
        [
            "H2SO4",
            "H₂SO₄",
            "H<sub>2</sub>SO<sub>4</sub>",
            "H~2~SO~4~",
            "$H_2SO_4$",
            r"$\mathrm{H_2SO_4}$",
            r"\ce{H_{2}SO_{4}}",
        ],
    )
    def test_are_one_word_however_they_are_written(self, written: str) -> None:
        assert lexemes(f"dilute {written} acts") == [lexeme("dilute"), "h2so4", lexeme("acts")]

    @pytest.mark.parametrize("written", ["m/s²", "m/s^2", "m/s<sup>2</sup>", "m/s^{2}"])
    def test_keep_powers_apart_from_their_base(self, written: str) -> None:
        assert lexemes(f"9.8 {written}") == ["9.8", "m", "2"]

    def test_keep_numbers_apart_from_units(self) -> None:
        assert lexemes("10cm 10 cm 2NaOH 1,000 kg") == ["10", "cm", "10", "cm", "2", "naoh", "1000", "kg"]

    def test_lose_the_commands_that_only_set_them(self) -> None:
        assert lexemes(r"$\frac{1}{v} + \frac{1}{u} = \frac{1}{f}$, $\theta$") == [
            "1",
            "v",
            "1",
            "u",
            "1",
            "f",
            "theta",
        ]


class TestVector:
    def test_marks_headings_and_counts_positions(self) -> None:
        assert vector_of("Light reflects light", headings=["Reflection"]) == "'reflect':1A,3 'light':2,4"

    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(text=TEXTS)
    def test_is_read_by_the_server_as_it_was_written(self, database: Database, text: str) -> None:
        found = set(lexemes(text))

        stored = read(database, vector_of(text, headings=[text]))

        assert set(stored) == found

    def test_holds_a_text_of_any_length(self, database: Database) -> None:
        longest, many = "x" * 5_000, " ".join(f"w{number}" for number in range(30_000))

        stored = read(database, vector_of(f"{longest} {'light ' * 1_000} {many}"))

        assert len(stored) == 30_002

    @pytest.mark.parametrize("lexeme", ["'", "\\", "a'b", "\\'", "''", "a b", ":*", "!a & b"])
    def test_quotes_whatever_it_is_given(self, database: Database, lexeme: str) -> None:
        assert read(database, f"{quoted(lexeme)}:1") == [lexeme]


class TestTerms:
    def test_are_named_once_and_limited(self) -> None:
        assert terms_of("light, Light and lights on mirrors and lenses", most=2) == ["light", "mirror"]

    def test_find_what_was_stored_from_another_form(self, database: Database) -> None:
        stored = vector_of("उत्तल लेंसों से प्रतिबिम्ब; the lenses' foci in H₂O")

        [query] = [" & ".join(quoted(term) for term in terms_of("लेंस प्रतिबिंब lens focus H2O", most=9))]

        assert value(database, "SELECT %s::tsvector @@ %s::tsquery", stored, query) is True


def read(database: Database, literal: str) -> list[str]:
    return list(value(database, "SELECT tsvector_to_array(%s::tsvector)", literal))


def value(database: Database, statement: str, *values: str) -> object:
    address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        return connection.execute(statement, values).fetchone()[0]
