-- Rows: the facts of those chunks: chunk (its ordinal), type, statement, evidence, page.
SELECT chunk.ordinal AS chunk, fact.type::text AS type, fact.statement, fact.evidence, fact.page
FROM document_facts fact
JOIN document_chunks chunk ON chunk.id = fact.chunk_id
WHERE fact.document_id = :document_id AND chunk.ordinal >= :first AND chunk.ordinal < CAST(:first AS int) + CAST(:most AS int)
ORDER BY chunk.ordinal, fact.ordinal
