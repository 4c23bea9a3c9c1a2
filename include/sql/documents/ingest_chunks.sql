-- Rows: none. Adds chunks under their ids; of those that are there, writes what differs. Without a new vector, one stays.
INSERT INTO document_chunks AS kept (
    id, document_id, realm, language, ordinal, text, searched_text, heading_path, page_from, page_to, char_start,
    char_end, tokens, checksum, document_checksum, embedding, embedding_model, words
)
SELECT id, :document_id, :realm, CAST(:language AS language_code), ordinal, text, searched_text, heading_path,
       page_from, page_to, char_start, char_end, tokens, checksum, :document_checksum,
       CAST(embedding AS vector), CASE WHEN embedding IS NOT NULL THEN :embedding_model END, CAST(words AS tsvector)
FROM json_to_recordset(CAST(:chunks AS json)) AS given (
    id uuid, ordinal int, text text, searched_text text, heading_path text[], page_from int, page_to int,
    char_start int, char_end int, tokens int, checksum text, embedding text, words text
)
ON CONFLICT (id) DO UPDATE
SET realm = excluded.realm,
    language = excluded.language,
    ordinal = excluded.ordinal,
    searched_text = excluded.searched_text,
    heading_path = excluded.heading_path,
    page_from = excluded.page_from,
    page_to = excluded.page_to,
    char_start = excluded.char_start,
    char_end = excluded.char_end,
    tokens = excluded.tokens,
    document_checksum = excluded.document_checksum,
    embedding = COALESCE(excluded.embedding, kept.embedding),
    embedding_model = COALESCE(excluded.embedding_model, kept.embedding_model),
    words = excluded.words
WHERE (kept.realm, kept.language, kept.ordinal, kept.searched_text, kept.heading_path, kept.page_from, kept.page_to,
       kept.char_start, kept.char_end, kept.tokens, kept.document_checksum, kept.embedding, kept.embedding_model,
       kept.words)
      IS DISTINCT FROM
      (excluded.realm, excluded.language, excluded.ordinal, excluded.searched_text, excluded.heading_path,
       excluded.page_from, excluded.page_to, excluded.char_start, excluded.char_end, excluded.tokens,
       excluded.document_checksum, COALESCE(excluded.embedding, kept.embedding),
       COALESCE(excluded.embedding_model, kept.embedding_model), excluded.words)
