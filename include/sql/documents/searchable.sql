-- Rows: one: here (whether the realm holds passages in the language), documents (of the realm), realms (all of them).
SELECT EXISTS (SELECT FROM document_chunks
               WHERE realm = :realm AND language = CAST(:language AS language_code)) AS here,
       (SELECT count(*) FROM documents WHERE realm = :realm) AS documents,
       (SELECT coalesce(array_agg(DISTINCT realm ORDER BY realm), '{}') FROM documents) AS realms
