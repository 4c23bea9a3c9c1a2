-- Rows: the realms: realm, documents, completed, chunks, facts, languages.
SELECT document.realm,
       count(*) AS documents,
       count(*) FILTER (WHERE flow.current_stage = 'completed') AS completed,
       (SELECT count(*) FROM document_chunks chunk WHERE chunk.realm = document.realm) AS chunks,
       (SELECT count(*) FROM document_facts fact WHERE fact.realm = document.realm) AS facts,
       array_agg(DISTINCT document.language::text) AS languages
FROM documents document
JOIN processing_workflows flow ON flow.document_id = document.id
GROUP BY document.realm
ORDER BY document.realm
