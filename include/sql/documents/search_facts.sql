-- Rows: the best facts for the terms, best first, each with its document and chunk. Ranked as chunks are.
WITH term AS MATERIALIZED (
    SELECT query, ln(1 + (stored - met + 0.5) / (met + 0.5)) AS worth,
           sum(met) OVER (ORDER BY met, query ROWS UNBOUNDED PRECEDING) - met < :enough AS rare
    FROM (
        SELECT count(*)::float8 AS stored
        FROM document_facts
        WHERE realm = :realm
          AND (CAST(:language AS language_code) IS NULL OR language = CAST(:language AS language_code))
    ) corpus
    CROSS JOIN (SELECT CAST(lexeme AS tsquery) AS query FROM unnest(CAST(:terms AS text[])) AS lexeme) asked
    CROSS JOIN LATERAL (
        SELECT count(*)::float8 AS met
        FROM document_facts
        WHERE words @@ query AND realm = :realm
          AND (CAST(:language AS language_code) IS NULL OR language = CAST(:language AS language_code))
    ) found
), sought AS MATERIALIZED (
    SELECT CAST(string_agg(CAST(query AS text), ' | ') AS tsquery) AS any_rare FROM term WHERE rare
), best AS MATERIALIZED (
    SELECT id, (
        SELECT sum(worth * ts_rank(CAST(:weights AS float4[]), words, query, :normalisation)) FROM term
    ) AS score
    FROM document_facts
    WHERE words @@ (SELECT any_rare FROM sought) AND realm = :realm
      AND (CAST(:language AS language_code) IS NULL OR language = CAST(:language AS language_code))
    ORDER BY score DESC, id
    LIMIT :most
)
SELECT fact.statement, fact.type, fact.evidence, fact.page, fact.checksum, best.score, chunk.ordinal AS chunk,
       chunk.checksum AS chunk_checksum, fact.document_id, document.title AS document_title,
       document.source_name, chunk.document_checksum
FROM best
JOIN document_facts fact ON fact.id = best.id
JOIN document_chunks chunk ON chunk.id = fact.chunk_id
JOIN documents document ON document.id = fact.document_id
ORDER BY best.score DESC, best.id
