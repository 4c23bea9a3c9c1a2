"""Search on real tables: what is found, in which order, and what is said when nothing can be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from search_factories import LIGHT, MODEL, Given, given, ingest_once, ingested, run, stored

from hydrateall.core.database import Database
from hydrateall.documents.retrieval import KnownFact, facts_about, search
from hydrateall.documents.schemas import Passage
from hydrateall.documents.search_errors import NothingAsked, NothingIngested, OtherEmbeddings, UnknownRealm
from hydrateall.llm.offline.hashed_vectors import vectors_of

ACIDS = """# Acids

## Indicators

Litmus turns red in an acid and blue in a base. An onion loses its smell in a base, so that who cannot see can smell it.

## Reaction with metals

Zinc sets hydrogen free from dilute H₂SO₄, and a salt is left behind. The gas burns with a pop when a candle comes near.

## Strength

The pH of a strong acid is near 0, that of a strong base near 14. Pure water stands between them and is called neutral.
"""
HINDI = """# प्रकाश

## परावर्तन

चिकना पृष्ठ उस पर पड़ने वाली किरणों को वापस भेज देता है।

## अपवर्तन

काँच में प्रवेश करते समय किरण अभिलंब की ओर मुड़ जाती है।
"""


def found(database: Database, question: str, **changes: Any) -> list[Passage]:
    """Search with the question's vector."""
    values: dict[str, Any] = {
        "realm": "science",
        "language": None,
        "vector": vectors_of([question])[0],
        "embedding_model": MODEL,
        "most": 5,
    }
    with database.transaction() as session:
        return search(session, question, **values | changes)


def headings(passages: list[Passage]) -> list[str]:
    return [passage.heading_path[-1] for passage in passages]


@pytest.fixture
def realm(database: Database) -> list[Given]:
    """Two English documents and one in Hindi, ingested."""
    acids = {"title": "Acids", "source_name": "acids.docx"}
    return [
        ingested(database, stored(database, given().with_facts(A_concave_lens_spreads_rays=2))),
        ingested(database, stored(database, given(ACIDS, **acids).with_facts(Zinc_frees_hydrogen=1))),
        ingested(database, given(HINDI, title="प्रकाश", source_name="prakash.pdf", language="hi")),
    ]


@pytest.mark.usefixtures("realm")
class TestSearch:
    @pytest.mark.parametrize("mode", ["text", "vector", "hybrid"])
    @pytest.mark.parametrize(
        ("question", "heading"),
        [
            ("How does a concave lens act?", "Spherical lenses"),
            ("Which gas comes from zinc and H2SO4?", "Reaction with metals"),
            ("किरणों का अपवर्तन काँच में", "अपवर्तन"),
        ],
    )
    def test_finds_the_passage_that_answers(self, database: Database, mode: Any, question: str, heading: str) -> None:
        passages = found(database, question, mode=mode)

        assert headings(passages)[0] == heading

    def test_tells_where_a_passage_stands(self, database: Database, realm: list[Given]) -> None:
        [passage, *_] = found(database, "concave lens", mode="text")

        light, chunk = realm[0], realm[0].chunks.chunks[2]
        assert (passage.document_id, passage.document_title, passage.source_name) == (
            light.source.id,
            "Light",
            "light.md",
        )
        assert (passage.chunk, passage.chunk_checksum, passage.document_checksum) == (
            2,
            chunk.checksum,
            light.source.checksum,
        )
        assert light.markdown[passage.start : passage.end] == passage.text == chunk.text

    def test_brings_the_facts_of_a_passage(self, database: Database) -> None:
        [passage, *_] = found(database, "concave lens")

        assert passage.facts == ["A concave lens spreads rays"]

    @pytest.mark.parametrize("mode", ["text", "vector", "hybrid"])
    def test_gives_the_best_first_and_no_more_than_asked(self, database: Database, mode: Any) -> None:
        everything = found(database, "light, lens, acid and metal", mode=mode)

        passages = found(database, "light, lens, acid and metal", mode=mode, most=2)

        assert passages == everything[:2]
        assert [passage.score for passage in everything] == sorted((each.score for each in everything), reverse=True)

    def test_gives_a_rare_word_more_weight_than_a_common_one(self, database: Database) -> None:
        texts = ["Energy is energy, and energy stays energy.", "Energy flows.", "Energy heats.", "The quokka hops."]
        for number, text in enumerate(texts):
            ingested(database, given(text, source_name=str(number), realm="nature"))

        [best, *_] = found(database, "energy of the quokka", realm="nature", mode="text")

        assert best.text == "The quokka hops."

    def test_gives_a_heading_more_weight_than_the_text(self, database: Database) -> None:
        for name, text in (("a", "# Sound\n\nIt travels in air.\n"), ("b", "# Air\n\nIt carries sound as a wave.\n")):
            ingested(database, given(text, source_name=name, realm="physics"))

        assert headings(found(database, "sound", realm="physics", mode="text")) == ["Sound", "Air"]

    def test_keeps_to_the_language(self, database: Database) -> None:
        passages = found(database, "प्रकाश light", language="hi")

        assert {passage.source_name for passage in passages} == {"prakash.pdf"}

    def test_keeps_to_the_realm(self, database: Database) -> None:
        ingested(database, given(realm="other", title="Elsewhere"))

        assert {each.document_title for each in found(database, "concave lens", realm="other")} == {"Elsewhere"}

    def test_finds_nothing_where_no_word_is_shared(self, database: Database) -> None:
        assert found(database, "photosynthesis", mode="text") == []

    def test_goes_by_words_alone_when_the_question_has_no_vector(self, database: Database) -> None:
        by_words = found(database, "concave lens", mode="text")

        assert found(database, "concave lens", vector=None, mode="hybrid") == by_words

    def test_goes_by_the_vector_alone_when_the_question_has_no_word(self, database: Database) -> None:
        near = vectors_of(["A concave lens spreads them"])[0]

        assert headings(found(database, "???", vector=near))[0] == "Spherical lenses"

    def test_weighs_the_two_rankings_as_it_is_told(self, database: Database) -> None:
        """The words ask for lenses, the vector for metals."""
        metals = vectors_of(["Reaction with metals: zinc sets hydrogen free from dilute acid"])[0]

        weighed = [
            headings(found(database, "concave lens", vector=metals, words_weight=words, vector_weight=vector))[0]
            for words, vector in ((1.0, 0.1), (0.1, 1.0))
        ]

        assert weighed == ["Spherical lenses", "Reaction with metals"]

    @pytest.mark.parametrize("question", ["'; DROP TABLE documents; --", "a\\'b & !c | (d:*", "\\", "lens:A <-> focus"])
    def test_takes_any_signs_as_words(self, database: Database, question: str) -> None:
        assert isinstance(found(database, question), list)

    def test_takes_a_whole_text_as_a_question(self, database: Database) -> None:
        assert headings(found(database, f"concave lens {LIGHT * 50}"))[0] in LIGHT


class TestRepetitions:
    def test_of_a_better_passage_are_left_out(self, database: Database) -> None:
        """The same page in two files would take the places of two others."""
        ingested(database, given())
        ingested(database, given(LIGHT.replace("spreads them.", "spreads them apart."), source_name="copy.md"))

        assert headings(found(database, "concave lens")).count("Spherical lenses") == 1

    def test_are_kept_when_told_to(self, database: Database) -> None:
        ingested(database, given())
        ingested(database, given(LIGHT.replace("spreads them.", "spreads them apart."), source_name="copy.md"))

        assert headings(found(database, "concave lens", alike=1.1)).count("Spherical lenses") == 2

    def test_make_room_for_what_differs(self, database: Database) -> None:
        for copy in range(3):
            ingested(database, given(f"{LIGHT}\n<!-- {copy} -->", source_name=f"{copy}.md"))

        assert len(set(headings(found(database, "light and lens", most=3)))) == 3


class TestWhileADocumentChanges:
    def test_shows_the_old_passages_until_the_new_ones_are_there(self, database: Database) -> None:
        document = ingested(database, given())
        changed = stored(database, document.changed_to(LIGHT.replace("1.52", "1.53")))

        with database.transaction() as writer:
            run(writer, changed)
            [before, *_] = found(database, "refractive index of crown glass")
        [after, *_] = found(database, "refractive index of crown glass")

        assert ("1.52" in before.text, before.document_checksum) == (True, document.source.checksum)
        assert ("1.53" in after.text, after.document_checksum) == (True, changed.source.checksum)


class TestNothingToFind:
    def test_in_an_unknown_realm_names_those_there_are(self, database: Database) -> None:
        ingested(database, given())

        with pytest.raises(UnknownRealm, match=r"no realm sience.*There are science.*add PATH --realm sience"):
            found(database, "lens", realm="sience")

    def test_before_the_first_ingestion_says_so(self, database: Database) -> None:
        stored(database, given())

        with pytest.raises(NothingIngested, match=r"nothing searchable yet: of its 1 documents none is ingested.*list"):
            found(database, "lens")

    def test_in_another_language_names_those_there_are(self, database: Database) -> None:
        ingested(database, given())

        with pytest.raises(NothingIngested, match=r"nothing searchable in the language hi yet.*It has en"):
            found(database, "lens", language="hi")

    @pytest.mark.parametrize("mode", ["vector", "hybrid"])
    def test_with_the_vectors_of_another_model_says_whose_there_are(self, database: Database, mode: Any) -> None:
        ingested(database, given())

        with pytest.raises(OtherEmbeddings, match=r"vectors of hashed-ngrams-384 \(384 numbers\), none of other"):
            found(database, "lens", embedding_model="other", mode=mode)

    def test_with_vectors_of_another_length_says_so(self, database: Database) -> None:
        ingested(database, given())

        with pytest.raises(OtherEmbeddings, match=r"none of hashed-ngrams-384 \(2 numbers\)"):
            found(database, "lens", vector=[1.0, 0.0])

    def test_by_vectors_where_there_are_none_says_so(self, database: Database) -> None:
        ingest_once(database, stored(database, given()), vectors=None)

        with pytest.raises(OtherEmbeddings, match="carries no vectors"):
            found(database, "lens", mode="vector")

    def test_by_words_in_a_realm_without_vectors_works(self, database: Database) -> None:
        ingest_once(database, stored(database, given()), vectors=None)

        assert headings(found(database, "concave lens", mode="hybrid"))[0] == "Spherical lenses"

    @pytest.mark.parametrize("question", ["", "   ", "what is it?", "यह क्या है?", "?!"])
    def test_for_a_question_without_a_word_says_so(self, database: Database, question: str) -> None:
        ingested(database, given())

        with pytest.raises(NothingAsked, match="no word to search for"):
            found(database, question, vector=None)


class TestFactsAbout:
    def about(self, database: Database, question: str, **changes: Any) -> list[KnownFact]:
        values: dict[str, Any] = {"realm": "science", "language": None, "most": 5}
        with database.transaction() as session:
            return facts_about(session, question, **values | changes)

    def test_finds_a_fact_with_its_place(self, database: Database, realm: list[Given]) -> None:
        [fact] = self.about(database, "hydrogen from zinc")

        acids = realm[1]
        assert (fact.statement, fact.chunk, fact.document_id) == ("Zinc frees hydrogen", 1, acids.source.id)
        assert fact.chunk_checksum == acids.chunks.chunks[1].checksum

    def test_gives_the_best_first(self, database: Database) -> None:
        facts = {"Light_bends_in_glass": 1, "Light_is_sent_back": 0, "A_lens_focuses_light_in_glass_at_its_focus": 2}
        ingested(database, stored(database, given().with_facts(**facts)))

        statements = [fact.statement for fact in self.about(database, "light bends", most=2)]

        assert statements == ["Light bends in glass", "Light is sent back"]

    def test_says_when_there_is_no_such_realm(self, database: Database) -> None:
        with pytest.raises(UnknownRealm, match="There is none yet"):
            self.about(database, "zinc", realm="none")

    def test_goes_when_its_document_goes(self, database: Database, realm: list[Given]) -> None:
        with database.transaction() as session:
            session.execute(sa.text("DELETE FROM documents WHERE id = :id"), {"id": realm[1].source.id})

        assert self.about(database, "hydrogen from zinc") == []

    def test_follows_its_document(self, database: Database, realm: list[Given]) -> None:
        light = realm[0]
        ingest_once(database, replace(light, facts=light.facts.model_copy(update={"facts": []})))

        assert self.about(database, "concave lens") == []
