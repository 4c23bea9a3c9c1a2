-- Rows: none. Adds facts under their ids; of those that are there, writes what differs.
INSERT INTO document_facts AS kept (
    id, document_id, chunk_id, realm, language, ordinal, type, statement, evidence, page, char_start, checksum, words
)
SELECT id, :document_id, chunk_id, :realm, CAST(:language AS language_code), ordinal, CAST(type AS fact_type),
       statement, evidence, page, char_start, checksum, CAST(words AS tsvector)
FROM json_to_recordset(CAST(:facts AS json)) AS given (
    id uuid, chunk_id uuid, ordinal int, type text, statement text, evidence text, page int, char_start int,
    checksum text, words text
)
ON CONFLICT (id) DO UPDATE
SET chunk_id = excluded.chunk_id,
    realm = excluded.realm,
    language = excluded.language,
    ordinal = excluded.ordinal,
    type = excluded.type,
    statement = excluded.statement,
    evidence = excluded.evidence,
    page = excluded.page,
    char_start = excluded.char_start,
    words = excluded.words
WHERE (kept.chunk_id, kept.realm, kept.language, kept.ordinal, kept.type, kept.statement, kept.evidence, kept.page,
       kept.char_start, kept.words)
      IS DISTINCT FROM
      (excluded.chunk_id, excluded.realm, excluded.language, excluded.ordinal, excluded.type, excluded.statement,
       excluded.evidence, excluded.page, excluded.char_start, excluded.words)
