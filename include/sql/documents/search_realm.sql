-- Rows: one: how many documents the realm has, in which languages it has chunks, of which models their vectors are.
SELECT (SELECT count(*) FROM documents WHERE realm = :realm) AS documents,
       ARRAY(SELECT DISTINCT CAST(language AS text) FROM document_chunks WHERE realm = :realm ORDER BY 1) AS languages,
       ARRAY(
           SELECT DISTINCT embedding_model || ' (' || vector_dims(embedding) || ' numbers)'
           FROM document_chunks
           WHERE realm = :realm AND embedding_model IS NOT NULL
             AND (CAST(:language AS language_code) IS NULL OR language = CAST(:language AS language_code))
           ORDER BY 1
       ) AS models
